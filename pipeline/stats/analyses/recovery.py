"""RESULT recovery_km and recovery_cif: recovery from the first episode, from its onset."""

from __future__ import annotations

import numpy as np

from pipeline.stats.analyses.curves import (
    AALEN_JOHANSEN,
    KAPLAN_MEIER,
    Curve,
    add_curve_rows,
    rising,
)
from pipeline.stats.analyses.remarks import joined
from pipeline.stats.ard import NOBODY, Ard, Row
from pipeline.stats.counts import EVENT
from pipeline.stats.cumulative_incidence import cumulative_incidence
from pipeline.stats.guards import because, limits_because
from pipeline.stats.normal import z_of
from pipeline.stats.plan import PLAN
from pipeline.stats.population import Population
from pipeline.stats.rmst import rmst

RESTRICTED = (
    "restricted mean days with CRS, the area under Kaplan-Meier to that day; normal limits within "
    "0 and that day; death censors"
)


def add_recovery(pop: Population, ard: Ard) -> None:
    """E4 with death competing, and the Kaplan-Meier version that censors at death."""
    censored = Row(
        "recovery_km", "TTREC", "", "fraction", f"{KAPLAN_MEIER}; death censors", pop.with_crs,
        NOBODY, ESTIMAND="E4-censored", CLOCK="onset", EPISODES="first", DENOM="subjects with CRS",
    )  # fmt: skip
    days = PLAN.recovery_landmarks
    curve = recovery_km(pop)
    add_curve_rows(ard, pop.label, censored, curve, days)
    _add_restricted_mean(pop, ard, censored, curve)
    competing = censored._replace(
        RESULT="recovery_cif", ESTIMAND="E4", METHOD=f"{AALEN_JOHANSEN}; death competes"
    )
    add_curve_rows(ard, pop.label, competing, _recovery_cif(pop), days)


def _add_restricted_mean(pop: Population, ard: Ard, base: Row, curve: Curve) -> None:
    """Mean days with CRS within 14 days of onset."""
    tau, counts = PLAN.rmst_tau, curve.counts
    row = base._replace(
        LEVEL="summary", STAT="rmst", UNIT="days", TIME=float(tau), METHOD=RESTRICTED,
        n=np.sort(curve.who), events=curve.events_by(tau),
    )  # fmt: skip
    mean = rmst(counts, tau)
    if np.isnan(mean.value):
        why = "nobody was followed to" if counts.n else "there is nobody to follow to"
        ard.add(pop.label, row._replace(REASON=because(f"{why} day {tau} after onset")))
        return
    few = PLAN.guards.landmark_flag(counts.n, counts.at_risk_at(tau), counts.censored_before(tau))
    reason = PLAN.guards.no_restricted_limits(counts.n)
    if reason is None and mean.se == 0:
        reason = limits_because("the days with CRS do not differ between subjects")
    row = row._replace(VALUE=mean.value, REASON=joined(reason, few))
    if reason is None:
        half = z_of(PLAN.conf) * mean.se
        low, high = max(0.0, mean.value - half), min(float(tau), mean.value + half)
        row = row._replace(LOW=low, HIGH=high)
    ard.add(pop.label, row)


def recovery_km(pop: Population) -> Curve:
    """Probability of recovery by 1 - Kaplan-Meier, censored at death."""
    time, code, who = pop.times("TTREC")
    event = (code == EVENT).astype(np.int64)
    fit = pop.curves.of(time, event, PLAN.conf)
    return Curve(rising(fit), fit.counts, time, event, who, "recovered_probability")


def _recovery_cif(pop: Population) -> Curve:
    time, code, who = pop.times("TTREC")
    fit = cumulative_incidence(time, code, PLAN.conf)
    return Curve(fit, fit.counts, time, code, who, "cumulative_incidence")
