"""Queries of studies that do not publish single subjects: counted by kind."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from reports import disclosure, wording
from reports.tables.html import Cell, Column, table

Row = Mapping[str, Any]
KINDS = {
    "GRADE_MISSING": "no grade",
    "END_MISSING": "no end or outcome",
    "ONSET_DATE": "onset date incomplete",
    "ONSET_TIME": "onset time missing",
    "CONTRADICTION": "grade against findings",
    "DAY_GRADES_CONFLICT": "grades of one day differ",
    "CANDIDATE": "possible unreported CRS",
    "DEATH_CAUSE": "cause of death open",
    "DEATH_DATE": "date of death missing",
    "FOLLOW_UP_END": "end of follow-up missing",
    "SUBJECT_NOT_IN_DM": "subject not in DM",
    "QUARANTINED": "row held back",
    "VALUE_UNUSABLE": "value or time not usable",
    "UNMAPPED": "unknown term or unit",
}
_BASES = {"derived": "derived", "collected": "as recorded"}


def table_queries_by_kind(
    queries: pl.DataFrame, metas: Sequence[Row], open_: Collection[str], name: str
) -> Markup:
    """Counts of kinds and the largest move; what could give back a small count is withheld.

    Args:
        queries: Queries of these studies.
        metas: study.yaml of each study on the page.
        open_: RESULTID of the headlines that may be printed.
        name: Its id.
    """
    if queries.is_empty():
        return Markup("")
    lines: list[list[Any]] = []
    for meta in metas:
        mine = queries.filter(pl.col("STUDYID") == meta["study"])
        lines += _kinds_of(meta, mine, open_) if mine.height else []
    columns = [
        Column("Study"), Column("Data"), Column("What"), Column("Queries", "num"),
        Column("Headline it could move most"), Column("Largest move, points", "num"),
    ]  # fmt: skip
    words = "These studies do not publish single subjects: queries are counted by kind."
    made = table(name, columns, lines, label="Queries by kind")
    return Markup('<p class="note">{}</p>{}').format(words, made)


def _kinds_of(meta: Row, mine: pl.DataFrame, open_: Collection[str]) -> list[list[Any]]:
    tops = mine.sort("RANK").group_by("KIND", maintain_order=True).agg(
        pl.len().alias("N"), pl.col("HEADLINE", "RESULTID", "INFLUENCE", "SYSTEM", "BASIS").first(),
        pl.col("COHORT").first(),
    )  # fmt: skip
    k = meta["publish"]["min_cell"]
    states = disclosure.suppress(tops["N"].to_list(), k)
    lines: list[list[Any]] = []
    for row, state in zip(tops.iter_rows(named=True), states, strict=True):
        told = state == "shown" and (row["HEADLINE"] is None or row["RESULTID"] in open_)
        count = str(row["N"]) if state == "shown" else disclosure.label(state, k)
        lines.append([
            meta["study"], str(meta["data_kind"]), KINDS[row["KIND"]],
            Cell(count, row["N"] if state == "shown" else 0),
            headline(row) if told else disclosure.WITHHELD,
            Cell(points(row["INFLUENCE"]), row["INFLUENCE"]) if told
            else Cell(disclosure.WITHHELD, ""),
        ])  # fmt: skip
    return lines


def headline(row: Row) -> str:
    """The headline in words, with its scale and cohort."""
    if row["HEADLINE"] is None:
        return "none"
    scale = f"{wording.system(row['SYSTEM'])}, {_BASES.get(row['BASIS'], row['BASIS'])}"
    arm = f", {wording.cohort(row['COHORT'])}" if row["COHORT"] else ""
    return f"{row['HEADLINE']} ({scale}{arm})"


def points(amount: float) -> str:
    """A move in percentage points."""
    return wording.number(amount) if amount >= 0.05 or amount == 0 else "<0.1"
