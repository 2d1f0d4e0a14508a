"""RESULT by_dose: CRS attributed to each dose, of those who were given it (bispecific)."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.stats.analyses.counts_and_summaries import (
    EXACT,
    add_count,
    add_proportion,
    add_summary,
)
from pipeline.stats.analyses.dose_attrition import add_attrition, followed_doses
from pipeline.stats.ard import Ard, Row
from pipeline.stats.parts import parts_of
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, Population, members

GIVEN = "subjects given that dose"


def add_by_dose(pop: Population, ard: Ard) -> None:
    """By running number and by nominal level; the denominator of a dose is who was given it.

    An episode belongs to the last dose at or before its onset (episodes.DOSESEQ); a subject
    counts once per dose or level, with the first episode there. What became of the subjects
    between a dose and the next is told by running number only.
    """
    if pop.label.COHORT != "bispecific":
        return
    doses = followed_doses(pop)
    named = doses.select("SUBJ", "DOSESEQ", "DOSELVL", "IN_CRS")
    crs = pop.counted.join(named, on=["SUBJ", "DOSESEQ"], how="inner").sort("SUBJ", "NTH")
    for groupvar in ("DOSESEQ", "DOSELVL"):
        groups = doses.drop_nulls(groupvar).sort(groupvar, "SUBJ", "DOSESEQ")
        by_group = parts_of(crs, groupvar)
        firsts = parts_of(
            crs.unique([groupvar, "SUBJ"], keep="first", maintain_order=True), groupvar
        )
        for (group,), given in parts_of(groups, groupvar).items():
            hits = by_group.get((group,), crs.clear())
            row = Row(
                "by_dose", "CRS", "", "subjects", "", f"{TREATED} given that dose", members(given),
                ESTIMAND="E6", CLOCK="last_dose", EPISODES="all", GROUPVAR=groupvar,
                GROUP=str(group), LEVEL="summary", DENOM=GIVEN,
            )  # fmt: skip
            _add_dose(pop, ard, row, firsts.get((group,), crs.clear()))
            _add_grades(pop, ard, row, hits)
            _add_window(pop, ard, row, given, hits)
            if groupvar == "DOSESEQ":
                add_attrition(pop, ard, row, given, hits)


def _add_dose(pop: Population, ard: Ard, row: Row, first: pl.DataFrame) -> None:
    """How many were given the dose, and had CRS after it; days to the first such CRS of each."""
    events = members(first)
    add_count(ard, pop.label, row._replace(VARIABLE="DOSED"), row.n)
    add_count(ard, pop.label, row, events)
    add_proportion(ard, pop.label, row, events)
    words = f"{pop.with_crs} after that dose: days elapsed from it to onset, 0 = same day"
    row = row._replace(VARIABLE="ONSET_D", UNIT="days", POPULATION=words, n=events)
    row = row._replace(DENOM="subjects with CRS after that dose")
    missing = "there was no CRS after that dose"
    add_summary(ard, pop.label, row, first, missing)


def _add_grades(pop: Population, ard: Ard, row: Row, hits: pl.DataFrame) -> None:
    """CRS of grade 2 or more, and 3 or more; an episode without a grade is in neither."""
    grade = hits["GRADE"]
    unknown = members(hits, where=grade.is_null()).size if grade.has_nulls() else 0
    ungraded = unknown > 0 and grade.null_count() == hits.height
    for cut in PLAN.dose_cuts:
        graded = row._replace(VARIABLE=f"CRS_G{cut}")
        if ungraded:
            why = f"not available, because none of {unknown} subjects with CRS has a grade"
            graded = graded._replace(STATUS="not_available", REASON=why, METHOD=EXACT)
            ard.add(pop.label, graded._replace(STAT="proportion", UNIT="fraction"))
            continue
        events = members(hits, where=grade >= cut)
        note = f"{unknown} subjects with CRS without a grade are not counted here"
        graded = graded._replace(REASON=note if unknown else None)
        add_count(ard, pop.label, graded, events)
        add_proportion(ard, pop.label, graded, events)


def _add_window(
    pop: Population, ard: Ard, row: Row, given: pl.DataFrame, hits: pl.DataFrame
) -> None:
    """E6 as planned: CRS within 7 days of the dose and before the next, of doses not given in CRS.

    A later dose takes the episodes after it, so what is attributed to this one is before the next.
    """
    days = PLAN.dose_window_d
    n = members(given, where=~given["IN_CRS"])
    events = members(hits, where=(hits["ONSET_D"] <= days) & ~hits["IN_CRS"])
    lost = np.setdiff1d(members(given, where=given["SHORT"] & ~given["IN_CRS"]), events).size
    note = f"{lost} of {n.size} were followed for less than {days} days after it, without CRS"
    words = f"{TREATED} given that dose while not in CRS: onset within {days} days of it"
    row = row._replace(
        VARIABLE="CRS_WINDOW", ESTIMAND="E6-window", TIME=float(days), n=n,
        REASON=note if lost else None, POPULATION=f"{words} and before the next",
        DENOM="subjects given that dose, not in CRS",
    )  # fmt: skip
    add_count(ard, pop.label, row, events)
    add_proportion(ard, pop.label, row, events)
