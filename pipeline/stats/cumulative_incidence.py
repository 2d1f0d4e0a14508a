"""Cumulative incidence with competing events: Aalen-Johansen, exact with ties.

lifelines' fitter moves tied times by a random jitter and is wrong at landmarks of daily data;
this is the estimator itself, with the infinitesimal-jackknife standard error of R's survfit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.counts import CENSORED, COMPETING, EVENT, Counts, count
from pipeline.stats.normal import z_of
from pipeline.stats.step_curve import StepCurve, loglog_limits


class Influence(NamedTuple):
    """How F(t) moves with the weight of each subject; alike for those of one time and code."""

    size: Floats
    """Sum of squared weights of each group: its number of subjects where each weighs 1."""
    derivative: Floats
    """One row per time, one column per group."""

    def se(self, derivative: Floats) -> Floats:
        """Standard error of what has this derivative by group: root of the sum of its squares."""
        return np.sqrt((self.size * derivative**2).sum(axis=-1))


@dataclass(frozen=True, eq=False)
class CumulativeIncidence(StepCurve):
    """Incidence of the event of code 1, with the counts and influence that it was made from."""

    counts: Counts
    influence: Influence


def cumulative_incidence(time: Floats, code: Ints, conf: float = 0.95) -> CumulativeIncidence:
    """Probability of the event (code 1) by each time; codes of 2 and above compete, 0 censors.

    Rule: F(t) adds S(t-) d(t) / n(t), S being free of any event. Limits are log-log on F, not
    estimable where F is 0 or 1. Source: Aalen & Johansen 1978; R survival, survfit.
    """
    counts = count(time, code)
    value, influence = incidence_and_influence(_whole(counts))
    se = influence.se(influence.derivative)
    low, high = loglog_limits(value, se, z_of(conf))
    return CumulativeIncidence(counts.time, value, se, low, high, 0.0, counts, influence)


class Sums(NamedTuple):
    """Sums of weights by time, and of each group of subjects with one time and code."""

    at_risk: Floats
    event: Floats
    competing: Floats
    day: Ints
    """Index of the time of each group."""
    code: Ints
    size: Floats
    """Sum of the squared weights of each group; their number where each subject weighs 1."""


def incidence_and_influence(sums: Sums) -> tuple[Floats, Influence]:
    """F(t) and its derivative by the weight of each subject.

    Subjects with the same time and code have the same derivative and are taken together.
    """
    day, code, size = sums.day, sums.code, sums.size
    values, before, hazards = _steps(sums.at_risk, sums.event, sums.competing)
    any_hazards = (sums.event + sums.competing) / sums.at_risk
    d_surv, d_value = np.zeros(size.size), np.zeros(size.size)
    derivative = np.zeros((values.size, size.size))
    for j in range(values.size):
        n, surv, hazard, any_hazard = sums.at_risk[j], before[j], hazards[j], any_hazards[j]
        at_risk, here = day >= j, day == j
        d_hazard = ((here & (code == EVENT)) - at_risk * hazard) / n
        d_any = ((here & (code != CENSORED)) - at_risk * any_hazard) / n
        d_value = d_value + d_surv * hazard + surv * d_hazard
        d_surv = d_surv * (1 - any_hazard) - surv * d_any
        derivative[j] = d_value
    return values, Influence(size, derivative)


def incidence_by(counts: Counts, time: float) -> float:
    """F at a time and nothing else, for where it is asked for again and again."""
    steps = int(np.searchsorted(counts.time, time, side="right"))
    values = _steps(counts.at_risk, counts.event, counts.competing).value
    return float(values[steps - 1]) if steps else 0.0


class _Steps(NamedTuple):
    value: Floats
    before: Floats
    """S just before each time."""
    hazard: Floats


def _steps(at_risk: Floats | Ints, event: Floats | Ints, competing: Floats | Ints) -> _Steps:
    """F at each time: S just before it times the hazard, summed."""
    hazard = event / at_risk
    left = np.cumprod(1 - (event + competing) / at_risk)
    before = np.concatenate([[1.0], left])[:-1]
    # A sum of probabilities may pass 1 by rounding.
    return _Steps(np.minimum(np.cumsum(before * hazard), 1.0), before, hazard)


def _whole(counts: Counts) -> Sums:
    """Sums where each subject weighs 1."""
    table = np.stack([counts.censored, counts.event, counts.competing])
    codes = np.array([CENSORED, EVENT, COMPETING])
    row, day = np.nonzero(table)
    at_risk, event, competing, size = (
        x.astype(np.float64)
        for x in (counts.at_risk, counts.event, counts.competing, table[row, day])
    )
    return Sums(at_risk, event, competing, day.astype(np.int64), codes[row], size)
