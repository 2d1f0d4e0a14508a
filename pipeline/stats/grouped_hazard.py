"""Hazard ratio of two groups from daily counts: the complementary log-log model.

Times known to the day only are grouped times of a proportional hazards model; for these the
model with one parameter per day is exact, where Efron's and Breslow's ties are approximations.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.counts import EVENT
from pipeline.stats.cox import Status
from pipeline.stats.group_counts import count_groups

_STEPS = 50
_GAIN = 1e-20
_LEAST = 1e-5
_STRIDE = 2.0
_HALVINGS = 20


class GroupedHazard(NamedTuple):
    """Log hazard ratio of group 1 over group 0; NaN unless the fit converged."""

    coef: float
    se: float
    status: Status


def grouped_hazard(time: Floats, event: Ints, group: Ints) -> GroupedHazard:
    """Log hazard ratio by maximum likelihood; event is 1, anything else is censored after it.

    Rule: P(event on a day | at risk) = 1 - exp(-exp(day + coef * group)). Days without an event,
    or with one in everybody at risk, say nothing about the ratio and are left out.

    Source: Prentice & Gloeckler, Biometrics 1978;34:57-67; R glm, binomial("cloglog").
    """
    counts = count_groups(time, (event == EVENT).astype(np.int64), group, 2)
    events = counts.event.sum(axis=0)
    told = (events > 0) & (events < counts.at_risk.sum(axis=0))
    n, d = counts.at_risk[:, told], counts.event[:, told]
    share = d.sum(axis=0) / n.sum(axis=0)
    at = np.append(np.log(-np.log1p(-share)), 0.0)
    step, at_zero = _gain(n, d, at)
    if at_zero <= 0:
        return GroupedHazard(np.nan, np.nan, "no_information")
    for _ in range(_STEPS):
        at = _climb(n, d, at, step)
        step, left = _gain(n, d, at)
        if left < _LEAST * at_zero:
            return GroupedHazard(np.nan, np.nan, "monotone")
        if float(step @ step) <= _GAIN:
            return GroupedHazard(float(at[-1]), float(1 / np.sqrt(left)), "converged")
    return GroupedHazard(np.nan, np.nan, "not_converged")


def _rates(at: Floats) -> Floats:
    """Hazard of group 0 and group 1 on each day; the last parameter is the log ratio."""
    return np.exp(np.stack([at[:-1], at[:-1] + at[-1]]))


def _loglik(n: Floats, d: Floats, at: Floats) -> float:
    rate = _rates(at)
    return float((d * np.log(-np.expm1(-rate)) - (n - d) * rate).sum())


def _climb(n: Floats, d: Floats, at: Floats, step: Floats) -> Floats:
    """The step, shortened to what exp can bear and halved until the likelihood does not fall."""
    step = step / max(1.0, float(np.abs(step).max()) / _STRIDE)
    start = _loglik(n, d, at)
    for _ in range(_HALVINGS):
        if _loglik(n, d, at + step) >= start - 1e-13 * abs(start):
            break
        step = step / 2
    return at + step


def _gain(n: Floats, d: Floats, at: Floats) -> tuple[Floats, float]:
    """Scoring step of all parameters, and the information about the ratio, the days estimated."""
    rate = _rates(at)
    p = -np.expm1(-rate)
    score = (d - n * p) * rate / p
    weight = n * rate**2 * (1 - p) / p
    days = weight.sum(axis=0)
    left = float((weight[1] * weight[0] / days).sum())
    if left <= 0:
        return np.zeros(at.size), left
    of_days = score.sum(axis=0) / days
    ratio = float((score[1] - weight[1] * of_days).sum()) / left
    return np.append(of_days - weight[1] / days * ratio, ratio), left
