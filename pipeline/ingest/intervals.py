"""ISO 8601 intervals and durations: `start/end`, `start/duration`, `duration/end`, and --DUR.

Source: SDTM implementation guide 3.4, "ISO 8601 datetime or interval": where --ENDTC has the end,
an interval in --STDTC says between which moments the start lies. Where --ENDTC is empty it is read
as the start and the end of what the row is about.
"""

from __future__ import annotations

import polars as pl

from pipeline.ingest.dates import FIRST_YEAR, LAST_YEAR, read_dates

# Years, months, weeks, days, then hours, minutes, seconds; whole numbers only.
DURATION = (
    r"^P(?:(?<y>\d{1,3})Y)?(?:(?<mo>\d{1,4})M)?(?:(?<w>\d{1,4})W)?(?:(?<d>\d{1,5})D)?"
    r"(?:T(?:(?<h>\d{1,6})H)?(?:(?<m>\d{1,7})M)?(?:(?<s>\d{1,8})S)?)?$"
)
# Two sides, each of a year or a duration: 09/03/2024 is no interval.
INTERVAL = r"^(?:\d{4}|P[\dT])[^/]*/(?:\d{4}|P[\dT])[^/]*$"
_ALONE = r"^P(?:\d|T\d)"
PARTS = ("DTM", "DTX", "PRC")
_UNITS = ("y", "mo", "w", "d", "h", "m", "s")
_ENDS = ("FROM", "TO")
_TICK = pl.duration(microseconds=1)


def read_intervals(texts: pl.Series) -> pl.DataFrame:
    """Texts with a solidus: the period that each spans and its two ends.

    Returns:
        DTC; DTM, DTX and PRC of the whole, PRC being the finest unit of the calendar that holds it;
        BAD; FROMDTM, FROMDTX, FROMPRC and TODTM, TODTX, TOPRC of its ends.
    """
    sides = texts.alias("DTC").to_frame().with_columns(pl.col("DTC").str.split("/").alias("SIDE"))
    sides = sides.select(
        "DTC",
        pl.when(pl.col("SIDE").list.len() == 2).then(pl.col("SIDE").list.get(0)).alias("FROM"),
        pl.when(pl.col("SIDE").list.len() == 2).then(pl.col("SIDE").list.get(1)).alias("TO"),
    )
    for side in _ENDS:
        sides = _with_side(sides, side)
    placed = sides.with_columns(**_placed("FROM", "TO"), **_placed("TO", "FROM"))
    timed = pl.col("TOPRC") == "time"
    usable = (timed & (pl.col("TODTX") >= pl.col("FROMDTM"))) | (
        pl.col("TODTX") > pl.col("FROMDTM")
    )
    usable = usable & pl.col("TODTX").dt.year().is_between(int(FIRST_YEAR), int(LAST_YEAR) + 1)
    return placed.select(
        "DTC",
        *(f"{side}{part}" for side in _ENDS for part in PARTS),
        DTM=pl.when(usable).then("FROMDTM"),
        DTX=pl.when(usable).then("TODTX"),
        PRC=pl.when(usable).then(_coarse()),
        BAD=pl.when(~usable.fill_null(value=False)).then(pl.lit("INTERVAL_UNREADABLE")),
    )


def with_intervals(frame: pl.DataFrame, stem: str) -> pl.DataFrame:
    """Read the intervals among the texts of STEM + DTC, which `with_dates` could not read.

    A duration alone says how long, not when: BAD is then DATE_IS_DURATION.
    """
    name = f"{stem}DTC"
    text = frame.get_column(name)
    spans = text.filter(text.str.contains(INTERVAL)).unique()
    if spans.len():
        read = read_intervals(spans).select("DTC", *PARTS, "BAD").rename({"DTC": name})
        frame = frame.join(read, on=name, how="left", maintain_order="left").with_columns(
            pl.when(pl.col(name).str.contains(INTERVAL))
            .then(part)
            .otherwise(f"{stem}{part}")
            .alias(f"{stem}{part}")
            for part in (*PARTS, "BAD")
        )
        frame = frame.drop(*PARTS, "BAD")
    lone = pl.col(name).str.contains(_ALONE) & (pl.col(f"{stem}BAD") == "DATE_NOT_ISO")
    bad = pl.when(lone).then(pl.lit("DATE_IS_DURATION")).otherwise(f"{stem}BAD")
    return frame.with_columns(bad.alias(f"{stem}BAD"))


def with_interval_ends(frame: pl.DataFrame, stem: str) -> pl.DataFrame:
    """End of what began in STEM (AEST: the end AEEN) by an interval or --DUR, where it has none.

    Only the derived columns are filled; --ENDTC stays as it was collected.
    """
    end, duration = f"{stem[:2]}EN", f"{stem[:2]}DUR"
    if not stem.endswith("ST") or stem == "RFST" or f"{end}DTC" not in frame.columns:
        return frame
    began = frame.get_column(f"{stem}DTC")
    spans = began.filter(began.str.contains(INTERVAL)).unique()
    if spans.len():
        ends = read_intervals(spans).filter(pl.col("BAD").is_null())
        ends = ends.rename({"DTC": f"{stem}DTC"}).drop("DTM", "DTX", "PRC", "BAD")
        frame = frame.join(ends, on=f"{stem}DTC", how="left", maintain_order="left")
        alone = pl.col(f"{end}DTC").is_null() & pl.col("TODTM").is_not_null()
        frame = frame.with_columns(
            pl.when(alone).then(f"{side}{part}").otherwise(f"{to}{part}").alias(f"{to}{part}")
            for side, to in (("FROM", stem), ("TO", end))
            for part in PARTS
        ).drop(f"{side}{part}" for side in _ENDS for part in PARTS)
    if duration not in frame.columns or frame.get_column(duration).null_count() == frame.height:
        return frame
    return _with_duration(frame, stem, end, duration)


def _with_side(frame: pl.DataFrame, side: str) -> pl.DataFrame:
    """What one side of the solidus says: a date, or a duration with its sign still to come."""
    read = read_dates(frame.get_column(side).drop_nulls().unique()).drop("BAD")
    read = read.rename({"DTC": side, **{part: f"{side}{part}" for part in PARTS}})
    frame = frame.join(read, on=side, how="left", maintain_order="left")
    return frame.with_columns(**_offset(pl.col(side), side))


def _offset(text: pl.Expr, name: str) -> dict[str, pl.Expr]:
    """A duration as polars counts it, and whether it has a clock time; null where it is none."""
    parts = text.str.extract_groups(DURATION)
    numbers = [parts.struct.field(unit).fill_null("0") + unit for unit in _UNITS]
    stated = pl.any_horizontal(parts.struct.field(unit).is_not_null() for unit in _UNITS)
    clock = [parts.struct.field(unit).is_not_null() for unit in ("h", "m", "s")]
    return {
        f"{name}OFF": pl.when(stated).then(pl.concat_str(numbers)),
        f"{name}CLOCK": pl.any_horizontal(clock),
    }


def _placed(side: str, other: str) -> dict[str, pl.Expr]:
    """DTM, DTX, PRC of a side: its own date, or a duration counted from the other side's date.

    Only a date with a clock time and a duration with one give a moment; else the day is known.
    """
    onward = side == "TO"
    text = pl.col("TOOFF") if onward else "-" + pl.col("FROMOFF")
    precision = pl.col(f"{other}PRC")
    exact = (precision == "time") & pl.col(f"{side}CLOCK")
    start = pl.col("FROMDTM") if onward else pl.col("TODTX")
    moment = pl.when(precision.is_in(["time", "day"])).then(start.dt.offset_by(text))
    # A period that ends at midnight lasted to the end of the day before.
    seen = pl.when(moment.is_not_null()).then(
        pl.max_horizontal(moment - _TICK, start)
        if onward
        else pl.min_horizontal(moment, start - _TICK)
    )
    day = seen.dt.truncate("1d")
    first = pl.when(exact).then(moment).otherwise(day)
    after = pl.when(exact).then(moment).otherwise(day + pl.duration(days=1))
    name = pl.when(moment.is_not_null()).then(
        pl.when(exact).then(pl.lit("time")).otherwise(pl.lit("day"))
    )
    own = {"DTM": first, "DTX": after, "PRC": name}
    return {f"{side}{part}": pl.coalesce(f"{side}{part}", own[part]) for part in PARTS}


def _coarse() -> pl.Expr:
    """Precision of a moment somewhere between the two ends."""
    first, last = pl.col("FROMDTM"), pl.col("TODTX")
    last = pl.when(pl.col("TOPRC") == "time").then(last).otherwise(last - _TICK)
    return (
        pl.when(first == last).then(pl.lit("time"))
        .when(first.dt.date() == last.dt.date()).then(pl.lit("day"))
        .when(first.dt.truncate("1mo") == last.dt.truncate("1mo")).then(pl.lit("month"))
        .otherwise(pl.lit("year"))
    )  # fmt: skip


def _with_duration(frame: pl.DataFrame, stem: str, end: str, duration: str) -> pl.DataFrame:
    texts = frame.get_column(duration).drop_nulls().unique()
    offsets = texts.to_frame().with_columns(**_offset(pl.col(duration), "TO"))
    frame = frame.join(offsets, on=duration, how="left", maintain_order="left")
    frame = frame.with_columns(
        **{f"FROM{part}": pl.col(f"{stem}{part}") for part in PARTS},
        **{f"TO{part}": pl.lit(None, frame.schema[f"{stem}{part}"]) for part in PARTS},
    ).with_columns(**_placed("TO", "FROM"))
    alone = pl.col(f"{end}DTC").is_null() & pl.col(f"{end}DTM").is_null()
    return frame.with_columns(
        pl.when(alone).then(f"TO{part}").otherwise(f"{end}{part}").alias(f"{end}{part}")
        for part in PARTS
    ).drop("TOOFF", "TOCLOCK", *(f"{side}{part}" for side in _ENDS for part in PARTS))
