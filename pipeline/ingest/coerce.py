"""A data set as read to the columns and types of its domain, with a remark on what did not fit."""

from __future__ import annotations

from typing import Any

import dataframely as dy
import polars as pl

from pipeline.ingest.dates import stems, with_dates
from pipeline.ingest.intervals import with_interval_ends, with_intervals
from pipeline.ingest.remarks import FILE, file_remark, kind_of, remark

Step = tuple[pl.DataFrame, list[pl.DataFrame]]

# Working columns: read for a rule or a conversion, not handed on.
REPEAT, DOMAIN, AGEU = "_REPEAT", "_DOMAIN", "_AGEU"
_WORKING = {"DOMAIN": DOMAIN, "AGEU": AGEU}

# What SAS and R write for a missing number or date.
_MISSING = ("", ".", "NA")
_GRADE = r"^(?:GRADE\s*|G)?([0-5])(?:\.0*)?$"


def coerce(dataset: str, raw: pl.DataFrame, schema: type[dy.Schema]) -> Step:
    """Type the columns of one file.

    Rule:
        1. A column that the schema does not have is not handed on; a note counts its values.
        2. A column that the file does not have is null.
        3. Text that is not of the column's kind becomes null, with a note that keeps its place.

    Returns:
        The typed rows, with the working columns, and the remarks.
    """
    repeat = ~pl.struct(pl.all()).is_first_distinct() if raw.width else pl.lit(value=False)
    raw = raw.with_columns(repeat.alias(REPEAT)).with_columns(
        pl.lit(dataset).alias(FILE), pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("ROW")
    )
    columns = {n: c for n, c in schema.columns().items() if kind_of(c) not in ("derived", "row")}
    frame = raw.select(
        FILE,
        "ROW",
        REPEAT,
        *(_text(raw, source).alias(name) for source, name in _WORKING.items()),
        *(_typed(raw, name, column).alias(name) for name, column in columns.items()),
    )
    return frame, _unused(dataset, raw, columns) + _unfit(raw, frame, columns)


def dated(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the instants and the precision of every --DTC column."""
    for stem in stems(frame.columns):
        frame = with_intervals(with_dates(frame, stem), stem)
    for stem in stems(frame.columns):
        frame = with_interval_ends(frame, stem)
    return frame


def _typed(raw: pl.DataFrame, name: str, column: Any) -> pl.Expr:
    kind = kind_of(column)
    if kind == "code":
        return _text(raw, name).str.to_uppercase()
    if kind == "dtc":
        text = _text(raw, name)
        return pl.when(~text.is_in(_MISSING)).then(text)
    if kind == "number":
        return _number(raw, name)
    if kind in ("seq", "studyday"):
        whole = _whole(_number(raw, name))
        return whole if kind == "seq" else pl.when(whole != 0).then(whole)
    if kind == "grade":
        grade = _text(raw, name).str.to_uppercase().str.extract(_GRADE).cast(pl.Int64)
        return pl.when(grade >= column.min).then(grade)
    return _text(raw, name)


def _text(raw: pl.DataFrame, name: str) -> pl.Expr:
    dtype = raw.schema.get(name)
    if dtype is None:
        return pl.lit(None, pl.String)
    if dtype == pl.Float64:
        number = pl.col(name)
        whole = (number == number.round()) & (number.abs() < 1e15)
        return (
            pl.when(whole)
            .then(number.cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(number.cast(pl.String))
        )
    return pl.col(name).cast(pl.String)


def _number(raw: pl.DataFrame, name: str) -> pl.Expr:
    if name not in raw.columns:
        return pl.lit(None, pl.Float64)
    number = pl.col(name).cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number)


def _whole(number: pl.Expr) -> pl.Expr:
    fits = (number == number.round()) & (number.abs() < 1e15)
    return pl.when(fits).then(number).cast(pl.Int64)


def _unused(dataset: str, raw: pl.DataFrame, columns: dict[str, Any]) -> list[pl.DataFrame]:
    known = {*columns, *_WORKING, FILE, "ROW", REPEAT}
    names = [name for name in raw.columns if name not in known]
    filled = raw.select(pl.col(names).is_not_null().sum()).row(0) if names else ()
    return [
        file_remark("COLUMN_NOT_USED", dataset, _shown(name), f"{count} values")
        for name, count in zip(names, filled, strict=True)
    ]


def _shown(name: str) -> str:
    # A column name longer than SDTM allows is free text itself.
    return name if 0 < len(name) <= 8 and name.isascii() else f"({len(name)} characters)"


def _unfit(raw: pl.DataFrame, frame: pl.DataFrame, columns: dict[str, Any]) -> list[pl.DataFrame]:
    rules = {
        "number": "NOT_A_NUMBER",
        "seq": "NOT_A_NUMBER",
        "studyday": "NOT_A_NUMBER",
        "grade": "GRADE_INVALID",
    }
    out: list[pl.DataFrame] = []
    for name, column in columns.items():
        rule = rules.get(kind_of(column))
        if rule is None or name not in raw.columns:
            continue
        lost = frame.select(FILE, "ROW", "USUBJID", name, FOUND=raw.get_column(name)).filter(
            pl.col("FOUND").is_not_null() & pl.col(name).is_null(),
            ~pl.col("FOUND").cast(pl.String).is_in(_MISSING),
        )
        zero = pl.col("FOUND").cast(pl.Float64, strict=False) == 0
        if kind_of(column) == "studyday":
            out.append(remark("STUDY_DAY_ZERO", name, lost.filter(zero), pl.col("FOUND")))
            lost = lost.filter(zero.fill_null(value=False).not_())
        out.append(remark(rule, name, lost, pl.col("FOUND")))
    return out
