"""Subjects in portions, so that grading needs memory for a portion and not for a study."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipeline.table import Table, lazy

ROWS_AT_ONCE = 250_000
"""Rows of the long domains in one portion, unless one subject alone has more."""

LONG = ("sdtm_vs", "sdtm_lb", "sdtm_cm", "sdtm_pr", "sdtm_fa")

Portion = tuple[str, str]
"""First and last USUBJID, in the order of bytes."""


def portions(tables: Mapping[str, Table], rows_at_once: int = ROWS_AT_ONCE) -> list[Portion]:
    """Ranges of USUBJID that together hold every subject of adsl once.

    Args:
        tables: the typed domains and adsl.
        rows_at_once: rows of the long domains after which a portion ends.
    """
    subjects = lazy(tables["adsl"]).select("USUBJID", ROWS=pl.lit(0, pl.UInt32))
    long = [
        lazy(tables[name]).group_by("USUBJID").agg(ROWS=pl.len().cast(pl.UInt32))
        for name in LONG
        if name in tables
    ]
    sizes = pl.concat([subjects, *long]).group_by("USUBJID").agg(pl.col("ROWS").sum())
    before = pl.col("ROWS").cum_sum() - pl.col("ROWS")
    ranges = (
        sizes.sort("USUBJID")
        .with_columns(PORTION=before // rows_at_once)
        .group_by("PORTION")
        .agg(FIRST=pl.col("USUBJID").min(), LAST=pl.col("USUBJID").max())
        .sort("PORTION")
        .collect()
    )
    return list(ranges.select("FIRST", "LAST").iter_rows())


def restricted(tables: Mapping[str, Table], portion: Portion) -> dict[str, Table]:
    """The tables with the rows of a portion's subjects only."""
    first, last = (pl.lit(name) for name in portion)
    mine = pl.col("USUBJID").is_between(first, last)
    made: dict[str, Table] = {}
    for name, table in tables.items():
        rows = lazy(table)
        has_subjects = "USUBJID" in rows.collect_schema()
        made[name] = rows.filter(mine).collect() if has_subjects else table
    return made
