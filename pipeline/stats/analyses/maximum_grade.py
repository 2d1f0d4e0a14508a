"""First episodes by their maximum grade, for several analyses: a grouping known only afterwards."""

from __future__ import annotations

import polars as pl

from pipeline.stats.parts import parts_of

GROUPS = {"1": (1,), "2": (2,), "3-4": (3, 4), "5": (5,)}
UNGRADED = "NA"
RECOVERABLE = ("1", "2", "3-4")
"""Grade 5 never recovers."""
KNOWN_LATER = (
    "grade known later: grouped by the maximum grade of the first episode, which is known only "
    "afterwards; a description, not a prediction"
)


def by_maximum_grade(first: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """First episodes of each group; NA has no grade of 1 to 5."""
    group = pl.lit(UNGRADED)
    for name, grades in GROUPS.items():
        group = pl.when(pl.col("GRADE").is_in(grades)).then(pl.lit(name)).otherwise(group)
    named = first.with_columns(MAXGRADE=group)
    parts = parts_of(named, "MAXGRADE")
    return {name: parts.get((name,), named.clear()) for name in (*GROUPS, UNGRADED)}


def no_grade_at_all(first: pl.DataFrame) -> str | None:
    """Why nothing can be told by grade, null where something can."""
    if first.height and first["GRADE"].is_null().all():
        return f"not available, because none of {first.height} first episodes has a grade"
    return None
