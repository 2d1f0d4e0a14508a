"""RESULT signs: signs and symptoms of CRS, as recorded and as found, never mixed."""

from __future__ import annotations

import polars as pl

from pipeline.stats.analyses.counts_and_summaries import add_proportion, add_summary
from pipeline.stats.analyses.elapsed import elapsed_day
from pipeline.stats.analyses.severe import add_severe
from pipeline.stats.ard import Ard, Row
from pipeline.stats.parts import parts_of
from pipeline.stats.population import Population, members

WORDS = {
    "recorded": "as the investigator recorded it (AE)",
    "derived": "as vital signs and support show it",
}


def add_signs(pop: Population, ard: Ard) -> None:
    """Share of subjects with CRS who had each sign, of any grade and of grade 3 or more; its day.

    In the first episode and in any; recorded and derived signs apart. The day is that of the first
    occurrence in the first episode, counted from onset; it is negative where an adverse event that
    overlaps the episode began before it. Signs of other studies of the pool are reported too.
    """
    onsets = pop.counted.select("EPI", "NTH", ONSETDY="ASTDY")
    seen = pop.signs.join(onsets, on="EPI", how="inner").with_columns(
        DAY=elapsed_day("ASTDY") - elapsed_day("ONSETDY")
    )
    parts = parts_of(seen, "SIGN", "SOURCE")
    firsts = parts_of(seen.filter(pl.col("NTH") == 1), "SIGN", "SOURCE")
    for sign, source in pop.signs_seen:
        part = parts.get((sign, source), seen.clear())
        row = Row(
            "signs", source.upper(), "", "fraction", "", f"{pop.with_crs}; sign {WORDS[source]}",
            members(pop.first), GROUPVAR="SIGN", GROUP=sign, DENOM="subjects with CRS",
            CLOCK="onset",
        )  # fmt: skip
        first = firsts.get((sign, source), seen.clear())
        for episodes, had in (("first", first), ("all", part)):
            _add_shares(pop, ard, row._replace(EPISODES=episodes), had, source)
        if first.height:
            name = f"{source.upper()}_D"
            row = row._replace(VARIABLE=name, UNIT="days", EPISODES="first", n=members(first))
            row = row._replace(DENOM="subjects with this sign in the first episode")
            words = f"{row.POPULATION}: days elapsed from onset to its start, 0 = same day"
            row = row._replace(POPULATION=words)
            add_summary(ard, pop.label, row, first.rename({"DAY": name}), "it has no day")


def _add_shares(pop: Population, ard: Ard, row: Row, had: pl.DataFrame, source: str) -> None:
    add_proportion(ard, pop.label, row._replace(LEVEL="any"), members(had))
    if source == "derived":
        return
    add_severe(pop, ard, row, had, "sign")
