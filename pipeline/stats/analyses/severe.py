"""Rows of how many had something of a severe grade, as recorded."""

from __future__ import annotations

import polars as pl

from pipeline.stats.analyses.counts_and_summaries import EXACT, add_proportion
from pipeline.stats.ard import Ard, Row
from pipeline.stats.plan import PLAN
from pipeline.stats.population import Population, members


def add_severe(pop: Population, ard: Ard, row: Row, part: pl.DataFrame, what: str) -> None:
    """Subjects with a severe grade of it, LEVEL ">=3"; not available where none has a grade.

    Args:
        pop: the population.
        ard: the result table.
        row: columns that the rows share.
        part: SUBJ and GRADE of those who had it.
        what: it in a word: event, sign.
    """
    row = row._replace(LEVEL=f">={PLAN.severe_grade}")
    grade = part["GRADE"]
    severe = members(part, where=grade >= PLAN.severe_grade)
    ungraded = members(part, where=grade.is_null()).size if grade.has_nulls() else 0
    if ungraded and grade.null_count() == part.height:
        why = f"not available, because no grade of this {what} was recorded"
        row = row._replace(STAT="proportion", METHOD=EXACT, STATUS="not_available", REASON=why)
        ard.add(pop.label, row._replace(events=severe))
        return
    whose = {"event": "such an event", "sign": "this sign"}[what]
    note = f"{ungraded} subjects have {whose} without a grade" if ungraded else None
    add_proportion(ard, pop.label, row._replace(REASON=note), severe)
