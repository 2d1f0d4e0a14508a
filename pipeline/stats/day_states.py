"""State of each treated subject on each day from the first dose: before, in and after CRS, dead."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.stats.arrays import Floats, Ints, Mask
from pipeline.stats.population import Population, members

NOT_KNOWN = -1
NO_CRS, GRADE_1, GRADE_2, GRADE_3, NO_GRADE, RECOVERED, DEAD = range(7)
STATES = (
    "no CRS yet",
    "CRS grade 1",
    "CRS grade 2",
    "CRS grade 3-4",
    "CRS grade not known",
    "recovered",
    "dead",
)
"""Names of the states in the order of their codes."""

_OUTSIDE, _UNGRADED, _ANY = -2, -1, 5


class DayStates(NamedTuple):
    """Arrays with a row per treated subject and a column per day (1, 2, ...)."""

    who: Ints
    time: Floats
    """Day of death in follow-up, else the last day on which the subject is known to be alive."""
    died: Ints
    state: Ints
    """Code of the state, NOT_KNOWN where the subject is not followed for CRS."""
    most: Ints
    """Highest grade that a day of CRS may have: its own, else that of its episode, else 5."""

    @property
    def known(self) -> Mask:
        """Alive, followed and of known state."""
        return (self.state != NOT_KNOWN) & (self.state != DEAD)

    @property
    def complete(self) -> Mask:
        """Subjects whose state is known on every day."""
        return (self.state != NOT_KNOWN).all(axis=1)

    def crs(self, cut: int) -> Mask:
        """Days with CRS of at least a grade; from 2 on those that are known to be."""
        if cut == 1:
            return (self.state >= GRADE_1) & (self.state <= NO_GRADE)
        return (self.state >= cut) & (self.state <= GRADE_3)

    def undetermined(self, cut: int) -> Mask:
        """Days with CRS of which is not known whether it reached the grade."""
        return (self.state == NO_GRADE) & (self.most >= cut) & (cut > 1)

    @property
    def ungraded(self) -> bool:
        """Whether there are days with CRS and none of them has a grade."""
        return bool((self.state == NO_GRADE).any()) and not bool(
            ((self.state >= GRADE_1) & (self.state <= GRADE_3)).any()
        )


def day_states(pop: Population, days: int) -> DayStates:
    """States on days 1 to `days`.

    Rule: a subject is in CRS from the first to the last day of each counted episode, an episode
    that was not seen to end lasting to the last day that its record covers. The grade of the day is
    that of grade_days; a day without one (maximum-only record, not charted) is CRS of unknown
    grade. A day of known grade 0 inside an episode is free of CRS. Before the first day of CRS the
    state is "no CRS yet", on later days without CRS "recovered". Dead is the state from the day of
    death on, whatever else happened on that day. Not known are days after the last on which new
    CRS would be seen (FUPDY), also where an old episode still lasts, since otherwise only the ill
    would be known; and those after an episode whose record stops without recovery, until the next.
    """
    who = members(pop.treated)
    grid = np.arange(1, days + 1)
    died, time, followed = _ends(pop.treated)
    spans = _spans(pop.counted)
    grade, most = _grades(pop, spans, who, days)
    in_crs = (grade == _UNGRADED) | (grade >= 1)
    after = np.logical_or.accumulate(in_crs, axis=1)
    state = np.where(after, RECOVERED, NO_CRS)
    state = np.where(in_crs, np.where(grade < 0, NO_GRADE, np.minimum(grade, GRADE_3)), state)
    lost = _lost(spans, who, days) & (grade == _OUTSIDE)
    state = np.where(lost | (grid > followed[:, None]), NOT_KNOWN, state)
    state = np.where((died[:, None] == 1) & (grid >= time[:, None]), DEAD, state)
    return DayStates(who, time, died, state.astype(np.int64), most)


def _ends(treated: pl.DataFrame) -> tuple[Ints, Floats, Ints]:
    """Whether each subject died in follow-up, the day of it or the last, and the last for CRS."""
    died = (pl.col("DTHDY") <= pl.col("SEENDY")).fill_null(value=False)
    death = pl.max_horizontal(pl.col("DTHDY"), pl.lit(1))
    ends = treated.sort("SUBJ").select(
        DIED=died.cast(pl.Int64),
        LAST=pl.when(died).then(death).otherwise("SEENDY").cast(pl.Float64),
        FOLLOWED="FUPDY",
    )
    return ends["DIED"].to_numpy(), ends["LAST"].to_numpy(), ends["FOLLOWED"].to_numpy()


def _spans(counted: pl.DataFrame) -> pl.DataFrame:
    """First and last day of each episode, and the first day of the subject's next one."""
    return counted.sort("SUBJ", "NTH").select(
        "SUBJ",
        "ASTDY",
        "RECOVERED",
        "GRADE",
        STOP=pl.when("RECOVERED").then("AENDY").otherwise("LASTDY"),
        NEXT=pl.col("ASTDY").shift(-1).over("SUBJ"),
    )


def _grades(pop: Population, spans: pl.DataFrame, who: Ints, days: int) -> tuple[Ints, Ints]:
    """Grade of each day of CRS (-1 without one), -2 on other days; and the most that it may be."""
    given = pop.grade_days.select("SUBJ", "DY", DAYGRADE="GRADE")
    rows = (
        _each_day(spans, pl.col("ASTDY"), pl.col("STOP"), days)
        .join(given, on=["SUBJ", "DY"], how="left")
        .group_by("SUBJ", "DY")
        .agg(
            pl.col("DAYGRADE").max().fill_null(_UNGRADED),
            MOST=pl.coalesce("DAYGRADE", "GRADE", pl.lit(_ANY)).max(),
        )
    )
    grade = np.full((who.size, days), _OUTSIDE)
    most = np.zeros((who.size, days), dtype=np.int64)
    place = _place(rows, who)
    grade[place] = rows["DAYGRADE"].to_numpy()
    most[place] = rows["MOST"].to_numpy()
    return grade, most


def _lost(spans: pl.DataFrame, who: Ints, days: int) -> Mask:
    """Days after an episode that was not seen to end, until the next one."""
    open_ended = spans.filter(~pl.col("RECOVERED"))
    until = pl.coalesce(pl.col("NEXT") - 1, pl.lit(days))
    rows = _each_day(open_ended, pl.col("STOP") + 1, until, days)
    lost = np.zeros((who.size, days), dtype=np.bool_)
    lost[_place(rows, who)] = True
    return lost


def _each_day(spans: pl.DataFrame, first: pl.Expr, last: pl.Expr, days: int) -> pl.DataFrame:
    """One row per day from first to last, those up to `days`."""
    stop = pl.min_horizontal(last, pl.lit(days)) + 1
    return (
        spans.with_columns(DY=pl.int_ranges(first, pl.max_horizontal(stop, first), dtype=pl.Int64))
        .explode("DY")
        .drop_nulls("DY")
    )


def _place(rows: pl.DataFrame, who: Ints) -> tuple[Ints, Ints]:
    return np.searchsorted(who, rows["SUBJ"].to_numpy()), rows["DY"].to_numpy() - 1
