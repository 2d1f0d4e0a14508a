"""Worst grade up to a day, so that cohorts that were followed differently can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.stats.analyses.grade_distribution import at_least, missing_grades
from pipeline.stats.arrays import Ints
from pipeline.stats.population import Population, members


class Compared(NamedTuple):
    """Both cohorts at one cut, first minus second."""

    known: list[pl.DataFrame]
    """worst_to_day of those whose grade is known at this cut."""
    reached: list[Ints]
    """Those of them at or above the cut."""
    lost: int
    """How many of them were lost before the day without having reached the cut."""
    unknown: str | None
    """Why nothing is told, where a cohort has CRS and no grade of it."""
    ungraded: str | None
    """How many are left out without a grade."""
    short: str | None
    """How many were followed for less, where that matters."""

    @property
    def who(self) -> Ints:
        """Subjects of both cohorts, sorted."""
        return np.sort(np.concatenate([members(k) for k in self.known]))

    @property
    def events(self) -> Ints:
        """Subjects of both cohorts at or above the cut, sorted."""
        return np.sort(np.concatenate(self.reached))


def worst_to_day(pop: Population, day: int) -> pl.DataFrame:
    """Worst grade of each treated subject up to a day: WORST 0-5, or NA; and FOLLOWED.

    Rule: as for E1 and E2, what comes after death, discontinuation or the end of follow-up does
    not count, and a grade counts from the day on which it was first reached. A known grade of 1 or
    more stands also if another episode has none; otherwise an episode without a grade makes the
    worst grade unknown. FOLLOWED: to that day, or to death or discontinuation before it.
    """
    seen = pl.min_horizontal("FUPDY", pl.lit(pop.collected_to))
    stop = pl.min_horizontal("DTHDY", "DSDY")
    subjects = pop.treated.select(
        "SUBJ",
        "COHORT",
        UNTILDY=pl.max_horizontal(pl.min_horizontal(seen, stop, pl.lit(day)), pl.lit(1)),
        FOLLOWED=(seen >= day) | (stop <= seen).fill_null(value=False),
    )
    ungraded = pl.col("STANDING").is_in(["COUNTED", "NO_GRADE"]) & pl.col("GRADE").is_null()
    graded = pop.episodes.filter(pl.col("GRADE") >= 1).select("EPI")
    reached = pop.reached.join(graded, on="EPI", how="semi")
    worst = _within(reached, subjects, "DY").group_by("SUBJ").agg(MAX=pl.col("CUT").max())
    open_grade = _within(pop.episodes.filter(ungraded), subjects, "ASTDY").select("SUBJ")
    grade = (
        pl.when(pl.col("MAX").is_null() & pl.col("SUBJ").is_in(open_grade["SUBJ"].to_list()))
        .then(pl.lit("NA"))
        .otherwise(pl.col("MAX").fill_null(0).cast(pl.String))
    )
    made = subjects.join(worst, on="SUBJ", how="left").with_columns(WORST=grade)
    return made.select("SUBJ", "COHORT", "WORST", "FOLLOWED").sort("SUBJ")


def compared(worst: Sequence[pl.DataFrame], cut: int, basis: str, day: int) -> Compared:
    """Both cohorts at a cut.

    Rule: recorded CRS without a grade counts as grade 1 or more; from all else subjects of unknown
    grade are left out, on the derived basis from any CRS too.

    Args:
        worst: worst_to_day of each cohort.
        cut: the grade.
        basis: collected or derived.
        day: the day of worst.
    """
    any_recorded = cut == 1 and basis == "collected"
    known = [w if any_recorded else w.filter(pl.col("WORST") != "NA") for w in worst]
    none_graded = (why for why, none in map(missing_grades, worst) if none)
    reached = [at_least(k, cut, basis) for k in known]
    lost = sum(
        k.filter(~pl.col("FOLLOWED"), ~pl.col("SUBJ").is_in(r.tolist())).height
        for k, r in zip(known, reached, strict=True)
    )
    short = _followed_less(known, day) if lost else None
    unknown = None if any_recorded else next(none_graded, None)
    return Compared(known, reached, lost, unknown, _left_out(worst, known), short)


def followed_only(at: Compared, day: int) -> Compared:
    """The comparison without those not followed to the day, whether or not they had CRS.

    To keep those of them who had CRS would make CRS look more frequent than it is.
    """
    known = [k.filter("FOLLOWED") for k in at.known]
    kept = [np.intersect1d(r, members(k)) for r, k in zip(at.reached, known, strict=True)]
    gone = at.who.size - sum(k.height for k in known)
    note = f"{gone} followed for less than {day} days are left out"
    return at._replace(known=known, reached=kept, lost=0, short=note)


def _within(events: pl.DataFrame, subjects: pl.DataFrame, day: str) -> pl.DataFrame:
    return events.join(subjects, on="SUBJ", how="inner").filter(pl.col(day) <= pl.col("UNTILDY"))


def _left_out(worst: Sequence[pl.DataFrame], known: Sequence[pl.DataFrame]) -> str | None:
    gone = sum(w.height for w in worst) - sum(k.height for k in known)
    return f"{gone} subjects with CRS have no grade and are left out" if gone else None


def _followed_less(known: Sequence[pl.DataFrame], day: int) -> str | None:
    told = ", ".join(
        f"{k.height - k['FOLLOWED'].sum()} of {k.height} in {k['COHORT'][0]}"
        for k in known
        if k.height
    )
    return f"followed for less than {day} days: {told}"
