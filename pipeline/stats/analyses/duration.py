"""RESULT duration: how long first episodes lasted that were seen to end, and how many were not."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from pipeline.stats.analyses.counts_and_summaries import add_count, add_summary
from pipeline.stats.ard import Ard, Row
from pipeline.stats.population import Population, members


def add_duration(pop: Population, ard: Ard) -> None:
    """Duration in days (end - onset + 1) and hours among those who recovered; number who did not.

    Leaving those out who were still ill makes this shorter than the truth; recovery_km does not.
    """
    first = pop.first
    ended = first.filter(pl.col("RECOVERED")).with_columns(
        DURATION_D=pl.col("AENDY") - pl.col("ASTDY") + 1
    )
    base = Row(
        "duration", "", "", "days", "", f"{pop.with_crs}, first episode seen to end",
        members(first), CLOCK="onset", EPISODES="first", DENOM="subjects with CRS",
    )  # fmt: skip
    for column, unit in (("DURATION_D", "days"), ("DURATION_H", "hours")):
        row = replace(base, VARIABLE=column, UNIT=unit)
        missing = "no first episode was seen to end" if not ended.height else "there are no times"
        add_summary(ard, pop.label, row, ended, missing)
    row = replace(base, VARIABLE="NOT_ENDED", UNIT="subjects", LEVEL="summary")
    row = replace(row, POPULATION=f"{pop.with_crs}, first episode not seen to end")
    add_count(ard, pop.label, row, members(first.filter(~pl.col("RECOVERED"))))
