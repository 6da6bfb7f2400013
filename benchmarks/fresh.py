"""Runs that are trained for the measurement: anything else would time the memory."""

ENVIRONMENT = {"SIGVIZ_REMEMBER_MB": "0", "SIGVIZ_AHEAD": "0"}
"""With these nothing is remembered and nothing is trained ahead."""


class NotFreshError(RuntimeError):
    """A measurement met a run that had been trained before, or for somebody else."""


def must_be_fresh(origin: str, what: str) -> None:
    """Check where a timed run comes from: `Run.origin`, or `origin_of` the page's words.

    Raises:
        NotFreshError: It was not trained just now.
    """
    if origin != "trained":
        raise NotFreshError(f"{what} timed a run that is not a fresh one: {origin or 'unsaid'}")
