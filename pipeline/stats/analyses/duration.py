"""RESULT duration: how long first episodes lasted that were seen to end, and how many were not."""

from __future__ import annotations

import polars as pl

from pipeline.stats.analyses.counts_and_summaries import FIVE, add_count, add_summary
from pipeline.stats.analyses.maximum_grade import RECOVERABLE, by_maximum_grade, no_grade_at_all
from pipeline.stats.ard import Ard, Row
from pipeline.stats.population import Population, members
from pipeline.stats.quantiles import Summary


def add_duration(pop: Population, ard: Ard) -> None:
    """Duration in days (end - onset + 1) and hours among those who recovered; number who did not.

    Leaving those out who were still ill makes this shorter than the truth; recovery_km does not.
    By maximum grade of the episode also, which is known only afterwards; grade 5 has no duration,
    since it never recovers, but its number.
    """
    base = Row(
        "duration", "", "", "days", "", pop.with_crs, members(pop.first), CLOCK="onset",
        EPISODES="first", DENOM="subjects with CRS",
    )  # fmt: skip
    first = pop.first.with_columns(DURATION_D=pl.col("AENDY") - pl.col("ASTDY") + 1)
    _add_lasting(pop, ard, base, first)
    _add_not_ended(pop, ard, base, first)
    missing = no_grade_at_all(first)
    for group, part in by_maximum_grade(first).items():
        row = base._replace(
            n=members(part), GROUPVAR="MAXGRADE", GROUP=group,
            DENOM="subjects with CRS of that grade",
            POPULATION=f"{pop.with_crs} of maximum grade {group} (grade known later)",
        )  # fmt: skip
        if group in RECOVERABLE and missing:
            _add_ungraded(pop, ard, row, missing)
        elif group in RECOVERABLE:
            _add_lasting(pop, ard, row, part)
        _add_not_ended(pop, ard, row, part)


def _add_lasting(pop: Population, ard: Ard, base: Row, first: pl.DataFrame) -> None:
    ended = first.filter(pl.col("RECOVERED"))
    base = base._replace(POPULATION=f"{base.POPULATION}, first episode seen to end")
    for column, unit in (("DURATION_D", "days"), ("DURATION_H", "hours")):
        row = base._replace(VARIABLE=column, UNIT=unit)
        missing = "no first episode was seen to end" if not ended.height else "there are no times"
        add_summary(ard, pop.label, row, ended, missing)


def _add_ungraded(pop: Population, ard: Ard, base: Row, reason: str) -> None:
    row = base._replace(LEVEL="summary", METHOD=FIVE, STATUS="not_available", REASON=reason)
    for column, unit in (("DURATION_D", "days"), ("DURATION_H", "hours")):
        for stat in Summary._fields:
            ard.add(pop.label, row._replace(VARIABLE=column, UNIT=unit, STAT=stat))


def _add_not_ended(pop: Population, ard: Ard, base: Row, first: pl.DataFrame) -> None:
    row = base._replace(VARIABLE="NOT_ENDED", UNIT="subjects", LEVEL="summary")
    row = row._replace(POPULATION=f"{base.POPULATION}, first episode not seen to end")
    add_count(ard, pop.label, row, members(first, where=~first["RECOVERED"]))
