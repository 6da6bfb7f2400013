"""Numbers as people write them."""

_WORDS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


def counted(count: int) -> str:
    """How many, in a word as far as twelve: ``five``."""
    return _WORDS[count] if count < len(_WORDS) else f"{count}"
