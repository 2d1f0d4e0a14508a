"""RESULT events: neurotoxicity, HLH-like syndrome, organ complications and infection beside CRS."""

from __future__ import annotations

import polars as pl

from pipeline.stats.analyses.counts_and_summaries import add_proportion, add_summary
from pipeline.stats.analyses.elapsed import elapsed_day
from pipeline.stats.analyses.severe import add_severe
from pipeline.stats.ard import Ard, Row
from pipeline.stats.parts import Parts, parts_of
from pipeline.stats.population import TREATED, Population, members

RELATIONS = ("with CRS", "after CRS", "before CRS", "no CRS")
ALWAYS = (
    "ICANS", "HLH-like", "capillary leak", "cardiac", "renal", "hepatic", "respiratory",
    "infection",
)  # fmt: skip
"""Reported also where nobody had one: that there was none is what a reader looks for."""

_DAYS = {
    "D_FROM_FIRST": ("first_dose", "days elapsed from the first dose to the first event"),
    "D_FROM_DOSE": ("last_dose", "days elapsed from the dose before it to the first event"),
    "D_FROM_ONSET": (
        "onset",
        "days elapsed from onset to the first event with or after an episode of CRS",
    ),
}


def add_events(pop: Population, ard: Ard) -> None:
    """Share of treated subjects with each kind of event, its severity, relation to CRS and days.

    Counted from the first dose to the end of follow-up, whatever the relation to treatment; LEVEL
    related leaves out what was recorded as not related. A relation is one in time: with CRS
    overlaps an episode that counts here. A subject with several events of a kind counts once per
    line, and in each relation that one of them has.
    """
    emergent = _emergent(pop)
    parts = parts_of(emergent, "EVENT")
    timed = {column: _first_with(emergent, column) for column in _DAYS}
    kinds = (*ALWAYS, *(k for k in pop.events_seen if k not in ALWAYS))
    for kind in kinds:
        part = parts.get((kind,), emergent.clear())
        row = Row(
            "events", "EVENT", "", "fraction", "", TREATED, members(pop.treated),
            GROUPVAR="EVENT", GROUP=kind, DENOM=TREATED, CLOCK="first_dose",
        )  # fmt: skip
        add_proportion(ard, pop.label, row._replace(LEVEL="any"), members(part))
        related = members(part, where=part["UNRELATED"].is_null())
        add_proportion(ard, pop.label, row._replace(LEVEL="related"), related)
        add_severe(pop, ard, row, part, "event")
        if part.height:
            _add_relations(pop, ard, row, part)
            firsts = {c: by_kind.get((kind,), part.clear()) for c, by_kind in timed.items()}
            _add_days(pop, ard, row._replace(n=members(part)), firsts)


def _emergent(pop: Population) -> pl.DataFrame:
    """Events from the first dose to the end of follow-up, placed beside the counted episodes."""
    first_dose = pop.doses.filter(pl.col("DOSESEQ") == 1).select(
        "SUBJ", DOSE="START", DOSE_P="PRECISION"
    )
    timed = (pl.col("PRECISION") == "time") & (pl.col("DOSE_P") == "time")
    before = (timed & (pl.col("START") < pl.col("DOSE"))).fill_null(value=False)
    counts = pl.col("EPI").is_in(pop.counted["EPI"].implode()).fill_null(value=False)
    since = pl.col("RELATION").is_in(["with CRS", "after CRS"])
    return (
        pop.events.join(pop.treated.select("SUBJ", "FUPDY"), on="SUBJ", how="inner")
        .join(first_dose, on="SUBJ", how="left")
        .filter(pl.col("ASTDY").is_between(1, pl.col("FUPDY")), ~before)
        .with_columns(RELATION=pl.when(counts).then("RELATION").otherwise(pl.lit("no CRS")))
        .with_columns(
            D_FROM_FIRST=elapsed_day("ASTDY"), D_FROM_ONSET=pl.when(since).then("D_FROM_ONSET")
        )
        .sort("SUBJ", "START", "SRCSEQ")
    )


def _add_relations(pop: Population, ard: Ard, row: Row, part: pl.DataFrame) -> None:
    for relation in RELATIONS:
        events = members(part, where=part["RELATION"] == relation)
        placed = row._replace(VARIABLE="RELATION", LEVEL=relation)
        add_proportion(ard, pop.label, placed, events)


def _first_with(emergent: pl.DataFrame, column: str) -> Parts:
    """By kind the first event of each subject that has a value."""
    there = emergent.drop_nulls(column).unique(["EVENT", "SUBJ"], keep="first", maintain_order=True)
    return parts_of(there, "EVENT")


def _add_days(pop: Population, ard: Ard, row: Row, firsts: dict[str, pl.DataFrame]) -> None:
    row = row._replace(UNIT="days", DENOM="subjects with such an event")
    for column, (clock, words) in _DAYS.items():
        placed = row._replace(
            VARIABLE=column, CLOCK=clock,
            POPULATION=f"{TREATED} with such an event: {words}, 0 = same day",
        )  # fmt: skip
        missing = "none was with or after CRS" if clock == "onset" else f"{column} is not known"
        add_summary(ard, pop.label, placed, firsts[column], missing)
