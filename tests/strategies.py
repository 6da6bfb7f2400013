"""Hypothesis strategies made from the fields of a `Settings`, with their own bounds."""

import csv
import io

import numpy as np
from hypothesis import strategies as st

from sigviz.data.columns import FEWEST_ROWS_OF_A_CLASS, MOST_CLASSES
from sigviz.data.csv_text import DELIMITERS
from sigviz.data.table_reader import MOST_COLUMNS, read_table
from sigviz.experiments.registry import Experiment
from sigviz.settings import FormField, Job, TrainingSettings, Value, fields_of

FEW_STEPS, FEW_REPEATS, FEW_SECONDS = 4, 2, 0.4


def values(field: FormField) -> st.SearchStrategy[Value]:
    """Any value that a field allows."""
    if field.kind == "choice":
        return st.sampled_from(field.options)
    if field.kind == "choices":
        least = 0 if field.may_be_empty else 1
        return st.lists(st.sampled_from(field.options), min_size=least, unique=True).map(tuple)
    if field.kind == "int":
        return st.integers(int(field.low), int(field.high))
    return st.floats(field.low, field.high)


@st.composite
def sheets(draw: st.DrawFn, most_columns: int = MOST_COLUMNS) -> list[list[str]]:
    """A table that is as it should be: a header, and rows whose last cell is the label."""
    text = st.text(
        st.characters(exclude_categories=("C", "Z"), exclude_characters=DELIMITERS),
        min_size=1,
        max_size=12,
    )
    word = text.filter(lambda word: not word[0].isdigit() and word[0] not in "=.+-")
    label = word.filter(lambda word: word.lower() != "nan")
    columns = draw(st.integers(2, most_columns))
    header = draw(st.lists(word, min_size=columns, max_size=columns, unique=True))
    classes = draw(st.lists(label, min_size=2, max_size=MOST_CLASSES, unique=True))
    each = FEWEST_ROWS_OF_A_CLASS + draw(st.integers(0, 4))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale = draw(st.sampled_from([1e-30, 1.0, 1e30]))
    rows = [
        [*map(repr, (scale * random.normal(size=columns - 1)).tolist()), name]
        for name in classes
        for _ in range(each)
    ]
    random.shuffle(rows)
    return [header, *rows]


def written(sheet: list[list[str]], delimiter: str = ",") -> bytes:
    """A sheet as the bytes of a CSV file."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(sheet)
    return text.getvalue().encode()


def settings(cls: type[TrainingSettings]) -> st.SearchStrategy[TrainingSettings]:
    """Any settings within the bounds."""
    fields = {name: values(field) for name, field in fields_of(cls).items()}
    return st.fixed_dictionaries(fields).map(cls.model_validate)


def short(experiment: Experiment) -> st.SearchStrategy[Job]:
    """Any run within the bounds that takes no time worth speaking of."""
    few = {"steps": st.integers(1, FEW_STEPS), "repeats": st.integers(1, FEW_REPEATS)}
    fields = {name: values(field) for name, field in fields_of(experiment.settings).items()}
    return (
        st.fixed_dictionaries(fields | few)
        .map(experiment.settings.model_validate)
        .flatmap(lambda chosen: jobs(experiment, chosen))
        .filter(lambda job: job.seconds < FEW_SECONDS)
    )


def jobs(experiment: Experiment, chosen: TrainingSettings) -> st.SearchStrategy[Job]:
    """A run of these settings; where they ask for the learner's own data they get some."""
    if not chosen.own_data:
        return st.just(Job(experiment.name, chosen))
    return sheets(most_columns=5).map(
        lambda sheet: Job(experiment.name, chosen, read_table(written(sheet), "drawn.csv"))
    )
