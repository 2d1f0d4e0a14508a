"""Our curves and what is read from them, under the names of validation/curves.R."""

from __future__ import annotations

import numpy as np

from pipeline.stats.counts import count
from pipeline.stats.cumulative_incidence import cumulative_incidence
from pipeline.stats.kaplan_meier import kaplan_meier
from pipeline.stats.quantiles import summary
from pipeline.stats.restricted_time_lost import restricted_time_lost
from pipeline.stats.risk_difference import square_and_add
from pipeline.stats.rmst import rmst, rmst_difference, rmst_ratio
from tests.validation.subjects import (
    CLOCKS,
    COHORTS,
    DAYS,
    Numbers,
    column,
    fields,
    numbers,
    observed,
)

TAU = 14
LIMITS = {"value": "value", "low": "low", "high": "high"}
AT = LIMITS | {"se": "se"}
KM = {"survival": "value", "se": "se", "low": "low", "high": "high"}
MEAN = {"value": "value", "se": "se"}


def ours() -> Numbers:
    return survival() | survival_contrasts() | incidence() | incidence_contrasts() | followed()


def survival() -> Numbers:
    made: Numbers = {q: {} for q in ("kaplan_meier", "at_risk", "quantile", "restricted_mean")}
    for name, (time, code) in _curves():
        fit = kaplan_meier(time, (code == 1).astype(np.int64))
        for day in _known(time, code):
            made["kaplan_meier"] |= fields(f"{name} day {day}", fit.at(day), **KM)
            made["at_risk"][f"{name} day {day} n"] = fit.counts.at_risk_at(day)
        for p in (25, 50, 75):
            made["quantile"] |= fields(f"{name} {p}", fit.quantile(p / 100), **LIMITS)
        made["restricted_mean"] |= fields(name, rmst(fit.counts, TAU), **MEAN)
    alive = kaplan_meier(column("end"), (numbers("terminal") != 2).astype(np.int64))
    made["quantile"] |= fields("follow-up 50", alive.quantile(0.5), **LIMITS)
    return made


def survival_contrasts() -> Numbers:
    made: Numbers = {"restricted_mean_difference": {}, "restricted_mean_ratio": {}}
    for clock in CLOCKS:
        parts = [observed(clock, cohort) for cohort in COHORTS]
        a, b = (rmst(count(p.time, (p.code == 1).astype(np.int64)), TAU) for p in parts)
        made["restricted_mean_difference"] |= fields(clock, rmst_difference(a, b), **LIMITS)
        made["restricted_mean_ratio"] |= fields(clock, rmst_ratio(a, b), **LIMITS)
    return made


def incidence() -> Numbers:
    names = ("cumulative_incidence", "incidence_quantile", "restricted_time_lost")
    made: Numbers = {q: {} for q in names}
    for name, (time, code) in _curves():
        fit = cumulative_incidence(time, code)
        for day in _known(time, code):
            made["cumulative_incidence"] |= fields(f"{name} day {day}", fit.at(day), **AT)
        for p in (25, 50):
            made["incidence_quantile"] |= fields(f"{name} {p}", fit.quantile(p / 100), **LIMITS)
        made["restricted_time_lost"] |= fields(name, restricted_time_lost(fit, TAU), **MEAN)
    return made


def incidence_contrasts() -> Numbers:
    made: Numbers = {"incidence_difference": {}, "restricted_time_lost_difference": {}}
    for clock in CLOCKS:
        a, b = (cumulative_incidence(*observed(clock, cohort)) for cohort in COHORTS)
        for day in (7, 14):
            gap = square_and_add(a.at(day), b.at(day))
            made["incidence_difference"] |= fields(f"{clock} day {day}", gap, **LIMITS)
        lost = rmst_difference(restricted_time_lost(a, TAU), restricted_time_lost(b, TAU))
        made["restricted_time_lost_difference"] |= fields(clock, lost, **LIMITS)
    return made


def followed() -> Numbers:
    time, code = observed("recovery")
    names = {"q1": "q1", "median": "median", "q3": "q3"}
    return {"observed_quantiles": fields("days of recovered", summary(time[code == 1]), **names)}


def _curves():
    for clock in CLOCKS:
        for cohort in COHORTS:
            yield f"{clock} {cohort}", observed(clock, cohort)


def _known(time, code):
    counts = count(time, code)
    return [day for day in DAYS if counts.known_at(day)]
