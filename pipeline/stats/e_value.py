"""How strong an unmeasured confounder must be to explain a risk ratio away."""

from __future__ import annotations

import math

from pipeline.stats.step_curve import NE


def e_value(ratio: float) -> float:
    """E-value of a risk ratio (VanderWeele & Ding 2017).

    Rule: RR + sqrt(RR (RR - 1)), of 1 / RR below 1. A confounder that is associated with arm and
    outcome by risk ratios of this size each, beyond the covariates, could explain the ratio away;
    a weaker one could not. Not estimable for a ratio of 0.

    >>> [round(e_value(x), 2) for x in (3.9, 1 / 3.9, 1.0)]
    [7.26, 7.26, 1.0]
    """
    if not ratio > 0:
        return NE
    away = max(ratio, 1 / ratio)
    return away + math.sqrt(away * (away - 1))


def e_value_of_limits(low: float, high: float) -> float:
    """E-value of the limit that is nearer to 1; 1 where the limits include 1.

    >>> [round(e_value_of_limits(*x), 2) for x in ((1.8, 8.7), (0.1, 0.5), (0.8, 2.0))]
    [3.0, 3.41, 1.0]
    """
    if math.isnan(low) or math.isnan(high):
        return NE
    if low <= 1 <= high:
        return 1.0
    return e_value(low if low > 1 else high)


def tipping_point(ratio: float, common: float, rare: float) -> float:
    """Risk ratio of a yes-or-no confounder with the outcome at which the ratio would be 1.

    Rule: with prevalence p in one arm and q in the other, such a confounder of strength g alone
    makes a ratio of (1 + (g - 1) p) / (1 + (g - 1) q) (Bross 1966; Schlesselman 1978). It is
    taken as commoner in the arm of the higher risk. Not estimable where no strength suffices.

    Args:
        ratio: the observed risk ratio.
        common: prevalence in the arm of the higher risk.
        rare: prevalence in the other arm.

    >>> [round(tipping_point(x, 0.5, 0.2), 3) for x in (1.5, 1 / 1.5, 1.0)]
    [3.5, 3.5, 1.0]
    """
    if not ratio > 0:
        return NE
    away = max(ratio, 1 / ratio)
    lever = common - away * rare
    return 1 + (away - 1) / lever if lever > 0 else NE
