"""Restricted mean time: the area under a survival curve up to tau, and its difference."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.stats.counts import Counts
from pipeline.stats.kaplan_meier import product_limit
from pipeline.stats.normal import z_of
from pipeline.stats.risk_difference import Difference
from pipeline.stats.step_curve import NE


class RestrictedMean(NamedTuple):
    """Mean time up to tau and its standard error; NaN where the curve ends before tau."""

    value: float
    se: float


def rmst(counts: Counts, tau: float) -> RestrictedMean:
    """Area under S(t) from 0 to tau.

    Rule: variance = sum over event times of (area left until tau)^2 d / (n (n - d)). lifelines'
    variance is that of min(T, tau), not of the estimate. Source: R survRM2, survfit rmean.
    """
    if not counts.known_at(tau):
        return RestrictedMean(NE, NE)
    surv, _ = product_limit(counts)
    inside = counts.time < tau
    edges = np.concatenate([[0.0], counts.time[inside], [tau]])
    areas = np.concatenate([[1.0], surv[inside]]) * np.diff(edges)
    left = np.cumsum(areas[::-1])[::-1][1:]
    d, n = counts.event[inside].astype(np.float64), counts.at_risk[inside].astype(np.float64)
    # On the day that empties the risk set no area is left, so the term is 0.
    term = np.divide(d, n * (n - d), out=np.zeros_like(d), where=n > d)
    return RestrictedMean(float(areas.sum()), float(np.sqrt((left**2 * term).sum())))


def rmst_difference(
    first: RestrictedMean, second: RestrictedMean, conf: float = 0.95
) -> Difference:
    """First minus second with normal limits, the two being independent."""
    value = first.value - second.value
    half = z_of(conf) * float(np.hypot(first.se, second.se))
    return Difference(value, value - half, value + half)


class Ratio(NamedTuple):
    """First over second, with limits; NaN where not estimable."""

    value: float
    low: float
    high: float


def rmst_ratio(first: RestrictedMean, second: RestrictedMean, conf: float = 0.95) -> Ratio:
    """First over second with limits that are normal on the log scale, the two being independent.

    Source: Uno et al., J Clin Oncol 2014;32:2380-2385; R survRM2.
    """
    if not (first.value > 0 and second.value > 0):
        return Ratio(NE, NE, NE)
    centre = float(np.log(first.value / second.value))
    half = z_of(conf) * float(np.hypot(first.se / first.value, second.se / second.value))
    return Ratio(*(float(x) for x in np.exp([centre, centre - half, centre + half])))
