"""An onset that is not known to the day, or that may lie before the first dose of its day."""

from __future__ import annotations

import polars as pl

from pipeline.queries.asked import MOST_DAYS, Asked, asked, days, ref
from pipeline.queries.known import Known

DATE, TIME = "ONSET_DATE", "ONSET_TIME"
_PRE_DOSE = pl.col("FLAGS").fill_null("").str.contains(r"\bPRE_DOSE\b")
_MISSING = pl.col("FLAGS").fill_null("").str.contains("START_MISSING")


def ask_onsets(known: Known) -> Asked:
    """One query per episode dated to a month or year, or to the day of the first dose without time.

    Rule: a partial date may be any of its days up to the end of the episode, of follow-up or the
    onset of the next episode, and lie before the first dose where its month or year began before;
    a missing one may be any day. Without a clock time CRS on day 1 may have begun before the dose.
    A date known to the day on any other day moves nothing that is counted in days.
    """
    partial = pl.col("STPREC").is_in(["month", "year"])
    untimed = (pl.col("STPREC") == "day") & (pl.col("ASTDY") == 1) & ~_PRE_DOSE
    rows = known.episodes.filter(partial | untimed).with_columns(
        KIND=pl.when(partial).then(pl.lit(DATE)).otherwise(pl.lit(TIME)),
        SRCDOM="SOURCE", COLUMN=pl.lit("STDTC"),
        LATEST=pl.when(partial).then(pl.max_horizontal("ASTDY", _latest())).otherwise("ASTDY"),
        QUESTION=pl.when(partial)
        .then(pl.lit("The CRS has no full start date (taken as day ") + _text("ASTDY")
              + "): send the day on which it began.")
        .otherwise(pl.lit("The CRS began on the day of the first dose, its time is not given: "
                          "send the time, or say whether it began after the dose.")),
    ).with_columns(REF=ref(DATE, "KIND", "USUBJID", "EPISEQ"))  # fmt: skip
    first, last = pl.col("ASTDY"), pl.col("LATEST")
    early = days(first, pl.min_horizontal(last, first + MOST_DAYS))
    late = days(pl.max_horizontal(first, last - MOST_DAYS), last)
    dated = rows.with_columns(
        HOW=pl.lit("onset"),
        EPI="EPISEQ",
        ASTDY=pl.concat_list(early, late).list.unique().list.sort(),
    ).explode("ASTDY")
    before = rows.filter(untimed | _began_before()).with_columns(
        HOW=pl.lit("predose"), EPI="EPISEQ"
    )
    return asked(rows, [dated, before])


def _latest() -> pl.Expr:
    """Last day on which it may have begun."""
    day = pl.col("ASTDTM").dt.date()
    year_end = day.dt.truncate("1y").dt.offset_by("1y").dt.offset_by("-1d")
    end = pl.when(STPREC="month").then(day.dt.month_end()).when(~_MISSING).then(year_end)
    return pl.min_horizontal(
        (end - pl.col("REFDT")).dt.total_days() + 1, "AENDY", "SEENDY", "DTHDY",
        pl.col("NEXTDY") - 1,
    )  # fmt: skip


def _began_before() -> pl.Expr:
    """Whether its month or year began before the day of the first dose, or nothing is stated."""
    day = pl.col("ASTDTM").dt.date()
    month = pl.when(STPREC="month").then(day.dt.truncate("1mo")).otherwise(day.dt.truncate("1y"))
    return ((month < pl.col("REFDT")).fill_null(value=True) | _MISSING) & ~_PRE_DOSE


def _text(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String)
