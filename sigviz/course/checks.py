"""Whether what an author wrote fits the experiment."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from sigviz.course.errors import LessonError
from sigviz.course.markdown import Part
from sigviz.course.model import Block, Head, Step, Written
from sigviz.course.plain_yaml import PlainYaml, plain_yaml
from sigviz.experiments.registry import find
from sigviz.settings import Problem, TrainingSettings

_Model = TypeVar("_Model", bound=Written)


def checked_head(yaml: PlainYaml) -> tuple[Head, type[TrainingSettings]]:
    """The head and the settings of its experiment.

    Raises:
        LessonError: Something is missing or not known.
    """
    head = _checked(Head, yaml)
    try:
        return head, find(head.experiment).settings
    except ValueError as error:
        raise yaml.error(("experiment",), str(error)) from None


def checked_step(
    file: Path, part: Part, settings: type[TrainingSettings], arriving: TrainingSettings
) -> Step:
    """A step for a learner who arrives with some settings.

    Raises:
        LessonError: Its block does not fit the experiment.
    """
    if len(part.blocks) > 1:
        raise LessonError(file, part.line, f"the step {part.title!r} has more than one block")
    if not part.blocks:
        return Step(part.title, part.words, part.line, Block(), None, arriving, arriving)
    yaml = plain_yaml(file, part.blocks[0])
    block = _checked(Block, yaml)
    preset = None if block.set is None else _preset(settings, block.set, yaml, "set")
    start = preset or arriving
    own = block.set if preset else {name: getattr(start, name) for name in settings.model_fields}
    solution = _preset(settings, {**(own or {}), **block.solution}, yaml, "solution")
    if block.goal and block.goal.metric not in solution.metrics():
        known = ", ".join(solution.metrics())
        message = f"{block.goal.metric!r} is not a metric of this run; there are {known}"
        raise yaml.error(("goal", "metric"), message)
    return Step(part.title, part.words, part.line, block, preset, solution, arriving)


def _preset(
    settings: type[TrainingSettings], values: Mapping[str, Any], yaml: PlainYaml, field: str
) -> TrainingSettings:
    """The experiment's defaults with some fields changed."""
    for name, value in values.items():
        problem = settings.check(name, value)
        if isinstance(problem, Problem):
            raise yaml.error((field, name), problem.message)
    preset = settings.model_validate(values)
    if preset.own_data:
        message = "a lesson cannot carry data; choose one of the other options"
        raise yaml.error((field, settings.own_data_field() or ""), message)
    return preset


def _checked(model: type[_Model], yaml: PlainYaml) -> _Model:
    try:
        return model.model_validate(yaml.values or {})
    except ValidationError as error:
        first = error.errors()[0]
        message = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            message = f"is not known here; there are {', '.join(model.model_fields)}"
        raise yaml.error(first["loc"], message) from None
