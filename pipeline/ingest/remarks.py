"""Rows of quarantine and notes: which source row broke which rule, and what may be shown of it."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.rules import RULES
from pipeline.schemas.sdtm.variables import KIND

# A working frame carries, beside its columns, the data set (file) and the row that it came from.
FILE = "_FILE"
PLACE = [FILE, "ROW"]

SCHEMA = {
    "DOMAIN": pl.String,
    "ROW": pl.Int64,
    "USUBJID": pl.String,
    "RULE": pl.String,
    "COLUMN": pl.String,
    "VALUE": pl.String,
    "MESSAGE": pl.String,
}
KEY = ["DOMAIN", "ROW", "RULE", "COLUMN"]
NONE = pl.DataFrame(schema=SCHEMA)

_SHORT = r"^[^\s@]{1,16}$"
_DATE_LIKE = r"^[0-9TZ:+./ -]{1,48}$"


def remark(
    rule: str, column: str, hits: pl.DataFrame, value: pl.Expr | None = None, kind: str = "code"
) -> pl.DataFrame:
    """One remark per row of `hits`, on `column`; `value` is what was found there."""
    sentence = RULES[rule].sentence.format(column=column)
    if hits.is_empty():
        return NONE
    return (
        hits.select(
            DOMAIN=pl.col(FILE),
            ROW=pl.col("ROW"),
            USUBJID=pl.col("USUBJID"),
            RULE=pl.lit(rule),
            COLUMN=pl.lit(column),
            VALUE=pl.lit(None, pl.String) if value is None else masked(value, kind),
            MESSAGE=pl.lit(sentence),
        )
        .with_columns(
            MESSAGE=pl.when(pl.col("VALUE").is_null())
            .then(pl.col("MESSAGE"))
            .otherwise(pl.format("{}; found {}", "MESSAGE", "VALUE"))
        )
        .cast(SCHEMA)  # pyright: ignore[reportArgumentType]
    )


def file_remark(rule: str, dataset: str, column: str = "*", what: str = "") -> pl.DataFrame:
    """A remark on a file or a column as a whole (ROW 0)."""
    sentence = RULES[rule].sentence.format(column=column)
    message = f"{sentence}; {what}" if what else sentence
    return pl.DataFrame(
        [(dataset, 0, None, rule, column, None, message)], schema=SCHEMA, orient="row"
    )


def gather(remarks: list[pl.DataFrame], severity: str) -> pl.DataFrame:
    """All remarks of one severity, one per row, rule and column, in the order of the key."""
    ids = [rule.id for rule in RULES.values() if rule.severity == severity]
    frame = pl.concat([NONE, *remarks])
    return (
        frame.filter(pl.col("RULE").is_in(ids))
        .unique(KEY, keep="first", maintain_order=True)
        .sort(KEY)
    )


def masked(value: pl.Expr, kind: str) -> pl.Expr:
    """What may be shown of a value: codes and numbers as they are, the shape of anything else.

    Dates keep their form with every digit as 9; text keeps its length; identifiers show nothing.
    """
    text = value.cast(pl.String)
    shape = pl.format("(text of {} characters)", text.str.len_chars())
    if kind == "id":
        return pl.lit(None, pl.String)
    if kind == "text":
        return pl.when(text.is_not_null()).then(shape)
    if kind == "dtc":
        digits = text.str.replace_all(r"[0-9]", "9")
        return pl.when(text.str.contains(_DATE_LIKE)).then(digits).otherwise(shape)
    return pl.when(text.str.contains(_SHORT)).then(text).otherwise(shape)


def kind_of(column: object) -> str:
    """Kind of a schema column, as its metadata says."""
    metadata = getattr(column, "metadata", None) or {}
    return str(metadata.get(KIND, "text"))
