"""Numbers as people write them: the digits, powers of ten, minus signs and what is no number."""

import math

HANDY_FROM, HANDY_BELOW = 0.001, 100_000
"""Outside of these a number is written with a power of ten."""

UNDEFINED = "–"

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

_WORDS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


def counted(count: int) -> str:
    """How many, in a word as far as twelve: ``five``."""
    return _WORDS[count] if count < len(_WORDS) else f"{count}"


def rounded(value: float, digits: int) -> tuple[str, int | None]:
    """A finite number with so many significant digits, and its power of ten if it is written so.

    A whole number that is handy keeps all of its digits. The sign is a hyphen.
    """
    whole = 10**digits <= abs(value) < HANDY_BELOW
    text = f"{value:.0f}" if whole else f"{value:.{digits}g}"
    if value == 0:
        return "0", None
    if "e" not in text and abs(value) >= HANDY_FROM:
        return text, None
    mantissa, power = _scientific(value, digits)
    return mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa, power


def cell(value: float, digits: int = 4) -> str:
    """A number within a table: narrower than LaTeX, and on a phone it may break before the 10.

    Streamlit cuts off what is wider than the page.
    """
    if math.isnan(value):
        return UNDEFINED
    if math.isinf(value):
        return "∞" if value > 0 else with_minus("-∞")
    text, power = rounded(value, digits)
    return with_minus(text) + ("" if power is None else f"·\u200b{_power_of_ten(power)}")


def metric_value(value: float | None, *, percent: bool = False) -> str:
    """A metric's value, short enough for a card: ``0.9731``, ``2.3 · 10⁻⁶``, ``97.3 %``.

    Args:
        value: None if there is none yet.
        percent: It is a share, from 0 to 1, and is written as a percentage.
    """
    if value is None or math.isnan(value):
        return UNDEFINED
    if percent:
        return f"{100 * value:.1f} %"
    if value == 0 or HANDY_FROM <= abs(value) < HANDY_BELOW or math.isinf(value):
        return f"{value:.4g}"
    mantissa, power = _scientific(value, 2)
    return f"{mantissa} · {_power_of_ten(power)}"


def setting_value(value: float) -> str:
    """A setting's value, as a learner would type it into a field: ``0.05``, ``1e-05``."""
    return f"{value:g}"


def with_minus(text: str) -> str:
    """A number that was written with a hyphen, with a minus sign: as wide as the digits are."""
    return text.replace("-", "−")


def _scientific(value: float, digits: int) -> tuple[str, int]:
    mantissa, power = f"{value:.{digits - 1}e}".split("e")
    return mantissa, int(power)


def _power_of_ten(power: int) -> str:
    return f"10{str(power).translate(_SUPERSCRIPTS)}"
