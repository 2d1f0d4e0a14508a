"""RESULT by_dose: CRS attributed to each dose, of those who were given it (bispecific)."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from pipeline.stats.analyses.counts_and_summaries import add_count, add_proportion, add_summary
from pipeline.stats.ard import Ard, Row
from pipeline.stats.population import TREATED, Population, members

GIVEN = "subjects given that dose"


def add_by_dose(pop: Population, ard: Ard) -> None:
    """By running number and by nominal level; the denominator of a dose is who was given it.

    An episode belongs to the last dose at or before its onset (episodes.DOSESEQ); a subject
    counts once per dose or level, with the first episode there.
    """
    if pop.label.COHORT != "bispecific":
        return
    doses = pop.doses.select("SUBJ", "DOSESEQ", "DOSELVL")
    crs = pop.counted.join(doses, on=["SUBJ", "DOSESEQ"], how="inner").sort("SUBJ", "NTH")
    for groupvar in ("DOSESEQ", "DOSELVL"):
        groups = doses.drop_nulls(groupvar).sort(groupvar, "SUBJ")
        for (group,), given in groups.group_by(groupvar, maintain_order=True):
            hits = crs.filter(pl.col(groupvar) == group)
            row = Row(
                "by_dose", "CRS", "", "subjects", "", f"{TREATED} given that dose", members(given),
                ESTIMAND="E6", CLOCK="last_dose", EPISODES="all", GROUPVAR=groupvar,
                GROUP=str(group), LEVEL="summary", DENOM=GIVEN,
            )  # fmt: skip
            _add_dose(pop, ard, row, hits)


def _add_dose(pop: Population, ard: Ard, row: Row, hits: pl.DataFrame) -> None:
    events = members(hits)
    add_count(ard, pop.label, replace(row, VARIABLE="DOSED"), row.n)
    add_count(ard, pop.label, row, events)
    add_proportion(ard, pop.label, row, events)
    first = hits.unique("SUBJ", keep="first", maintain_order=True)
    words = f"{pop.with_crs} after that dose: days elapsed from it to onset, 0 = same day"
    row = replace(row, VARIABLE="ONSET_D", UNIT="days", POPULATION=words, n=events)
    row = replace(row, DENOM="subjects with CRS after that dose")
    missing = "there was no CRS after that dose"
    add_summary(ard, pop.label, row, first, missing)
