"""ISO 8601 text, possibly partial, to the first instant it allows and the first instant after it.

Source: SDTM implementation guide, --DTC variables; a missing component may be left out at the end
or stand as a hyphen (2003---15 says year and day, so only its year places anything).
"""

from __future__ import annotations

import polars as pl

# A placeholder such as 0001-01-01 or 9999-12-31 is no date of a trial; de-identified stays may lie
# a century ahead.
FIRST_YEAR, LAST_YEAR = "1900", "2250"

ISO = (
    r"^(?<year>\d{4}|-)(?:-(?<month>\d{2}|-)(?:-(?<day>\d{2}|-)?)?)?"
    r"(?:[T ](?<hour>\d{2}|-)(?::(?<minute>\d{2}|-)(?::(?<second>\d{2}(?:[.,]\d+)?|-))?)?)?"
    r"(?:Z|[+-]\d{2}(?::?\d{2})?)?$"
)
_PARTS = ("year", "month", "day", "hour", "minute", "second")
_FORMAT = "%Y-%m-%d %H:%M:%S%.f"


def stems(columns: list[str]) -> list[str]:
    """Stems of the --DTC columns: AESTDTC -> AEST."""
    return [name.removesuffix("DTC") for name in columns if name.endswith("DTC")]


def with_dates(frame: pl.DataFrame, stem: str) -> pl.DataFrame:
    """Add STEM + DTM, DTX, PRC and STEM + BAD from STEM + DTC.

    BAD is why a filled text gives no instant: DATE_NOT_ISO, DATE_IMPOSSIBLE, DATE_WITHOUT_YEAR.
    A UTC offset is dropped: wall clock is kept, as all rows of a subject share it.
    """
    text = f"{stem}DTC"
    parsed = read_dates(frame.get_column(text).unique().drop_nulls())
    names = {name: f"{stem}{name}" for name in ("DTM", "DTX", "PRC", "BAD")}
    return frame.join(
        parsed.rename({"DTC": text, **names}), on=text, how="left", maintain_order="left"
    )


def read_dates(texts: pl.Series) -> pl.DataFrame:
    """DTC, DTM, DTX, PRC, BAD for each text."""
    frame = (
        texts.alias("DTC")
        .to_frame()
        .with_columns(pl.col("DTC").str.extract_groups(ISO).alias("part"))
        .unnest("part")
        .with_columns(
            pl.when(pl.col(name) != "-").then(pl.col(name)).alias(name) for name in _PARTS
        )
        .with_columns(PRC=_precision(), ISO=pl.col("DTC").str.contains(ISO))
        .with_columns(DTM=_earliest())
        .with_columns(DTX=_after(), BAD=_bad())
    )
    return frame.select(
        "DTC", "DTM", "DTX", pl.when(pl.col("DTM").is_not_null()).then("PRC").alias("PRC"), "BAD"
    )


def _precision() -> pl.Expr:
    # What follows a missing component places nothing.
    return (
        pl.when(pl.col("year").is_null()).then(pl.lit(None, pl.String))
        .when(pl.col("month").is_null()).then(pl.lit("year"))
        .when(pl.col("day").is_null()).then(pl.lit("month"))
        .when(pl.col("hour").is_null()).then(pl.lit("day"))
        .otherwise(pl.lit("time"))
    )  # fmt: skip


def _earliest() -> pl.Expr:
    """Earliest instant; null where a component that is used is out of its range."""
    timed = pl.col("PRC") == "time"
    first = pl.lit("01")
    day = pl.when(pl.col("month").is_not_null()).then(pl.col("day").fill_null("01"))
    minute = pl.when(timed).then(pl.col("minute"))
    second = pl.when(minute.is_not_null()).then(
        pl.col("second").str.replace(",", ".", literal=True)
    )
    text = pl.format(
        "{}-{}-{} {}:{}:{}",
        "year",
        pl.col("month").fill_null("01"),
        day.fill_null(first),
        pl.when(timed).then(pl.col("hour")).otherwise(pl.lit("00")),
        minute.fill_null("00"),
        second.fill_null("00"),
    )
    possible = pl.col("year").is_between(pl.lit(FIRST_YEAR), pl.lit(LAST_YEAR)) & (
        # A leap second passes the parser and has no microsecond of its own.
        second.str.slice(0, 2).fill_null("00") != "60"
    )
    return pl.when(possible).then(text.str.to_datetime(_FORMAT, time_unit="us", strict=False))


def _after() -> pl.Expr:
    start, precision = pl.col("DTM"), pl.col("PRC")
    return (
        pl.when(precision == "time").then(start)
        .when(precision == "day").then(start.dt.offset_by("1d"))
        .when(precision == "month").then(start.dt.offset_by("1mo"))
        .when(precision == "year").then(start.dt.offset_by("1y"))
    )  # fmt: skip


def _bad() -> pl.Expr:
    return (
        pl.when(pl.col("DTM").is_not_null()).then(pl.lit(None, pl.String))
        .when(~pl.col("ISO")).then(pl.lit("DATE_NOT_ISO"))
        .when(pl.col("year").is_null()).then(pl.lit("DATE_WITHOUT_YEAR"))
        .otherwise(pl.lit("DATE_IMPOSSIBLE"))
    )  # fmt: skip
