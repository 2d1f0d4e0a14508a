"""RESULT recovery_by_grade: recovery from the first episode by its maximum grade, and from it."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.stats.analyses.counts_and_summaries import add_count
from pipeline.stats.analyses.curves import AALEN_JOHANSEN, Curve, add_curve_rows
from pipeline.stats.analyses.maximum_grade import (
    KNOWN_LATER,
    RECOVERABLE,
    by_maximum_grade,
    no_grade_at_all,
)
from pipeline.stats.ard import NOBODY, Ard, Row
from pipeline.stats.cumulative_incidence import cumulative_incidence
from pipeline.stats.plan import PLAN
from pipeline.stats.population import Population, members

ANY = "any"
CLOCKS = {"TTREC": "onset", "TTRECMX": "maximum"}


def add_recovery_by_grade(pop: Population, ard: Ard) -> None:
    """Curves with death competing for grades 1, 2 and 3-4, from onset and from the maximum.

    From the day of the maximum there is also a curve of all who have such a day; from onset that
    is recovery_cif. Grade 5 never recovers and has no curve; its number is printed.
    """
    groups = by_maximum_grade(pop.first)
    base = Row(
        "recovery_by_grade", "", "", "fraction",
        f"{AALEN_JOHANSEN}; death competes; {KNOWN_LATER}", pop.with_crs, NOBODY,
        EPISODES="first", GROUPVAR="MAXGRADE", DENOM="subjects with CRS of that grade",
    )  # fmt: skip
    missing = no_grade_at_all(pop.first)
    for paramcd, clock in CLOCKS.items():
        estimand = "E4" if clock == "onset" else "E4-maximum"
        row = base._replace(VARIABLE=paramcd, CLOCK=clock, ESTIMAND=estimand)
        chosen = {g: groups[g] for g in RECOVERABLE}
        if paramcd == "TTRECMX":
            chosen = {ANY: pop.first} | chosen
        for group, part in chosen.items():
            named = row._replace(GROUP=group, POPULATION=_words(pop, paramcd, group))
            if missing:
                _add_ungraded(pop, ard, named._replace(n=members(part)), missing)
            else:
                curve = _curve(pop, paramcd, part)
                add_curve_rows(ard, pop.label, named, curve, PLAN.recovery_landmarks)
    _add_counts(pop, ard, base, groups)


def _words(pop: Population, paramcd: str, group: str) -> str:
    words = pop.with_crs
    if group != ANY:
        words = f"{words} of maximum grade {group} (grade known later)"
    if paramcd == "TTRECMX":
        words = f"{words}, day of the maximum known; day of the maximum = 1"
    return words


def _curve(pop: Population, paramcd: str, part: pl.DataFrame) -> Curve:
    time, code, who = pop.times(paramcd)
    mine = np.isin(who, members(part))
    time, code, who = time[mine], code[mine], who[mine]
    fit = cumulative_incidence(time, code, PLAN.conf)
    return Curve(fit, fit.counts, time, code, who, "cumulative_incidence")


def _add_ungraded(pop: Population, ard: Ard, row: Row, reason: str) -> None:
    row = row._replace(LEVEL="landmark", STAT="cumulative_incidence", STATUS="not_available")
    for day in PLAN.recovery_landmarks:
        ard.add(pop.label, row._replace(TIME=float(day), REASON=reason))


def _add_counts(pop: Population, ard: Ard, base: Row, groups: dict[str, pl.DataFrame]) -> None:
    """Size of each group, and how many have no day of the maximum to count from."""
    first = members(pop.first)
    row = base._replace(UNIT="subjects", LEVEL="summary", n=first, CLOCK="onset")
    row = row._replace(DENOM="subjects with CRS", POPULATION=f"{pop.with_crs}, by maximum grade")
    for group, part in groups.items():
        add_count(ard, pop.label, row._replace(VARIABLE="WITH_CRS", GROUP=group), members(part))
    without = np.setdiff1d(first, pop.times("TTRECMX")[2])
    row = row._replace(VARIABLE="NO_DAY_OF_MAXIMUM", GROUP=ANY, CLOCK="maximum")
    words = f"{pop.with_crs}, no day of the maximum before the end of the episode or of follow-up"
    add_count(ard, pop.label, row._replace(POPULATION=words), without)
