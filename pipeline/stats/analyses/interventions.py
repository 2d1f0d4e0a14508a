"""RESULT interventions: drugs and support given for CRS or while it lasted."""

from __future__ import annotations

import polars as pl

from pipeline.stats.analyses.counts_and_summaries import add_proportion
from pipeline.stats.ard import Ard, Row
from pipeline.stats.population import TREATED, Population, members

GIVEN = ("treatment", "unknown")
"""INTENT that counts; prophylaxis and premedication do not."""


def add_interventions(pop: Population, ard: Ard, classes: list[str]) -> None:
    """Per class: subjects who got it in a counted episode, of those with CRS and of all treated."""
    used = pop.interventions.filter(pl.col("INTENT").is_in(GIVEN)).join(
        pop.counted.select("EPI"), on="EPI", how="semi"
    )
    base = Row("interventions", "CLASS", "proportion", "fraction", "", "", members(pop.treated))
    base = base._replace(EPISODES="all", CLOCK="onset")
    with_crs = members(pop.first)
    for name in classes:
        events = members(used, where=used["CLASS"] == name)
        row = base._replace(LEVEL=name, POPULATION=pop.with_crs, DENOM="subjects with CRS")
        add_proportion(ard, pop.label, row._replace(n=with_crs), events)
        row = base._replace(LEVEL=name, POPULATION=TREATED, DENOM=TREATED)
        add_proportion(ard, pop.label, row, events)
