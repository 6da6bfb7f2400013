"""Hypothesis strategies made from the fields of a `Settings`, with their own bounds."""

from hypothesis import strategies as st

from sigviz.settings import Parameter, TrainingSettings, Value, parameters

FEW_STEPS, FEW_REPEATS, FEW_SECONDS = 4, 2, 0.4


def values(parameter: Parameter) -> st.SearchStrategy[Value]:
    """Any value that a field allows."""
    if parameter.kind == "choice":
        return st.sampled_from(parameter.options)
    if parameter.kind == "choices":
        least = 0 if parameter.may_be_empty else 1
        return st.lists(st.sampled_from(parameter.options), min_size=least, unique=True).map(tuple)
    if parameter.kind == "int":
        return st.integers(int(parameter.low), int(parameter.high))
    return st.floats(parameter.low, parameter.high)


def settings(cls: type[TrainingSettings]) -> st.SearchStrategy[TrainingSettings]:
    """Any settings within the bounds."""
    fields = {name: values(parameter) for name, parameter in parameters(cls).items()}
    return st.fixed_dictionaries(fields).map(cls.model_validate)


def short(cls: type[TrainingSettings]) -> st.SearchStrategy[TrainingSettings]:
    """Any settings within the bounds whose run takes no time worth speaking of."""
    few = {"steps": st.integers(1, FEW_STEPS), "repeats": st.integers(1, FEW_REPEATS)}
    fields = {name: values(parameter) for name, parameter in parameters(cls).items()}
    return (
        st.fixed_dictionaries(fields | few)
        .map(cls.model_validate)
        .filter(lambda chosen: chosen.seconds() < FEW_SECONDS)
    )
