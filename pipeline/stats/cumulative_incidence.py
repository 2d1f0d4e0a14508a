"""Cumulative incidence with competing events: Aalen-Johansen, exact with ties.

lifelines' fitter moves tied times by a random jitter and is wrong at landmarks of daily data;
this is the estimator itself, with the infinitesimal-jackknife standard error of R's survfit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.counts import CENSORED, COMPETING, EVENT, Counts, count
from pipeline.stats.normal import z_of
from pipeline.stats.step_curve import StepCurve, loglog_limits


@dataclass(frozen=True, eq=False)
class CumulativeIncidence(StepCurve):
    """Incidence of the event of code 1, with the counts that it was made from."""

    counts: Counts


def cumulative_incidence(time: Floats, code: Ints, conf: float = 0.95) -> CumulativeIncidence:
    """Probability of the event (code 1) by each time; codes of 2 and above compete, 0 censors.

    Rule: F(t) adds S(t-) d(t) / n(t), S being free of any event. Limits are log-log on F, not
    estimable where F is 0 or 1. Source: Aalen & Johansen 1978; R survival, survfit.
    """
    counts = count(time, code)
    value, se = _incidence(counts)
    low, high = loglog_limits(value, se, z_of(conf))
    return CumulativeIncidence(counts.time, value, se, low, high, 0.0, counts)


def _incidence(counts: Counts) -> tuple[Floats, Floats]:
    """F(t) and its standard error from the derivative of F by the weight of each subject.

    Subjects with the same time and code have the same derivative and are taken together.
    """
    day, code, size = _groups(counts)
    surv, value = 1.0, 0.0
    d_surv, d_value = np.zeros(size.size), np.zeros(size.size)
    values, variances = np.zeros(counts.time.size), np.zeros(counts.time.size)
    for j in range(counts.time.size):
        n = counts.at_risk[j]
        hazard = counts.event[j] / n
        any_hazard = (counts.event[j] + counts.competing[j]) / n
        at_risk, here = day >= j, day == j
        d_hazard = ((here & (code == EVENT)) - at_risk * hazard) / n
        d_any = ((here & (code != CENSORED)) - at_risk * any_hazard) / n
        d_value = d_value + d_surv * hazard + surv * d_hazard
        d_surv = d_surv * (1 - any_hazard) - surv * d_any
        value += surv * hazard
        surv *= 1 - any_hazard
        values[j], variances[j] = value, (size * d_value**2).sum()
    # A sum of probabilities may pass 1 by rounding.
    return np.minimum(values, 1.0), np.sqrt(variances)


def _groups(counts: Counts) -> tuple[Ints, Ints, Ints]:
    """Index of time, code and number of subjects of each non-empty (time, code)."""
    table = np.stack([counts.censored, counts.event, counts.competing])
    codes = np.array([CENSORED, EVENT, COMPETING])
    row, day = np.nonzero(table)
    return day.astype(np.int64), codes[row].astype(np.int64), table[row, day]
