"""Possible unreported CRS: signs with fever after a dose that no record covers, for review."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.tables.html import Cell, Column, empty, grade_badge, table

NONE = "No signs of CRS were found outside the recorded episodes."


def table_candidates(
    candidates: pl.DataFrame, adsl: pl.DataFrame, system: str, name: str
) -> Markup:
    """One row per candidate under one grading system; none of them is counted anywhere.

    Args:
        candidates: Candidates of one study.
        adsl: Its subjects.
        system: Code of the grading system.
        name: Its id.
    """
    rows = (
        candidates.filter(pl.col("SYSTEM") == system)
        .join(adsl.select("USUBJID", "SUBJIDX"), on="USUBJID")
        .sort("SUBJIDX", "CANDSEQ")
    )
    if rows.is_empty():
        return empty(NONE)
    columns = [
        Column("Subject"), Column("Grade it would have"), Column("From"), Column("To"),
        Column("Why", "words"),
    ]  # fmt: skip
    lines = [
        [Cell(Markup('<a href="subjects.html#{0}">#{0}</a>').format(r["SUBJIDX"]), r["SUBJIDX"]),
         grade_badge(r["GRADE"], r["REASON"]), Cell(f"day {r['ASTDY']}", r["ASTDY"]),
         Cell(f"day {r['AENDY']}", r["AENDY"]), wording.told(r["ACCOUNT"])]
        for r in rows.iter_rows(named=True)
    ]  # fmt: skip
    return table(name, columns, lines, label="Possible unreported CRS", filtered=True)
