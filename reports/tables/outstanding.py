"""What a board opens first: grave, recurrent or open episodes, and possible unreported CRS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.tables.episodes import (
    GIVEN,
    TOCILIZUMAB,
    onset_cell,
    outcome_cell,
    subject_cell,
    toci_cell,
)
from reports.tables.html import Cell, Column, empty, grade_badge, table

NONE = (
    "No episode is of grade 3 or higher, fatal, in intensive care, recurrent or without an "
    "observed end."
)
NO_CANDIDATE = " No signs of CRS were found outside the recorded episodes."
POSSIBLE = "possible unreported CRS"
COLUMNS = (
    Column("Subject"), Column("Grade"), Column("Why listed", "mid"), Column("Onset", "mid"),
    Column("Outcome", "mid"), Column("Tocilizumab", "mid"), Column("Account", "words"),
)  # fmt: skip


def table_outstanding(episodes: pl.DataFrame, name: str, possible: pl.DataFrame | None) -> Markup:
    """Worst first; of one grade, what is recorded stands before what may be unreported.

    Args:
        episodes: What `episode_list` gives.
        name: Its id.
        possible: What `possible_list` gives; null where the study looks for none.
    """
    chosen = episodes.with_columns(WHY=_why()).filter(pl.col("WHY") != "")
    if possible is not None:
        chosen = pl.concat([chosen, possible], how="diagonal_relaxed")
    if chosen.is_empty():
        return empty(NONE + (NO_CANDIDATE if possible is not None else ""))
    worst = chosen.sort(
        pl.col("GRADE").fill_null(-1), pl.col("WHY") == POSSIBLE, "SUBJIDX", "EPISEQ",
        descending=[True, False, False, False],
    )  # fmt: skip
    rows = [_line(row) for row in worst.iter_rows(named=True)]
    return table(name, COLUMNS, rows, label="Episodes to look at first", filtered=True)


def possible_list(tables: Mapping[str, pl.DataFrame], system: str) -> pl.DataFrame:
    """Possible unreported CRS under one system, in the columns of `episode_list`.

    Tocilizumab is what was given between the first sign and the last; it has no episode.

    Args:
        tables: candidates, adsl, doses, interventions of one study.
        system: Code of the grading system.
    """
    key = ["USUBJID", "CANDSEQ"]
    found = tables["candidates"].filter(pl.col("SYSTEM") == system)
    given = tables["interventions"].filter(
        pl.col("CLASS") == TOCILIZUMAB, pl.col("INTENT").is_in(GIVEN)
    )
    during = pl.col("GIVEN_AT").is_between(pl.col("START"), pl.col("END"))
    toci = (
        found.select(*key, "START", "END")
        .join(given.select("USUBJID", "N_DOSES", GIVEN_AT="START"), on="USUBJID")
        .filter(during)
        .group_by(key)
        .agg(
            TOCI=pl.col("N_DOSES").sum(),
            TOCI_H=((pl.col("GIVEN_AT") - pl.col("START")).min() / 3600),
        )
    )
    levels = tables["doses"].select("USUBJID", "DOSESEQ", "DOSELVL")
    return (
        found.join(tables["adsl"].select("USUBJID", "SUBJIDX"), on="USUBJID")
        .join(levels, on=["USUBJID", "DOSESEQ"], how="left")
        .join(toci, on=key, how="left")
        .select(
            "SUBJIDX", "ASTDY", "AENDY", "DOSESEQ", "DOSELVL", "ONSET_D", "GRADE", "REASON",
            "ACCOUNT", "TOCI", "TOCI_H", WHY=pl.lit(POSSIBLE), EPISEQ=pl.lit(1, pl.Int64),
        )
    )  # fmt: skip


def _why() -> pl.Expr:
    fatal = (pl.col("GRADE").fill_null(0) == 5) | (pl.col("END_REASON") == "FATAL")
    reasons = [
        pl.when(fatal).then(pl.lit("fatal")),
        pl.when(pl.col("GRADE").is_in([3, 4])).then(pl.lit("grade 3 or higher")),
        pl.when(pl.col("ICU") == "Y").then(pl.lit("intensive care")),
        pl.when(pl.col("EPISEQ") > 1).then(pl.lit("recurrent")),
        pl.when(pl.col("ENDED").is_null() & ~fatal).then(pl.lit("not seen to end")),
    ]
    return pl.concat_str(reasons, separator=", ", ignore_nulls=True)


def _line(row: Mapping[str, Any]) -> list[Cell | str]:
    possible = row["WHY"] == POSSIBLE
    return [
        subject_cell(row), grade_badge(row["GRADE"], row["REASON"]), row["WHY"], onset_cell(row),
        Cell(f"no CRS record; last sign day {row['AENDY']}", 100_000)
        if possible
        else outcome_cell(row),
        toci_cell(row), _account(row),
    ]  # fmt: skip


def _account(row: Mapping[str, Any]) -> str:
    """The account; what was recorded has that of its findings, if any grade is derived, beside."""
    words = wording.told(row["ACCOUNT"])
    if row["WHY"] == POSSIBLE:
        return f"Not counted. Would be: {words}"
    return f"{words} From findings: {wording.told(row['FOUND'])}" if row["FOUND"] else words
