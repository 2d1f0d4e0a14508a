"""RESULT crs_days: days with CRS, and days alive and free of it, to day 28, over all treated."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.stats.analyses.counts_and_summaries import add_count, add_summary
from pipeline.stats.analyses.remarks import counted_below, joined
from pipeline.stats.analyses.state_occupation import (
    NO_GRADES,
    few_alive,
    few_known,
    not_followed,
)
from pipeline.stats.ard import Ard, Row
from pipeline.stats.arrays import Mask
from pipeline.stats.day_states import DEAD, NO_CRS, RECOVERED, DayStates, day_states
from pipeline.stats.guards import because, limits_because
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, Population
from pipeline.stats.quantiles import Summary
from pipeline.stats.state_occupation import Occupation, alive, complement, mean_days, occupied

MEAN = (
    "sum over days of the state-occupation probability, so that subjects followed for less than 28 "
    "days count as far as they were seen; infinitesimal-jackknife SE, t quantile, limits on the "
    "logit of mean/28"
)


class _Measure(NamedTuple):
    variable: str
    words: str
    inside: Mask
    at: Occupation
    cut: int = 1


def add_crs_days(pop: Population, ard: Ard) -> None:
    """Mean with limits of all treated; median and range of those followed to day 28 or dead."""
    made = day_states(pop, PLAN.horizon)
    for measure in _measures(made):
        row = Row(
            "crs_days", measure.variable, "", "days", "", f"{TREATED}: {measure.words}", made.who,
            CLOCK="first_dose", EPISODES="all", LEVEL="summary", TIME=float(PLAN.horizon),
            DENOM=TREATED,
        )  # fmt: skip
        if measure.cut > 1 and made.ungraded:
            row = row._replace(STATUS="not_available", REASON=NO_GRADES, METHOD=MEAN)
            for stat in ("mean", *Summary._fields):
                ard.add(pop.label, row._replace(STAT=stat))
            continue
        below = None if measure.variable == "DEAD_DAYS" else counted_below((pop,), 1)
        row = row._replace(REASON=joined(below, _remark(made, measure)))
        _add_mean(pop, ard, row, made, measure)
        _add_observed(pop, ard, row, made, measure)
    _add_left_out(pop, ard, made)


def _measures(made: DayStates) -> list[_Measure]:
    living = alive(made.time, made.died, PLAN.horizon)
    names = {1: "CRS_DAYS"} | {k: f"CRS_DAYS_G{k}" for k in PLAN.day_cuts if k > 1}
    measures = [
        _Measure(
            names[k],
            "days with CRS" if k == 1 else f"days with CRS of grade {k} or more",
            made.crs(k),
            occupied(living, made.crs(k), made.known),
            k,
        )
        for k in PLAN.day_cuts
    ]
    free = (made.state == NO_CRS) | (made.state == RECOVERED)
    free_at = occupied(living, free, made.known)
    dead = made.state == DEAD
    return [
        *measures,
        _Measure("CRS_FREE_DAYS", "days alive and free of CRS", free, free_at),
        _Measure("DEAD_DAYS", "days from the day of death on", dead, complement(living)),
    ]


def _remark(made: DayStates, measure: _Measure) -> str | None:
    """Days that may have reached the grade and are not counted."""
    unknown = int(made.undetermined(measure.cut).sum())
    if not unknown:
        return None
    return f"a lower bound: {unknown} days of CRS without a grade are not counted here"


def _add_mean(pop: Population, ard: Ard, row: Row, made: DayStates, measure: _Measure) -> None:
    row = row._replace(STAT="mean", METHOD=MEAN, events=made.who[measure.inside.any(axis=1)])
    mean = mean_days(measure.at, PLAN.conf)
    if np.isnan(mean.value):
        ard.add(
            pop.label, row._replace(REASON=because(not_followed(measure.at, pop, PLAN.horizon)))
        )
        return
    row = row._replace(VALUE=mean.value)
    reason = PLAN.guards.no_mean_limits(made.who.size)
    if reason is None and np.isnan(mean.low):
        reason = limits_because("all subjects have none or all of the days")
    if reason:
        ard.add(pop.label, row._replace(REASON=reason))
        return
    few = few_alive if measure.variable == "DEAD_DAYS" else few_known
    remark = joined(row.REASON, few(made, PLAN.horizon))
    ard.add(pop.label, row._replace(LOW=mean.low, HIGH=mean.high, REASON=remark))


def _add_observed(pop: Population, ard: Ard, row: Row, made: DayStates, measure: _Measure) -> None:
    """Five numbers of the subjects whose state is known on all days."""
    kept = made.complete
    days = measure.inside.sum(axis=1)[kept].astype(np.int64)
    observed = pl.DataFrame({"SUBJ": made.who[kept], measure.variable: days})
    words = f"{row.POPULATION}, of those followed to day {PLAN.horizon} or to death"
    missing = f"nobody was followed to day {PLAN.horizon} or to death"
    add_summary(ard, pop.label, row._replace(POPULATION=words), observed, missing)


def _add_left_out(pop: Population, ard: Ard, made: DayStates) -> None:
    words = f"{TREATED} not followed to day {PLAN.horizon} or to death, left out of the medians"
    row = Row(
        "crs_days", "NOT_FOLLOWED", "n", "subjects", "count", words, made.who, CLOCK="first_dose",
        LEVEL="summary", TIME=float(PLAN.horizon), DENOM=TREATED,
    )  # fmt: skip
    add_count(ard, pop.label, row, made.who[~made.complete])
