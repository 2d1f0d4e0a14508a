"""What changed in a study's data quality since the drop before."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipeline.schemas.tables import TABLES
from pipeline.table import Table, lazy

# What a remark is known by from one drop to the next: its row number may be another.
_SAME = ["DOMAIN", "USUBJID", "RULE", "COLUMN", "VALUE"]
_RULE = ["DOMAIN", "RULE", "COLUMN"]


def compare_remarks(
    study: str, before: Mapping[str, Table] | None, now: Mapping[str, Table]
) -> pl.DataFrame:
    """The table `changes`: remarks that are fixed, new or still open, per rule.

    Rule:
        1. A remark of this drop is an old one where the drop before had one on the same subject,
           by the same rule, on the same column and with the same value; each counts once.
        2. What is left of the old ones is fixed, what is left of the new ones is new.
        3. Without a drop before there is nothing to compare, and no row.

    Args:
        study: The study.
        before: `quarantine` and `notes` of the drop before.
        now: Those of this drop.
    """
    schema = TABLES["changes"]
    if before is None:
        return schema.create_empty()
    both = _counted(before, "N_BEFORE").join(
        _counted(now, "N_NOW"), on=["SEVERITY", *_SAME], how="full", nulls_equal=True, coalesce=True
    )
    both = both.with_columns(pl.col("N_BEFORE", "N_NOW").fill_null(0)).with_columns(
        N_OPEN=pl.min_horizontal("N_BEFORE", "N_NOW")
    )
    made = (
        both.with_columns(
            N_FIXED=pl.col("N_BEFORE") - pl.col("N_OPEN"), N_NEW=pl.col("N_NOW") - pl.col("N_OPEN")
        )
        .group_by(*_RULE, "SEVERITY")
        .agg(pl.col("N_BEFORE", "N_NOW", "N_FIXED", "N_NEW", "N_OPEN").sum())
        .with_columns(STUDYID=pl.lit(study))
        .select(schema.column_names())
        .collect(engine="streaming")
    )
    return schema.validate(made.sort(schema.primary_key()))


def _counted(tables: Mapping[str, Table], name: str) -> pl.LazyFrame:
    severities = (("quarantine", "quarantine"), ("notes", "note"))
    remarks = [
        lazy(tables[table]).select(*_SAME, SEVERITY=pl.lit(severity))
        for table, severity in severities
    ]
    grouped = pl.concat(remarks).group_by("SEVERITY", *_SAME)
    return grouped.agg(pl.len().cast(pl.Int64).alias(name))
