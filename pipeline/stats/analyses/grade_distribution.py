"""RESULT grade_distribution: worst CRS grade of each treated subject."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from pipeline.stats.analyses.counts_and_summaries import EXACT, add_proportion
from pipeline.stats.ard import Ard, Row
from pipeline.stats.arrays import Ints
from pipeline.stats.parts import parts_of
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, Population, members

WHOLE = (
    f"{EXACT}; worst grade in all of follow-up, which differs between cohorts: they are compared "
    "to one day in RESULT difference"
)
GRADES = ("0", "1", "2", "3", "4", "5")


def add_grade_distribution(pop: Population, ard: Ard, groupvar: str | None = None) -> None:
    """Proportion of treated subjects at each worst grade, at or above each cut, and unknown."""
    worst = worst_grades(pop)
    base = Row(
        "grade_distribution", "MAXGRADE", "proportion", "fraction", "", TREATED, members(worst)
    )
    base = base._replace(ESTIMAND="E3", EPISODES="worst", CLOCK="first_dose", DENOM=TREATED)
    if groupvar is None:
        _add_levels(pop, ard, base, worst)
        return
    for (group,), part in parts_of(worst.sort(groupvar, "SUBJ"), groupvar).items():
        name = "not stated" if group is None else str(group)
        row = base._replace(n=members(part), GROUPVAR=groupvar, GROUP=name)
        _add_levels(pop, ard, row, part)


@lru_cache(maxsize=8)  # asked for over and again, of one population after the other
def worst_grades(pop: Population) -> pl.DataFrame:
    """Worst grade of each treated subject: WORST 0-5, or NA.

    Rule: without an episode 0. A known grade of 1 or more stands also if another episode has
    none; otherwise an episode without a grade makes the worst grade unknown (NA).
    """
    episodes = pop.episodes.filter(~pl.col("STANDING").is_in(["PRE_DOSE", "AFTER_FOLLOW_UP"]))
    known = episodes.group_by("SUBJ").agg(
        MAX=pl.col("GRADE").max().fill_null(0), UNKNOWN=pl.col("GRADE").is_null().any()
    )
    worst = pop.treated.join(known, on="SUBJ", how="left", maintain_order="left")
    unknown = (pl.col("MAX") == 0) & pl.col("UNKNOWN")
    return worst.with_columns(
        WORST=pl.when(unknown)
        .then(pl.lit("NA"))
        .otherwise(pl.col("MAX").fill_null(0).cast(pl.String))
    )


def at_least(worst: pl.DataFrame, cut: int, basis: str) -> Ints:
    """Subjects at or above a grade; recorded CRS without a grade is at least grade 1."""
    levels = [g for g in GRADES if int(g) >= cut]
    if cut == 1 and basis == "collected":
        levels.append("NA")
    return members(worst, where=worst["WORST"].is_in(levels))


def missing_grades(worst: pl.DataFrame) -> tuple[str | None, bool]:
    """Remark on subjects of unknown grade, and whether no subject with CRS has a grade."""
    grade = worst["WORST"]
    unknown = (grade == "NA").sum()
    graded = grade.is_in(GRADES[1:]).sum()
    if unknown and not graded:
        return f"not available, because none of {unknown} subjects with CRS has a grade", True
    if unknown:
        return f"{unknown} subjects with CRS have no grade and are counted under NA", False
    return None, False


def _add_levels(pop: Population, ard: Ard, base: Row, worst: pl.DataFrame) -> None:
    remark, none_graded = missing_grades(worst)
    sets = {g: members(worst, where=worst["WORST"] == g) for g in (*GRADES, "NA")}
    basis = pop.label.BASIS
    sets |= {f">={cut}": at_least(worst, cut, basis) for cut in PLAN.grade_cuts}
    always = {"0", "NA", ">=1"} if basis == "collected" else {"0", "NA"}
    for level, events in sets.items():
        if none_graded and level not in always:
            row = base._replace(LEVEL=level, events=events, REASON=remark, STATUS="not_available")
            ard.add(pop.label, row._replace(METHOD="worst grade of each subject"))
        else:
            note = None if level in always else remark
            row = base._replace(LEVEL=level, REASON=note)
            add_proportion(ard, pop.label, row, events, WHOLE)
