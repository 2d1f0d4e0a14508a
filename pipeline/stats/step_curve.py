"""A step curve with its standard error and log-log limits, shared by all estimators.

NaN stands for "not estimable" inside the methods; it never leaves them (see ard.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats

TOLERANCE = 1e-9
NE = float("nan")


class Estimate(NamedTuple):
    """A number with its standard error and limits; NaN where not estimable."""

    value: float
    se: float
    low: float
    high: float


class QuantileEstimate(NamedTuple):
    """A time quantile with its limits; NaN where not estimable."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class StepCurve:
    """Values at distinct times, constant until the next one."""

    time: Floats
    value: Floats
    se: Floats
    low: Floats
    high: Floats
    start: float
    """Value before the first time: 1 for survival, 0 for incidence."""

    def at(self, time: float) -> Estimate:
        """Value at a time, that time's events included."""
        i = int(np.searchsorted(self.time, time, side="right")) - 1
        if i < 0:
            return Estimate(self.start, 0.0, NE, NE)
        return Estimate(*(float(x[i]) for x in (self.value, self.se, self.low, self.high)))

    def quantile(self, p: float) -> QuantileEstimate:
        """Time by which the fraction p has had the event, limits by inverting the limit curves."""
        falls = self.start > 0
        rise, early, late = (
            (1 - self.value, 1 - self.low, 1 - self.high)
            if falls
            else (self.value, self.high, self.low)
        )
        return QuantileEstimate(*(step_quantile(self.time, y, p) for y in (rise, early, late)))


def loglog_limits(value: Floats, se: Floats, z: float) -> tuple[Floats, Floats]:
    """Log-log limits of a probability; not estimable where it is 0 or 1.

    Rule: exp(-exp(log(-log p) +- z se / (p log p))), as R survfit(conf.type = "log-log").
    """
    # The tolerance keeps sums that are 0 or 1 but for rounding out.
    inside = (value > TOLERANCE) & (value < 1 - TOLERANCE)
    p = np.where(inside, value, 0.5)
    width = z * np.where(inside, se, 0.0) / np.abs(p * np.log(p))
    centre = np.log(-np.log(p))
    low = np.exp(-np.exp(centre + width))
    high = np.exp(-np.exp(centre - width))
    return np.where(inside, low, NE), np.where(inside, high, NE)


def step_quantile(time: Floats, rise: Floats, p: float) -> float:
    """First time at which a rising step curve reaches p; midpoint of a flat part that equals p.

    Rule (R survival, quantile.survfit): with a tolerance for rounding; where the curve ends flat
    at p, the flat part ends at the last observed time.
    """
    known = ~np.isnan(rise)
    x = np.concatenate([[0.0], time[known]])
    y = np.concatenate([[0.0], rise[known]])
    reached = np.flatnonzero(y >= p - TOLERANCE)
    if not reached.size:
        return NE
    passed = np.flatnonzero(y > p + TOLERANCE)
    if passed.size:
        return float((x[reached[0]] + x[passed[0]]) / 2)
    if not known[-1]:
        return NE
    return float((x[reached[0]] + time[-1]) / 2)
