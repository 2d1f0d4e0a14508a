"""RESULT recovery_km and recovery_cif: recovery from the first episode, from its onset."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipeline.stats.analyses.curves import (
    AALEN_JOHANSEN,
    KAPLAN_MEIER,
    Curve,
    add_curve_rows,
    rising,
)
from pipeline.stats.ard import NOBODY, Ard, Row
from pipeline.stats.counts import EVENT
from pipeline.stats.cumulative_incidence import cumulative_incidence
from pipeline.stats.kaplan_meier import kaplan_meier
from pipeline.stats.plan import PLAN
from pipeline.stats.population import Population


def add_recovery(pop: Population, ard: Ard) -> None:
    """E4 with death competing, and the Kaplan-Meier version that censors at death."""
    censored = Row(
        "recovery_km", "TTREC", "", "fraction", f"{KAPLAN_MEIER}; death censors", pop.with_crs,
        NOBODY, ESTIMAND="E4-censored", CLOCK="onset", EPISODES="first", DENOM="subjects with CRS",
    )  # fmt: skip
    days = PLAN.recovery_landmarks
    add_curve_rows(ard, pop.label, censored, recovery_km(pop), days)
    competing = replace(
        censored, RESULT="recovery_cif", ESTIMAND="E4", METHOD=f"{AALEN_JOHANSEN}; death competes"
    )
    add_curve_rows(ard, pop.label, competing, _recovery_cif(pop), days)


def recovery_km(pop: Population) -> Curve:
    """Probability of recovery by 1 - Kaplan-Meier, censored at death."""
    time, code, who = pop.times("TTREC")
    event = (code == EVENT).astype(np.int64)
    fit = kaplan_meier(time, event, PLAN.conf)
    return Curve(rising(fit), fit.counts, time, event, who, "recovered_probability")


def _recovery_cif(pop: Population) -> Curve:
    time, code, who = pop.times("TTREC")
    fit = cumulative_incidence(time, code, PLAN.conf)
    return Curve(fit, fit.counts, time, code, who, "cumulative_incidence")
