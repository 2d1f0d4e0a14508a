"""RESULT onset_windows: CRS and tocilizumab within hours of the dose before them (bispecific)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from pipeline.stats.analyses.counts_and_summaries import EXACT, add_count, add_proportion
from pipeline.stats.analyses.dose_attrition import followed_doses
from pipeline.stats.analyses.interventions import GIVEN
from pipeline.stats.ard import Ard, Row
from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.parts import parts_of
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, Population, members

_WORDS = {
    "ONSET": "onset of the first CRS",
    "ONSET_G2": "onset of the first CRS of grade 2 or more",
    "TOCILIZUMAB": "first tocilizumab for CRS or while it lasted",
}
_WORDS_BY_DOSE = {
    "ONSET": "onset of CRS attributed to that dose",
    "ONSET_G2": "onset of CRS of grade 2 or more attributed to that dose",
    "TOCILIZUMAB": "first tocilizumab for CRS or while it lasted after that dose, before the next",
}
_GROUPVARS = ("DOSESEQ", "DOSELVL")
GIVEN_DOSE = "subjects given that dose, not in CRS"
FIRST = f"{EXACT}; first CRS: each subject once, under the first event of all"
BY_DOSE = f"{EXACT}; any episode: each subject once for each dose, under its first event there"
NOT_IN_CRS = "doses given during an ongoing episode are left out"


class _Timed(NamedTuple):
    """Subjects with an event, sorted, and the hours of each, NaN without times."""

    who: Ints
    hours: Floats

    def within(self, hours: int) -> Ints:
        """Subjects with the event within hours, the limit included."""
        return self.who[self.hours <= hours]


def add_onset_windows(pop: Population, ard: Ard) -> None:
    """Share within 12, 24, 48 and 72 hours, the limit included, after all doses and each of them.

    Over all doses each subject counts once, with the first event ever. By dose (E6) each subject
    counts once for each dose with what is attributed to it, later episodes too; of the doses given
    those during an ongoing episode are left out, as in CRS_WINDOW of by_dose. Hours need clock
    times of dose and event; who lacks them is counted, never imputed, and is in the share of doses
    given but not inside a window. A dose after which there was no such event has no rows: by_dose
    has its number.
    """
    if pop.label.COHORT != "bispecific":
        return
    doses = followed_doses(pop).select(
        "SUBJ", "DOSESEQ", "DOSELVL", "IN_CRS", DOSED="START", DOSE_P="PRECISION"
    )
    groups = list(_groups(doses))
    for variable, found in _events(pop, doses).items():
        base = Row(
            "onset_windows", variable, "", "fraction", "", "", members(pop.treated),
            CLOCK="last_dose", EPISODES="first", DENOM=TREATED,
        )  # fmt: skip
        reason = _ungraded(pop) if variable == "ONSET_G2" else None
        if reason:
            _add_ungraded(pop, ard, base, reason)
            continue
        ever = _timed(found.unique("SUBJ", keep="first", maintain_order=True).sort("SUBJ"))
        _add_windows(pop, ard, base, ever, ever)
        by_dose = {groupvar: _by_dose(found, groupvar) for groupvar in _GROUPVARS}
        for groupvar, group, given in groups:
            hits, open_to_crs = (parts.get((group,)) for parts in by_dose[groupvar])
            if hits is None:
                continue
            row = base._replace(
                GROUPVAR=groupvar, GROUP=str(group), n=given, DENOM=GIVEN_DOSE, EPISODES="all"
            )
            of_doses = _timed(found.clear()) if open_to_crs is None else open_to_crs
            _add_windows(pop, ard, row, hits, of_doses)


def _groups(doses: pl.DataFrame) -> Iterator[tuple[str, object, Ints]]:
    """Each dose and level with those who were given it while not in CRS."""
    for groupvar in _GROUPVARS:
        named = doses.drop_nulls(groupvar).sort(groupvar, "SUBJ")
        for (group,), part in parts_of(named, groupvar).items():
            yield groupvar, group, members(part, where=~part["IN_CRS"])


def _by_dose(found: pl.DataFrame, groupvar: str) -> list[dict[tuple[Any, ...], _Timed]]:
    """First event of each subject after each dose; and after each not given in CRS."""
    all_and_open = (found, found.filter(~pl.col("IN_CRS")))
    firsts = [
        events.unique([groupvar, "SUBJ"], keep="first", maintain_order=True).sort("SUBJ")
        for events in all_and_open
    ]
    return [
        {group: _timed(part) for group, part in parts_of(events, groupvar).items()}
        for events in firsts
    ]


def _events(pop: Population, doses: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """SUBJ, DOSESEQ, DOSELVL, IN_CRS and HOURS of each event, in time order within a subject."""
    named = doses.select("SUBJ", "DOSESEQ", "DOSELVL", "IN_CRS")
    counted = pop.counted.sort("SUBJ", "NTH").with_columns(HOURS="ONSET_H")
    kinds = {"ONSET": counted, "ONSET_G2": counted.filter(pl.col("GRADE") >= 2)}
    made = {
        name: frame.select("SUBJ", "DOSESEQ", "HOURS")
        .join(named, on=["SUBJ", "DOSESEQ"], how="left", maintain_order="left")
        .with_columns(pl.col("IN_CRS").fill_null(value=False))
        for name, frame in kinds.items()
    }
    return made | {"TOCILIZUMAB": _tocilizumab(pop, doses)}


def _tocilizumab(pop: Population, doses: pl.DataFrame) -> pl.DataFrame:
    """First use in each counted episode; a dose during CRS counts as the dose before it.

    H_FROM_DOSE of interventions is there where both have times, and counts from the dose before
    onset; without times the drug belongs to that dose.
    """
    used = (
        pop.interventions.filter(pl.col("CLASS") == "tocilizumab", pl.col("INTENT").is_in(GIVEN))
        .join(pop.counted.select("EPI", ONSET_DOSE="DOSESEQ"), on="EPI", how="inner")
        .sort("SUBJ", "START", "DRUG", "INTENT")
        .with_row_index("USE")
        .select(
            "USE", "SUBJ", "START", "ONSET_DOSE", TIMED=pl.col("H_FROM_DOSE").is_not_null()
        )
    )  # fmt: skip
    before = (
        used.filter("TIMED")
        .join(doses, on="SUBJ", how="inner")
        .filter(pl.col("DOSED") <= pl.col("START"))
        .sort("USE", "DOSED", "DOSESEQ")
        .unique("USE", keep="last", maintain_order=True)
    )
    hours = (pl.col("START") - pl.col("DOSED")) / 3600
    timed = before.select("USE", BEFORE="DOSESEQ", HOURS=pl.when(DOSE_P="time").then(hours))
    return (
        used.join(timed, on="USE", how="left", maintain_order="left")
        .with_columns(DOSESEQ=pl.coalesce("BEFORE", "ONSET_DOSE"))
        .join(doses, on=["SUBJ", "DOSESEQ"], how="left", maintain_order="left")
        .select("SUBJ", "DOSESEQ", "DOSELVL", pl.col("IN_CRS").fill_null(value=False), "HOURS")
    )


def _timed(events: pl.DataFrame) -> _Timed:
    """The events of a frame that has one of each subject, or none, sorted by subject."""
    return _Timed(events["SUBJ"].to_numpy(), events["HOURS"].cast(pl.Float64).to_numpy())


def _add_windows(pop: Population, ard: Ard, row: Row, found: _Timed, of_doses: _Timed) -> None:
    """Who has no times; then per window the share of those with times, and of row.n.

    Args:
        pop: the population.
        ard: the result table.
        row: what the rows share; row.n are all treated, or those given the dose.
        found: the events, one of each subject.
        of_doses: those of them that may count in the share of row.n.
    """
    words = (_WORDS if row.GROUPVAR is None else _WORDS_BY_DOSE)[row.VARIABLE]
    method = FIRST if row.GROUPVAR is None else BY_DOSE
    known = ~np.isnan(found.hours)
    count = row._replace(
        LEVEL="no_times", UNIT="subjects", n=found.who, DENOM="subjects with the event",
        POPULATION=f"{TREATED} with {words}, not timed to the hour",
    )  # fmt: skip
    add_count(ard, pop.label, count, found.who[~known])
    unseen, all_events = int(np.isnan(of_doses.hours).sum()), of_doses.who.size
    note = f"{unseen} of {all_events} have no times and are in no window" if unseen else None
    own = method if row.GROUPVAR is None else f"{method}; {NOT_IN_CRS}"
    for hours in PLAN.onset_windows_h:
        among = row._replace(
            LEVEL="window", TIME=float(hours), n=found.who[known], DENOM="events with times",
            POPULATION=f"{TREATED} with {words}, timed: within {hours} hours of the dose before it",
        )  # fmt: skip
        add_proportion(ard, pop.label, among, found.within(hours), method)
        of_given = row._replace(
            LEVEL="window", TIME=float(hours), REASON=note,
            POPULATION=f"{row.DENOM}: {words} within {hours} hours of the dose before it",
        )  # fmt: skip
        add_proportion(ard, pop.label, of_given, of_doses.within(hours), own)


def _ungraded(pop: Population) -> str | None:
    if pop.counted.height and pop.counted["GRADE"].is_null().all():
        return "not available, because no episode has a grade"
    return None


def _add_ungraded(pop: Population, ard: Ard, base: Row, reason: str) -> None:
    for hours in PLAN.onset_windows_h:
        row = base._replace(
            STAT="proportion", METHOD="none", LEVEL="window", TIME=float(hours),
            POPULATION=TREATED, DENOM=TREATED, STATUS="not_available", REASON=reason,
        )  # fmt: skip
        ard.add(pop.label, row)
