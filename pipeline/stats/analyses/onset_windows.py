"""RESULT onset_windows: CRS and tocilizumab within hours of the dose before them (bispecific)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import polars as pl

from pipeline.stats.analyses.counts_and_summaries import add_count, add_proportion
from pipeline.stats.analyses.interventions import GIVEN
from pipeline.stats.ard import Ard, Row
from pipeline.stats.arrays import Ints
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, Population, members

_WORDS = {
    "ONSET": "onset of the first CRS",
    "ONSET_G2": "onset of the first CRS of grade 2 or more",
    "TOCILIZUMAB": "first tocilizumab for CRS or while it lasted",
}


def add_onset_windows(pop: Population, ard: Ard) -> None:
    """Share within 12, 24, 48 and 72 hours, the limit included, after all doses and each of them.

    Each subject counts once, under the dose before the event. Hours need clock times of dose and
    event; who lacks them is counted, never imputed, and is in the share of doses given but not
    inside a window. A dose after which there was no such event has no rows: by_dose has its number.
    """
    if pop.label.COHORT != "bispecific":
        return
    doses = pop.doses.select("SUBJ", "DOSESEQ", "DOSELVL", DOSED="START", DOSE_P="PRECISION")
    for variable, found in _events(pop, doses).items():
        base = Row(
            "onset_windows", variable, "", "fraction", "", "", members(pop.treated),
            CLOCK="last_dose", EPISODES="first",
        )  # fmt: skip
        reason = _ungraded(pop) if variable == "ONSET_G2" else None
        if reason:
            _add_ungraded(pop, ard, base, reason)
            continue
        _add_windows(pop, ard, replace(base, DENOM=TREATED), found)
        for groupvar, group, given in _groups(doses):
            hits = found.filter(pl.col(groupvar).cast(pl.String) == group)
            if hits.height:
                row = replace(base, GROUPVAR=groupvar, GROUP=group, n=given)
                _add_windows(pop, ard, replace(row, DENOM="subjects given that dose"), hits)


def _groups(doses: pl.DataFrame) -> Iterator[tuple[str, str, Ints]]:
    for groupvar in ("DOSESEQ", "DOSELVL"):
        named = doses.drop_nulls(groupvar).sort(groupvar, "SUBJ")
        for (group,), part in named.group_by(groupvar, maintain_order=True):
            yield groupvar, str(group), members(part)


def _events(pop: Population, doses: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """SUBJ, DOSESEQ, DOSELVL and HOURS of each subject's first event of each kind."""
    named = doses.select("SUBJ", "DOSESEQ", "DOSELVL")
    counted = pop.counted.sort("SUBJ", "NTH").with_columns(HOURS="ONSET_H")
    kinds = {"ONSET": counted, "ONSET_G2": counted.filter(pl.col("GRADE") >= 2)}
    made = {
        name: frame.unique("SUBJ", keep="first", maintain_order=True)
        .select("SUBJ", "DOSESEQ", "HOURS")
        .join(named, on=["SUBJ", "DOSESEQ"], how="left", maintain_order="left")
        for name, frame in kinds.items()
    }
    return made | {"TOCILIZUMAB": _first_tocilizumab(pop, doses)}


def _first_tocilizumab(pop: Population, doses: pl.DataFrame) -> pl.DataFrame:
    """The first of a counted episode; a dose during CRS counts as the dose before it.

    H_FROM_DOSE of interventions is there where both have times, and counts from the dose before
    onset; without times the drug belongs to that dose.
    """
    first = (
        pop.interventions.filter(pl.col("CLASS") == "tocilizumab", pl.col("INTENT").is_in(GIVEN))
        .join(pop.counted.select("EPI", ONSET_DOSE="DOSESEQ"), on="EPI", how="inner")
        .sort("SUBJ", "START", "DRUG", "INTENT")
        .unique("SUBJ", keep="first", maintain_order=True)
        .select("SUBJ", "START", "ONSET_DOSE", TIMED=pl.col("H_FROM_DOSE").is_not_null())
    )
    before = (
        first.filter("TIMED")
        .join(doses, on="SUBJ", how="inner")
        .filter(pl.col("DOSED") <= pl.col("START"))
        .sort("SUBJ", "DOSED", "DOSESEQ")
        .unique("SUBJ", keep="last", maintain_order=True)
    )
    hours = (pl.col("START") - pl.col("DOSED")) / 3600
    timed = before.select("SUBJ", BEFORE="DOSESEQ", HOURS=pl.when(DOSE_P="time").then(hours))
    return (
        first.join(timed, on="SUBJ", how="left", maintain_order="left")
        .with_columns(DOSESEQ=pl.coalesce("BEFORE", "ONSET_DOSE"))
        .join(doses, on=["SUBJ", "DOSESEQ"], how="left", maintain_order="left")
        .select("SUBJ", "DOSESEQ", "HOURS", "DOSELVL")
    )


def _add_windows(pop: Population, ard: Ard, row: Row, found: pl.DataFrame) -> None:
    """Who has no times; then per window the share of those with times, and of row.n."""
    words = _WORDS[row.VARIABLE]
    found = found.sort("SUBJ")
    who, after = found["SUBJ"].to_numpy(), found["HOURS"].cast(pl.Float64).to_numpy()
    timed, untimed = who[~np.isnan(after)], who[np.isnan(after)]
    count = replace(
        row, LEVEL="no_times", UNIT="subjects", n=who, DENOM="subjects with the event",
        POPULATION=f"{TREATED} with {words}, not timed to the hour",
    )  # fmt: skip
    add_count(ard, pop.label, count, untimed)
    note = f"{untimed.size} of {who.size} have no times and are in no window"
    for hours in PLAN.onset_windows_h:
        events = who[after <= hours]
        among = replace(
            row, LEVEL="window", TIME=float(hours), n=timed, DENOM="events with times",
            POPULATION=f"{TREATED} with {words}, timed: within {hours} hours of the dose before it",
        )  # fmt: skip
        add_proportion(ard, pop.label, among, events)
        of_given = replace(
            row, LEVEL="window", TIME=float(hours), REASON=note if untimed.size else None,
            POPULATION=f"{row.DENOM}: {words} within {hours} hours of the dose before it",
        )  # fmt: skip
        add_proportion(ard, pop.label, of_given, events)


def _ungraded(pop: Population) -> str | None:
    if pop.counted.height and pop.counted["GRADE"].is_null().all():
        return "not available, because no episode has a grade"
    return None


def _add_ungraded(pop: Population, ard: Ard, base: Row, reason: str) -> None:
    for hours in PLAN.onset_windows_h:
        row = replace(
            base, STAT="proportion", METHOD="none", LEVEL="window", TIME=float(hours),
            POPULATION=TREATED, DENOM=TREATED, STATUS="not_available", REASON=reason,
        )  # fmt: skip
        ard.add(pop.label, row)
