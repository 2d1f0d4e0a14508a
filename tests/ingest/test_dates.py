from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.dates import read_dates, stems, with_dates


def _one(text: str) -> tuple[object, ...]:
    return read_dates(pl.Series([text])).row(0)[1:]


@pytest.mark.parametrize(
    ("text", "first", "after", "precision"),
    [
        ("2024", (2024, 1, 1), (2025, 1, 1), "year"),
        ("2024-12", (2024, 12, 1), (2025, 1, 1), "month"),
        ("2024-02", (2024, 2, 1), (2024, 3, 1), "month"),
        ("2024-02-29", (2024, 2, 29), (2024, 3, 1), "day"),  # a leap day
        ("2024-03-02T08", (2024, 3, 2, 8), (2024, 3, 2, 8), "time"),  # the hour alone
        ("2024-03-02T08:30", (2024, 3, 2, 8, 30), (2024, 3, 2, 8, 30), "time"),
        ("2024-03-02T08:30:15", (2024, 3, 2, 8, 30, 15), (2024, 3, 2, 8, 30, 15), "time"),
        ("2024-03-02T08:30:15.25", (2024, 3, 2, 8, 30, 15, 250000), (2024, 3, 2, 8, 30, 15, 250000),
         "time"),
        ("2024-03-02T08:30Z", (2024, 3, 2, 8, 30), (2024, 3, 2, 8, 30), "time"),  # wall clock
        ("2024-03-02T08:30+02:00", (2024, 3, 2, 8, 30), (2024, 3, 2, 8, 30), "time"),
        ("2024-03-02 08:30", (2024, 3, 2, 8, 30), (2024, 3, 2, 8, 30), "time"),  # from a data base
        ("2003---15", (2003, 1, 1), (2004, 1, 1), "year"),  # the month is missing
        ("2003-12--", (2003, 12, 1), (2004, 1, 1), "month"),
        ("2003-12-15T-:15", (2003, 12, 15), (2003, 12, 16), "day"),  # the hour is missing
        ("2144-10-30", (2144, 10, 30), (2144, 10, 31), "day"),  # shifted by a century
    ],
)  # fmt: skip
def test_a_text_gives_its_first_instant_and_the_one_after(text, first, after, precision):
    assert _one(text) == (dt.datetime(*first), dt.datetime(*after), precision, None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2020-02-31", "DATE_IMPOSSIBLE"),
        ("2023-02-29", "DATE_IMPOSSIBLE"),
        ("2024-13", "DATE_IMPOSSIBLE"),
        ("2024-00-10", "DATE_IMPOSSIBLE"),
        ("2024-03-02T24:00", "DATE_IMPOSSIBLE"),
        ("2024-03-02T08:61", "DATE_IMPOSSIBLE"),
        ("2024-03-02T08:30:60", "DATE_IMPOSSIBLE"),
        ("9999-12-31", "DATE_IMPOSSIBLE"),  # a placeholder for "ongoing"
        ("0001-01-01", "DATE_IMPOSSIBLE"),
        ("31/02/2020", "DATE_NOT_ISO"),
        ("02MAR2024", "DATE_NOT_ISO"),
        ("2024-3-2", "DATE_NOT_ISO"),
        ("20240302", "DATE_NOT_ISO"),
        ("2024-03-02T", "DATE_NOT_ISO"),
        ("UN", "DATE_NOT_ISO"),
        ("2024-03-01/2024-03-04", "DATE_NOT_ISO"),  # an interval is two dates
        ("--12-15", "DATE_WITHOUT_YEAR"),
        ("-", "DATE_WITHOUT_YEAR"),
    ],
)
def test_a_text_that_gives_no_instant_says_why(text, why):
    assert _one(text) == (None, None, None, why)


def test_with_dates_keeps_the_rows_and_their_order():
    frame = pl.DataFrame({"AESTDTC": ["2024-03-02", None, "2024", "2024-03-02"], "N": [1, 2, 3, 4]})
    got = with_dates(frame, "AEST")
    assert got["N"].to_list() == [1, 2, 3, 4]
    assert got["AESTPRC"].to_list() == ["day", None, "year", "day"]


def test_stems():
    assert stems(["AESTDTC", "AESTDY", "VSDTC"]) == ["AEST", "VS"]


@given(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2250, 12, 31)))
def test_any_instant_comes_back_from_its_text(instant):
    assert _one(instant.isoformat())[0] == instant


@given(st.text(max_size=20))
def test_no_text_raises(text):
    first, after, precision, why = _one(text)
    assert (first is None) == (after is None) == (precision is None) == (why is not None)
