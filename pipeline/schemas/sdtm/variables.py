"""Kinds of SDTM variables, so that one kind is typed, checked and masked in one way everywhere.

The kind stands in the column's metadata; ingest reads it to know how to bring a source column into
shape and what of a faulty value may be shown.
"""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas import columns as c

KIND = "kind"
TOPIC = "topic"


def studyid() -> dy.String:
    return dy.String(nullable=False, metadata={KIND: "id"}, description="Study identifier")


def usubjid(*, key: bool = True) -> dy.String:
    return dy.String(
        primary_key=key,
        nullable=not key,
        metadata={KIND: "id"},
        description="Unique subject identifier",
    )


def seq() -> dy.Int64:
    return dy.Int64(
        primary_key=True,
        nullable=False,
        metadata={KIND: "seq"},
        description="Sequence number within subject and domain",
    )


def row() -> dy.Int64:
    return dy.Int64(
        nullable=False,
        min=1,
        metadata={KIND: "row"},
        description="Row in the file, the first data row is 1",
    )


def topic(description: str) -> dy.String:
    """What the row is about: at least one topic column must be there and filled."""
    return dy.String(nullable=True, metadata={KIND: "text", TOPIC: True}, description=description)


def testcd(description: str) -> dy.String:
    """Topic of a findings row, a short code in capitals."""
    return dy.String(nullable=True, metadata={KIND: "code", TOPIC: True}, description=description)


def code(description: str, *, among: tuple[str, ...] | None = None) -> dy.String:
    check = None if among is None else (lambda col: col.is_in(among))
    return dy.String(nullable=True, check=check, metadata={KIND: "code"}, description=description)


def term(description: str) -> dy.String:
    """A value from a list whose spelling is kept as it came."""
    return dy.String(nullable=True, metadata={KIND: "term"}, description=description)


def text(description: str) -> dy.String:
    """Free text: never shown in a message."""
    return dy.String(nullable=True, metadata={KIND: "text"}, description=description)


def number(description: str, *, low: float | None = None, high: float | None = None) -> dy.Float64:
    return dy.Float64(
        nullable=True, min=low, max=high, metadata={KIND: "number"}, description=description
    )


def studyday(description: str) -> dy.Int64:
    return dy.Int64(
        nullable=True,
        check=lambda col: col != 0,
        metadata={KIND: "studyday"},
        description=description + ", day 1 = first dose, no day 0",
    )


def grade(description: str, *, low: int = 1) -> dy.Int64:
    return dy.Int64(
        nullable=True, min=low, max=5, metadata={KIND: "grade"}, description=description
    )


def dtc(description: str) -> dy.String:
    return dy.String(
        nullable=True,
        metadata={KIND: "dtc"},
        description=description + ", ISO 8601 text, possibly partial",
    )


def dtm(stem: str) -> dy.Datetime:
    return dy.Datetime(
        nullable=True,
        time_unit="us",
        metadata={KIND: "derived"},
        description=f"Earliest instant that {stem}DTC allows (wall clock)",
    )


def dtx(stem: str) -> dy.Datetime:
    return dy.Datetime(
        nullable=True,
        time_unit="us",
        metadata={KIND: "derived"},
        description=f"First instant after the period that {stem}DTC states; DTM where timed",
    )


def prc(stem: str) -> dy.String:
    return dy.String(
        nullable=True,
        check=lambda col: col.is_in(c.PRECISIONS),
        metadata={KIND: "derived"},
        description=f"Precision of {stem}DTC (time, day, month or year)",
    )


def derived_number(description: str) -> dy.Float64:
    return dy.Float64(nullable=True, metadata={KIND: "derived"}, description=description)


def derived_term(description: str) -> dy.String:
    return dy.String(nullable=True, metadata={KIND: "derived"}, description=description)


def duration() -> dy.String:
    return code("Duration, ISO 8601: gives the end where --ENDTC is empty")


def occur() -> dy.String:
    return code("Whether what was asked for occurred (Y, N, U); null where nothing was asked")


def stat() -> dy.String:
    return code("NOT DONE where what was asked for was not answered")


def in_order(domain: str) -> pl.Expr:
    """True unless the end is surely before the start, by date or, without dates, by study day.

    Surely means: even the latest instant of the stated end lies before the earliest instant of the
    stated start.
    """
    start, end = f"{domain}ST", f"{domain}EN"
    timed_end = pl.col(f"{end}PRC") == "time"
    late_enough = (
        pl.when(timed_end)
        .then(pl.col(f"{end}DTX") >= pl.col(f"{start}DTM"))
        .otherwise(pl.col(f"{end}DTX") > pl.col(f"{start}DTM"))
    )
    return pl.coalesce(late_enough, pl.col(f"{end}DY") >= pl.col(f"{start}DY"))


def any_filled(*columns: str) -> pl.Expr:
    return pl.any_horizontal(pl.col(name).is_not_null() for name in columns)
