"""How alike two arms are in their covariates, and how much of them a weighting leaves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.step_curve import NE


class Balance(NamedTuple):
    """Weighted mean of a covariate in both arms, and their standardised difference."""

    first: float
    second: float
    smd: float


def balance(covariate: Floats, arm: Ints, weight: Floats) -> Balance:
    """Standardised mean difference, first arm minus second (Austin 2009).

    Rule: the difference of the weighted means over sqrt((s1^2 + s2^2) / 2), s being the standard
    deviations BEFORE weighting, so that "before" and "after" are measured by one rod (Stuart
    2010). A covariate of 0 and 1 is a proportion p with variance p (1 - p). Not estimable where
    the covariate is constant within both arms but differs between them; 0 where it is constant.

    >>> one = np.ones(4)
    >>> [round(x, 3) for x in balance(np.array([1.0, 3, 2, 4]), np.array([1, 1, 0, 0]), one)]
    [2.0, 3.0, -0.707]
    """
    first, second = arm == 1, arm == 0
    means = [_mean(covariate[side], weight[side]) for side in (first, second)]
    gap = means[0] - means[1]
    spread = np.sqrt((_variance(covariate[first]) + _variance(covariate[second])) / 2)
    if spread > 0:
        return Balance(means[0], means[1], float(gap / spread))
    return Balance(means[0], means[1], 0.0 if gap == 0 else NE)


def effective_size(weight: Floats) -> float:
    """Number of equally weighted subjects that would tell as much (Kish 1965).

    >>> effective_size(np.array([1.0, 1.0, 2.0]))
    2.6666666666666665
    """
    return float(weight.sum() ** 2 / (weight**2).sum())


def largest_share(weight: Floats) -> float:
    """The largest weight as a fraction of their sum."""
    return float(weight.max() / weight.sum())


def bins_of(score: Floats, bins: int) -> Ints:
    """Bin of each propensity score among equal bins of [0, 1], closed on the left.

    >>> bins_of(np.array([0.0, 0.05, 0.999, 1.0]), 20).tolist()
    [0, 1, 19, 19]
    """
    # 0.15 * 20 is 3 but for rounding, and belongs into bin 3.
    return np.minimum(np.floor(score * bins + 1e-9), bins - 1).astype(np.int64)


def _mean(values: Floats, weight: Floats) -> float:
    return float((values * weight).sum() / weight.sum())


def _variance(values: Floats) -> float:
    if np.isin(values, (0.0, 1.0)).all():
        p = float(values.mean())
        return p * (1 - p)
    return float(values.var(ddof=1)) if values.size > 1 else 0.0
