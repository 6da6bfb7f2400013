"""Named results from recorded arrays: medians over the seeds."""

from collections.abc import Sequence

import numpy as np

from sigviz.settings import metric_name
from sigviz.trace import Array


def by_variant(metric: str, variants: Sequence[str], values: Array) -> dict[str, float]:
    """The median over the seeds of each variant, from `values` ``[variants, seeds]``.

    Where half of a variant's values or more are not finite, there is no median to tell, and the
    metric is NaN.
    """
    medians = np.median(values, axis=1)
    return {metric_name(metric, variant): float(medians[i]) for i, variant in enumerate(variants)}
