"""What a learner can change about an experiment, what it may be, and what a run of it costs."""

from sigviz.settings.base import Problem, Settings
from sigviz.settings.cost import Work, dense
from sigviz.settings.fields import FormField, Value, choice, fields_of, number
from sigviz.settings.job import Chosen_co, Job, missing_data
from sigviz.settings.metric import Metric, Recorded, metric_name
from sigviz.settings.style import Style
from sigviz.settings.training import (
    OWN_DATA,
    TrainingSettings,
    learning_rate_field,
    repeats_field,
    seed_field,
    steps_field,
)

__all__ = [
    "OWN_DATA",
    "Chosen_co",
    "FormField",
    "Job",
    "Metric",
    "Problem",
    "Recorded",
    "Settings",
    "Style",
    "TrainingSettings",
    "Value",
    "Work",
    "choice",
    "dense",
    "fields_of",
    "learning_rate_field",
    "metric_name",
    "missing_data",
    "number",
    "repeats_field",
    "seed_field",
    "steps_field",
]
