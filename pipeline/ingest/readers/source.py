"""What every reader gives: one frame of plain text and numbers, whatever the format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl


class UnreadableError(Exception):
    """A file that cannot be read as what its name says; the message says why."""


@dataclass(frozen=True)
class Source:
    """A file as read: names in capitals, text stripped, nothing else changed.

    `remarks` holds (rule, column, message) about the file as a whole.
    """

    frame: pl.DataFrame
    remarks: list[tuple[str, str, str]] = field(default_factory=list)


def make_source(
    frame: pl.DataFrame,
    remarks: list[tuple[str, str, str]] | None = None,
    names: list[str] | None = None,
) -> Source:
    """Bring a frame into the common shape; `names` stand for the frame's own where given.

    Rule:
        1. Names are stripped and in capitals; two columns of one name are refused.
        2. Text is stripped and "" becomes null; dates become ISO 8601 text.
        3. Numbers stay numbers, NaN becomes null; booleans become Y and N.
    """
    upper = [name.strip().upper() for name in names or frame.columns]
    twice = sorted({name for name in upper if upper.count(name) > 1})
    if twice:
        # Where the header is missing, the first row stands in its place and must not be shown.
        shown = [name for name in twice if re.fullmatch(r"[A-Z][A-Z0-9_]{0,7}", name)]
        raise UnreadableError(
            f"two columns have the same name: {', '.join(shown) or 'no SDTM name'}"
        )
    frame = frame.rename(dict(zip(frame.columns, upper, strict=True)))
    plain = frame.select(_plain(name, dtype) for name, dtype in frame.schema.items())
    return Source(plain, remarks or [])


def slices(frame: pl.DataFrame, rows: int) -> Iterator[pl.DataFrame]:
    """A frame in pieces of at most so many rows; one piece where it has none."""
    if frame.is_empty():
        yield frame
    else:
        yield from frame.iter_slices(rows)


def _plain(name: str, dtype: pl.DataType) -> pl.Expr:
    col = pl.col(name)
    if dtype.is_nested() or isinstance(dtype, pl.Binary | pl.Object):
        raise UnreadableError(f"column {name} holds {dtype}, not text or numbers")
    if dtype.is_integer():
        plain = col.cast(pl.Int64, strict=False)
    elif dtype.is_float() or dtype.is_decimal():
        plain = col.cast(pl.Float64).fill_nan(None)
    elif isinstance(dtype, pl.Boolean):
        plain = pl.when(col).then(pl.lit("Y")).when(~col).then(pl.lit("N"))
    elif isinstance(dtype, pl.Date):
        plain = col.dt.strftime("%Y-%m-%d")
    elif isinstance(dtype, pl.Datetime):
        plain = col.dt.strftime("%Y-%m-%dT%H:%M:%S%.f")
    else:
        stripped = col.cast(pl.String).str.strip_chars()
        plain = pl.when(stripped != "").then(stripped)
    return plain.alias(name)
