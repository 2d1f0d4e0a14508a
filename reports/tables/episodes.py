"""CRS episodes with what a reader asks of each, and the table of all of them."""

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
    graded = tables["grades"].filter(system & (pl.col("BASIS") == "derived"))
    graded = graded.filter(pl.col("GRADE").is_not_null())
    derived = tables["accounts"].filter(system & (pl.col("BASIS") == "derived"))
    derived = derived.join(graded.select(key), on=key, how="semi")
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


def table_all(episodes: pl.DataFrame, name: str) -> Markup:
    """All episodes by subject."""
    if episodes.is_empty():
        return empty("No CRS episode was recorded.")
    columns = [
        Column("Subject"), Column("Grade"), Column("Onset", "mid"), Column("Outcome", "mid"),
        Column("Tocilizumab", "mid"), Column("Records"), Column("Account", "words"),
    ]  # fmt: skip
    rows = [
        [subject_cell(r), grade_badge(r["GRADE"], r["REASON"]), onset_cell(r), outcome_cell(r),
         toci_cell(r), Cell(f"{r['SOURCE']}, {wording.plural(len(r['MEMBERS'].split()), 'row')}"),
         wording.told(r["ACCOUNT"])]
        for r in episodes.iter_rows(named=True)
    ]  # fmt: skip
    return table(name, columns, rows, label="All episodes", filtered=True)


def subject_cell(row: Mapping[str, Any]) -> Cell:
    """The subject as a link to its page, and which episode."""
    n = row["SUBJIDX"]
    episode = f", episode {row['EPISEQ']}" if row["EPISEQ"] > 1 else ""
    return Cell(
        Markup('<a href="subjects.html#{0}">#{0}</a>{1}').format(n, episode),
        n * 100 + row["EPISEQ"],
    )


def onset_cell(row: Mapping[str, Any]) -> Cell:
    """Study day, and how long after the last dose."""
    words = f"day {row['ASTDY']}"
    if row["DOSESEQ"] is not None and row["DOSESEQ"] > 1:
        hours, days = row["ONSET_H"], row["ONSET_D"]
        after = f"{hours:.0f} h" if hours is not None else wording.plural(days, "day")
        words += f", {after} after {row['DOSELVL'] or 'dose ' + str(row['DOSESEQ'])}"
    return Cell(words, row["ASTDY"])


def outcome_cell(row: Mapping[str, Any]) -> Cell:
    """How and when it ended."""
    if row["ENDED"] == "Y":
        days = row["DURATION_D"]
        return Cell(f"ended day {row['AENDY']} ({wording.plural(days, 'day')})", days)
    reason = wording.reason(row["END_REASON"])
    return Cell(reason if reason == "fatal" else f"not seen to end: {reason}", 99_999)


def toci_cell(row: Mapping[str, Any]) -> Cell:
    """Doses and the first of them after onset."""
    if row["TOCI"] is None:
        return Cell("none", 0)
    hours = "" if row["TOCI_H"] is None else f", {wording.number(row['TOCI_H'])} h after onset"
    return Cell(f"{wording.plural(row['TOCI'], 'dose')}{hours}", row["TOCI"])
