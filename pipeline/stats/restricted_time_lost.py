"""Restricted mean time lost to an event: the area under its cumulative incidence up to tau."""

from __future__ import annotations

import numpy as np

from pipeline.stats.cumulative_incidence import CumulativeIncidence
from pipeline.stats.rmst import RestrictedMean
from pipeline.stats.step_curve import NE


def restricted_time_lost(incidence: CumulativeIncidence, tau: float) -> RestrictedMean:
    """Area under F(t) from 0 to tau: mean time between the event and tau, 0 without the event.

    Rule: F is constant from one time to the next, so on whole days this is the sum of F(0), ...,
    F(tau - 1). The standard error is the infinitesimal jackknife: the influence of each subject
    on F, summed over the same area. Not estimable where the curve ends before tau. Difference and
    ratio are those of restricted means (rmst.py), which this is of tau - min(T, tau).

    Source: Andersen, Stat Med 2013;32:5278; R survival, survfit(..., influence = TRUE).

    Args:
        incidence: the curve with the influence that it was made from.
        tau: end of the area, in units of its times.
    """
    if not incidence.counts.known_at(tau):
        return RestrictedMean(NE, NE)
    inside = incidence.time < tau
    width = np.diff(np.append(incidence.time[inside], tau))
    moved = (incidence.influence.derivative[inside] * width[:, None]).sum(axis=0)
    value = float((incidence.value[inside] * width).sum())
    return RestrictedMean(value, float(incidence.influence.se(moved)))
