"""Which episode a row of a domain lies in."""

from __future__ import annotations

import polars as pl

from pipeline.queries.known import Known

PLACED = {
    "VS": ("VSDTM", "VSDY"),
    "CM": ("CMSTDTM", "CMSTDY"),
    "PR": ("PRSTDTM", "PRSTDY"),
    "LB": ("LBDTM", "LBDY"),
}
"""Time and study day that place a row."""


def episodes_beside(known: Known, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with each episode (EPI) that they lie in or a day beside.

    A row without a time may lie in any episode of its subject.

    Args:
        known: the study.
        rows: USUBJID, DTM and DY.
    """
    spans = known.episodes.select(
        "USUBJID", "REFDT", "DYSHIFT", EPI="EPISEQ", FIRST="ASTDY",
        LAST=pl.coalesce("AENDY", "CENSDY", "SEENDY"),
    )  # fmt: skip
    both = rows.join(spans, on="USUBJID", maintain_order="left")
    dated = (pl.col("DTM").dt.date() - pl.col("REFDT")).dt.total_days()
    # A study's own days may count from another one than the first dose.
    day = pl.coalesce(dated, pl.col("DY") - pl.col("DY").gt(0).cast(pl.Int64) - pl.col("DYSHIFT"))
    first, last = (c - c.gt(0).cast(pl.Int64) for c in (pl.col("FIRST"), pl.col("LAST")))
    within = day.is_between(first - 1, last + 1).fill_null(value=True)
    return both.filter(within).select(*rows.columns, "EPI")
