"""Cumulative incidence with competing events of weighted subjects, exact with ties.

With weights the usual variances count a subject of weight 2 as two subjects, which is wrong by up
to a half; the infinitesimal jackknife (R survival, survfit(robust = TRUE)) is not, and does not
change when all weights are multiplied by one number.
"""

from __future__ import annotations

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.counts import CENSORED, COMPETING, EVENT, count
from pipeline.stats.cumulative_incidence import (
    CumulativeIncidence,
    Sums,
    incidence_and_influence,
)
from pipeline.stats.normal import z_of
from pipeline.stats.step_curve import NE, TOLERANCE, loglog_limits


def weighted_incidence(
    time: Floats, code: Ints, weight: Floats, conf: float = 0.95
) -> CumulativeIncidence:
    """Weighted probability of the event (code 1) by each time; codes of 2 and above compete.

    Rule: as cumulative_incidence with sums of weights for numbers of subjects; subjects of weight
    0 are left out. The standard error takes the weights as fixed. The counts are of subjects.
    Source: Aalen & Johansen 1978; R survival, survfit(weights =, robust = TRUE).
    """
    if weight.size and not (np.isfinite(weight).all() and weight.min() >= 0):
        raise ValueError("weights must be finite and not negative")
    used = weight > 0
    time, code, weight = time[used], np.minimum(code[used], COMPETING), weight[used]
    counts = count(time, code)
    value, influence = incidence_and_influence(_sums(counts.time, time, code, weight))
    se = influence.se(influence.derivative)
    low, high = loglog_limits(value, se, z_of(conf))
    return CumulativeIncidence(counts.time, value, se, low, high, 0.0, counts, influence)


def incidence_at(time: Floats, code: Ints, weight: Floats, days: tuple[int, ...]) -> Floats:
    """The same at some days for many sets of weights: replicates by days.

    Rule: NaN where no weight is left under observation on that day while some event-free
    probability is, that is where the curve has ended before.

    Args:
        time: observed time of each subject.
        code: 0 censored, 1 event, 2 and above competing.
        weight: replicates by subjects.
        days: days to look at.
    """
    times, event, gone, total = _tables(time, np.minimum(code, COMPETING), weight)
    at_risk = np.cumsum(total[:, ::-1], axis=1)[:, ::-1]
    divisor = np.where(at_risk > 0, at_risk, 1.0)
    surv = np.cumprod(1 - gone / divisor, axis=1)
    before = np.column_stack([np.ones(weight.shape[0]), surv])
    # Incidence, those at risk and survival before each time, with a column for "before" or "after".
    value = np.column_stack(
        [np.zeros(weight.shape[0]), np.cumsum(before[:, :-1] * event / divisor, axis=1)]
    )
    left = np.column_stack([at_risk, np.zeros(weight.shape[0])])
    by = np.searchsorted(times, days, side="right")
    start = np.searchsorted(times, days, side="left")
    known = (left[:, start] > 0) | (before[:, start] < TOLERANCE)
    return np.where(known & (at_risk[:, :1] > 0), np.minimum(value[:, by], 1.0), NE)


def _tables(time: Floats, code: Ints, weight: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Distinct times, and by replicate and time the weights with the event, any event, in all."""
    times, day = np.unique(time, return_inverse=True)
    cell = day * 3 + code
    order = np.argsort(cell, kind="stable")
    cells, first = np.unique(cell[order], return_index=True)
    table = np.zeros((weight.shape[0], times.size * 3))
    table[:, cells] = np.add.reduceat(weight[:, order], first, axis=1)
    table = table.reshape(-1, times.size, 3)
    event, competing = table[:, :, EVENT], table[:, :, COMPETING]
    return times, event, event + competing, event + competing + table[:, :, CENSORED]


def _sums(times: Floats, time: Floats, code: Ints, weight: Floats) -> Sums:
    """Sums of weights; a group is all subjects with one time and code."""
    _, event, gone, total = _tables(time, code, weight[None, :])
    at_risk = np.cumsum(total[0, ::-1])[::-1]
    group, where = np.unique(np.searchsorted(times, time) * 3 + code, return_inverse=True)
    square = np.zeros(group.size)
    np.add.at(square, where, weight**2)
    return Sums(at_risk, event[0], gone[0] - event[0], group // 3, group % 3, square)
