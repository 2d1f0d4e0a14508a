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

# Number of the row in its file, where a frame holds only some of its rows. Names that come from a
# file are in capitals, so none is this one.
NUMBER = "number"

# What SAS and R write for a missing number or date.
_MISSING = ("", ".", "NA")
_GRADE = r"^(?:GRADE\s*|G)?([0-5])(?:\.0*)?$"


def coerce(dataset: str, raw: pl.DataFrame, schema: type[dy.Schema]) -> Step:
    """Type the columns of one file.

    The rows are numbered through, or as the working column `NUMBER` says.

    Rule:
        1. A column that the schema does not have is not handed on; a note counts its values.
        2. A column that the file does not have is null.
        3. Text that is not of the column's kind becomes null, with a note that keeps its place.

    Returns:
        The typed rows, with the working columns, and the remarks.
    """
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
    if NUMBER in raw.columns:
        raw, number = raw.drop(NUMBER), raw.get_column(NUMBER)
    repeat = ~pl.struct(pl.all()).is_first_distinct() if raw.width else pl.lit(value=False)
    raw = raw.with_columns(repeat.alias(REPEAT)).with_columns(
        pl.lit(dataset).alias(FILE), number.alias("ROW")
    )
    columns = _read_columns(schema)
    frame = raw.select(
        FILE,
        "ROW",
        REPEAT,
        *(text(raw, source).alias(name) for source, name in _WORKING.items()),
        *(_typed(raw, name, column).alias(name) for name, column in columns.items()),
    )
    return frame, unused(dataset, filled(raw), schema) + _unfit(raw, frame, columns)


def filled(raw: pl.DataFrame) -> dict[str, int]:
    """How many values each column has."""
    counts = raw.select(pl.all().is_not_null().sum()).row(0) if raw.width else ()
    return dict(zip(raw.columns, counts, strict=True))


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
        return text(raw, name).str.to_uppercase()
    if kind == "dtc":
        date = text(raw, name)
        return pl.when(~date.is_in(_MISSING)).then(date)
    if kind == "number":
        return _number(raw, name)
    if kind in ("seq", "studyday"):
        number = whole(raw, name)
        return number if kind == "seq" else pl.when(number != 0).then(number)
    if kind == "grade":
        grade = text(raw, name).str.to_uppercase().str.extract(_GRADE).cast(pl.Int64)
        return pl.when(grade >= column.min).then(grade)
    return text(raw, name)


def text(raw: pl.DataFrame, name: str) -> pl.Expr:
    """A column as text; a whole number has no fraction."""
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


def whole(raw: pl.DataFrame, name: str) -> pl.Expr:
    """A column as whole numbers; null where it is none."""
    number = _number(raw, name)
    fits = (number == number.round()) & (number.abs() < 1e15)
    return pl.when(fits).then(number).cast(pl.Int64)


def unused(dataset: str, filled: dict[str, int], schema: type[dy.Schema]) -> list[pl.DataFrame]:
    """Remarks on columns that the schema does not have, given the number of values in each."""
    known = {*_read_columns(schema), *_WORKING, FILE, "ROW", REPEAT}
    return [
        file_remark("COLUMN_NOT_USED", dataset, _shown(name), f"{count} values")
        for name, count in filled.items()
        if name not in known
    ]


def _read_columns(schema: type[dy.Schema]) -> dict[str, Any]:
    return {n: c for n, c in schema.columns().items() if kind_of(c) not in ("derived", "row")}


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
