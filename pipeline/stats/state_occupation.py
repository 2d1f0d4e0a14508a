"""Probability of being in a state on each day, and mean days spent in it, with censoring.

A state may be left and entered again, so it is no curve of first events. The share of those alive
who are in the state is taken among those seen alive on the day, and multiplied with the
Kaplan-Meier probability of being alive. This is the same as weighting each subject seen on a day by
the inverse Kaplan-Meier probability of not being censored before it: it assumes nothing about
how states follow each other, gives the plain proportion where nobody is censored, leaves
1 - Kaplan-Meier to death, and adds up to 1 over the states.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints, Mask
from pipeline.stats.normal import z_of
from pipeline.stats.step_curve import NE, TOLERANCE, Estimate


class Occupation(NamedTuple):
    """Probability on days 1, 2, ... and what each subject adds to it; NaN = not estimable.

    The influence is the derivative by the subject's weight (infinitesimal jackknife).
    """

    value: Floats
    influence: Floats


def alive(time: Floats, died: Ints, days: int) -> Occupation:
    """Kaplan-Meier probability of being alive at the end of days 1 to `days`.

    Args:
        time: day of death (died = 1), else last day of follow-up.
        died: 1 or 0.
        days: the last day wanted.

    >>> alive(np.array([1.0, 2.0]), np.array([1, 0]), 3).value.tolist()
    [0.5, 0.5, nan]
    """
    surv, slope = 1.0, np.zeros(time.size)
    value, influence = np.full(days, NE), np.full((time.size, days), NE)
    for day in range(1, days + 1):
        at_risk = time >= day
        n = int(at_risk.sum())
        if n:
            here = (time == day) & (died == 1)
            hazard = here.sum() / n
            slope = slope * (1 - hazard) - surv * (here - at_risk * hazard) / n
            surv *= 1 - hazard
        elif surv > 0 or not time.size:
            break
        value[day - 1], influence[:, day - 1] = surv, slope
    return Occupation(value, influence)


def occupied(living: Occupation, inside: Mask, known: Mask) -> Occupation:
    """Probability of being alive and inside a state (or a set of states) on each day.

    Args:
        living: from `alive`.
        inside: subject x day, in the state.
        known: subject x day, alive, followed and of known state.
    """
    n = known.sum(axis=0)
    gone = living.value == 0
    share = np.divide((inside & known).sum(axis=0), n, out=np.full(n.size, NE), where=n > 0)
    share = np.where(gone, 0.0, share)
    slope = np.divide(inside - share, n, out=np.zeros(inside.shape), where=known)
    return Occupation(living.value * share, living.influence * share + living.value * slope)


def complement(living: Occupation) -> Occupation:
    """Probability of being dead."""
    return Occupation(1 - living.value, -living.influence)


def on_day(made: Occupation, day: int, conf: float = 0.95) -> Estimate:
    """Probability on a day with logit limits; they are NaN where it is 0 or 1."""
    value = float(made.value[day - 1])
    se = float(np.sqrt((made.influence[:, day - 1] ** 2).sum()))
    return _logit(value, se, z_of(conf), 1.0)


def mean_days(made: Occupation, conf: float = 0.95) -> Estimate:
    """Mean number of days in the state: the sum of its daily probabilities.

    Rule: limits on the logit of mean / days with the t quantile of n - 1. Days with CRS are mostly
    0 and otherwise skewed; in samples of 15 to 60 of that shape these limits covered 93 to 98 %,
    mean +- t SE 83 to 94 %. Without censoring the SE is that of a mean.
    """
    from scipy.special import stdtrit  # noqa: PLC0415 - slow import, wanted by few callers

    n, days = made.influence.shape
    value = float(made.value.sum())
    if n < 2:
        return Estimate(value, NE, NE, NE)
    se = float(np.sqrt((made.influence.sum(axis=1) ** 2).sum() * n / (n - 1)))
    return _logit(value, se, float(stdtrit(n - 1, (1 + conf) / 2)), float(days))


def _logit(value: float, se: float, quantile: float, most: float) -> Estimate:
    """Limits on the logit of value / most, which stay between 0 and most."""
    p = value / most
    if not TOLERANCE < p < 1 - TOLERANCE:
        return Estimate(value, se, NE, NE)
    half = quantile * se / most / (p * (1 - p))
    low, high = (1 / (1 + (1 - p) / p * np.exp(x)) for x in (half, -half))
    return Estimate(value, se, most * float(low), most * float(high))
