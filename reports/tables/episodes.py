"""Lists of CRS episodes: those a board opens first, and all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.tables.html import Cell, Column, empty, grade_badge, table

TOCILIZUMAB = "tocilizumab"
INTENSIVE = "intensive care"
GIVEN = ("treatment", "unknown")


def episode_list(tables: Mapping[str, pl.DataFrame], pair: tuple[str, str]) -> pl.DataFrame:
    """One row per episode with its grade, tocilizumab and account under one system and basis."""
    key = ["USUBJID", "EPISEQ"]
    system = pl.col("SYSTEM") == pair[0]
    chosen = system & (pl.col("BASIS") == pair[1])
    # What was recorded has no reasons of its own: those of the derived grade stand beside it.
    derived = tables["accounts"].filter(system & (pl.col("BASIS") == "derived"))
    if pair[1] == "derived":
        derived = derived.clear()
    toci = (
        tables["interventions"]
        .filter((pl.col("CLASS") == TOCILIZUMAB) & pl.col("INTENT").is_in(GIVEN))
        .group_by(key)
        .agg(pl.col("N_DOSES").sum().alias("TOCI"), pl.col("H_FROM_ONSET").min().alias("TOCI_H"))
    )
    return (
        tables["episodes"]
        .join(tables["adsl"].select("USUBJID", "SUBJIDX", "PRODUCT", "COHORT"), on="USUBJID")
        .join(
            tables["doses"].select("USUBJID", "DOSESEQ", "DOSELVL"),
            on=["USUBJID", "DOSESEQ"],
            how="left",
        )
        .join(tables["grades"].filter(chosen).select(*key, "GRADE", "REASON"), on=key, how="left")
        .join(tables["accounts"].filter(chosen).select(*key, "ACCOUNT"), on=key, how="left")
        .join(derived.select(*key, pl.col("ACCOUNT").alias("FOUND")), on=key, how="left")
        .join(toci, on=key, how="left")
        .join(_in_intensive_care(tables["interventions"]), on=key, how="left")
        .sort("SUBJIDX", "EPISEQ")
    )


def _in_intensive_care(interventions: pl.DataFrame) -> pl.DataFrame:
    stays = interventions.filter(pl.col("CLASS") == INTENSIVE)
    return stays.select("USUBJID", "EPISEQ", pl.lit("Y").alias("ICU")).unique()


def table_outstanding(episodes: pl.DataFrame, name: str) -> Markup:
    """Episodes of grade 3 or higher, fatal, in intensive care, recurrent or not seen to end."""
    chosen = episodes.with_columns(WHY=_why()).filter(pl.col("WHY") != "")
    if chosen.is_empty():
        return empty(
            "No episode is of grade 3 or higher, fatal, in intensive care, recurrent or without an "
            "observed end."
        )
    worst = chosen.sort(
        pl.col("GRADE").fill_null(-1), "SUBJIDX", "EPISEQ", descending=[True, False, False]
    )
    columns = [
        Column("Subject"), Column("Grade"), Column("Why listed", "mid"), Column("Onset", "mid"),
        Column("Outcome", "mid"), Column("Tocilizumab", "mid"), Column("Account", "words"),
    ]  # fmt: skip
    rows = [
        [_subject(r), grade_badge(r["GRADE"], r["REASON"]), r["WHY"], _onset(r), _outcome(r),
         _toci(r), _account(r)]
        for r in worst.iter_rows(named=True)
    ]  # fmt: skip
    return table(name, columns, rows, label="Episodes to look at first", filtered=True)


def table_all(episodes: pl.DataFrame, name: str) -> Markup:
    """All episodes by subject."""
    if episodes.is_empty():
        return empty("No CRS episode was recorded.")
    columns = [
        Column("Subject"), Column("Grade"), Column("Onset", "mid"), Column("Outcome", "mid"),
        Column("Tocilizumab", "mid"), Column("Records"), Column("Account", "words"),
    ]  # fmt: skip
    rows = [
        [_subject(r), grade_badge(r["GRADE"], r["REASON"]), _onset(r), _outcome(r), _toci(r),
         Cell(f"{r['SOURCE']}, {wording.plural(len(r['MEMBERS'].split()), 'row')}"),
         wording.without_dates(r["ACCOUNT"])]
        for r in episodes.iter_rows(named=True)
    ]  # fmt: skip
    return table(name, columns, rows, label="All episodes", filtered=True)


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


def _account(row: Mapping[str, Any]) -> str:
    words = wording.without_dates(row["ACCOUNT"])
    found = wording.without_dates(row["FOUND"])
    return f"{words} From findings: {found}" if found else words


def _subject(row: Mapping[str, Any]) -> Cell:
    n = row["SUBJIDX"]
    episode = f", episode {row['EPISEQ']}" if row["EPISEQ"] > 1 else ""
    return Cell(
        Markup('<a href="subjects.html#{0}">#{0}</a>{1}').format(n, episode),
        n * 100 + row["EPISEQ"],
    )


def _onset(row: Mapping[str, Any]) -> Cell:
    words = f"day {row['ASTDY']}"
    if row["DOSESEQ"] is not None and row["DOSESEQ"] > 1:
        hours, days = row["ONSET_H"], row["ONSET_D"]
        after = f"{hours:.0f} h" if hours is not None else wording.plural(days, "day")
        words += f", {after} after {row['DOSELVL'] or 'dose ' + str(row['DOSESEQ'])}"
    return Cell(words, row["ASTDY"])


def _outcome(row: Mapping[str, Any]) -> Cell:
    if row["ENDED"] == "Y":
        days = row["DURATION_D"]
        return Cell(f"ended day {row['AENDY']} ({wording.plural(days, 'day')})", days)
    reason = wording.reason(row["END_REASON"])
    return Cell(reason if reason == "fatal" else f"not seen to end: {reason}", 99_999)


def _toci(row: Mapping[str, Any]) -> Cell:
    if row["TOCI"] is None:
        return Cell("none", 0)
    hours = "" if row["TOCI_H"] is None else f", {wording.number(row['TOCI_H'])} h after onset"
    return Cell(f"{wording.plural(row['TOCI'], 'dose')}{hours}", row["TOCI"])
