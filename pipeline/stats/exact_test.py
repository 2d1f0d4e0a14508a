"""Fisher's exact test of two proportions."""

from __future__ import annotations

import numpy as np

from pipeline.stats.step_curve import NE


def fisher_exact(events1: int, n1: int, events2: int, n2: int) -> float:
    """Two-sided P: the tables with these margins that are no more probable than the observed one.

    Rule: not estimable where a group is empty. Source: Fisher 1934; R fisher.test.

    >>> round(fisher_exact(8, 12, 2, 11), 6)
    0.036075
    """
    if not (0 <= events1 <= n1 and 0 <= events2 <= n2):
        raise ValueError(f"{events1} of {n1} and {events2} of {n2} are not two proportions")
    if min(n1, n2) == 0:
        return NE
    from scipy.stats import fisher_exact as exact  # noqa: PLC0415 - slow import

    table = np.array([[events1, n1 - events1], [events2, n2 - events2]])
    return float(np.asarray(exact(table))[1])
