"""ISO 8601 intervals and durations, at the boundaries of day, month and clock."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest.intervals import read_intervals
from tests.ingest.drops import FILES, found, ingest


def _one(text: str) -> dict[str, object]:
    return read_intervals(pl.Series([text])).row(0, named=True)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024-01-03/2024-01-05", ((3,), (4,), "day"), ((5,), (6,), "day")),
        ("2024-01-03T10:00/2024-01-03T10:30", ((3, 10), (3, 10), "time"),
         ((3, 10, 30), (3, 10, 30), "time")),
        ("2024-01-03T10:00/2024-01-03", ((3, 10), (3, 10), "time"), ((3,), (4,), "day")),
        ("2024-01-03/P2D", ((3,), (4,), "day"), ((4,), (5,), "day")),  # the 3rd and the 4th
        ("2024-01-03/P0D", ((3,), (4,), "day"), ((3,), (4,), "day")),
        ("2024-01-03/PT6H", ((3,), (4,), "day"), ((3,), (4,), "day")),  # from when is not known
        ("2024-01-03T10:00/PT6H30M", ((3, 10), (3, 10), "time"),
         ((3, 16, 30), (3, 16, 30), "time")),
        ("2024-01-03T10:00/P1D", ((3, 10), (3, 10), "time"), ((4,), (5,), "day")),  # days only
        ("2024-01-03T10:00/P1DT1H", ((3, 10), (3, 10), "time"), ((4, 11), (4, 11), "time")),
        ("2024-01-03/P1W", ((3,), (4,), "day"), ((9,), (10,), "day")),
        ("P2D/2024-01-05", ((4,), (5,), "day"), ((5,), (6,), "day")),
        ("P0D/2024-01-05", ((5,), (6,), "day"), ((5,), (6,), "day")),
        ("PT2H/2024-01-05T10:00", ((5, 8), (5, 8), "time"), ((5, 10), (5, 10), "time")),
    ],
)  # fmt: skip
def test_the_ends_of_an_interval(text, start, end):
    row = _one(text)
    for side, (first, after, precision) in (("FROM", start), ("TO", end)):
        assert row[f"{side}DTM"] == dt.datetime(2024, 1, *first)
        assert row[f"{side}DTX"] == dt.datetime(2024, 1, *after)
        assert row[f"{side}PRC"] == precision
    assert row["BAD"] is None


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("2024-01-03T10:00/2024-01-03T10:00", "time"),
        ("2024-01-03T10:00/2024-01-03T23:59", "day"),
        ("2024-01-03T10:00/2024-01-04T00:00", "month"),  # may be the 4th
        ("2024-01-03/2024-01-03", "day"),
        ("2024-01-03/2024-01-31", "month"),
        ("2024-01-31/2024-02-01", "year"),  # no coarser unit than the year is kept
        ("2024-01/2024-02", "year"),
    ],
)
def test_a_moment_within_an_interval_is_known_to_what_holds_it(text, precision):
    row = _one(text)
    assert (row["PRC"], row["DTM"], row["DTX"]) == (precision, row["FROMDTM"], row["TODTX"])


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-05/2024-01-03",  # the end first
        "2024-01-03T10:00/2024-01-03T09:59",
        "2024-01/P2D",  # from which day?
        "2024-01-03/05",  # a shortened end
        "2024-01-03/",
        "/2024-01-03",
        "2024-01-03/2024-01-04/2024-01-05",
        "P1D/P2D",
        "2024-01-03/P",
        "2024-01-03/PT",
        "2024-01-03/P1.5D",
        "2024-01-03/P999Y",  # after 2250
        "2024-01-03/2024-02-31",
        "a/b",
        "/",
    ],
)
def test_what_is_no_interval_is_named(text):
    row = _one(text)
    assert (row["DTM"], row["DTX"], row["PRC"]) == (None, None, None)
    assert row["BAD"] == "INTERVAL_UNREADABLE"


@given(st.lists(st.text(alphabet="0123456789-/PTDHMWYS:.", max_size=24), unique=True))
@settings(deadline=None, max_examples=50)
def test_no_text_raises_and_every_interval_has_its_end_last(texts):
    read = read_intervals(pl.Series(texts, dtype=pl.String))
    assert read["DTM"].is_null().to_list() == read["BAD"].is_not_null().to_list()
    assert read.filter(pl.col("DTM") > pl.col("DTX")).is_empty()


AE = FILES["ae.csv"].splitlines()[0] + ",AEDUR"


def _ae(tmp_path, start: str, end: str = "", duration: str = ""):
    row = f"S1,AE,P1,1,CRS,Cytokine release syndrome,2,,{start},{end},{duration}"
    tables = ingest(tmp_path, ae=f"{AE}\n{row}\n", suppae=None)
    columns = ["AESTDTM", "AESTPRC", "AEENDTC", "AEENDTM", "AEENDTX", "AEENPRC"]
    read = tables["sdtm_ae"].select(columns).rows()
    rules = [
        (r, c) for t in ("quarantine", "notes") for d, _, r, c in found(tables, t) if d == "AE"
    ]
    return read, rules


DAY = dt.datetime


def test_an_interval_as_start_gives_the_end_where_there_is_none(tmp_path):
    read, rules = _ae(tmp_path, "2024-03-03/2024-03-05")
    assert read == [(DAY(2024, 3, 3), "day", None, DAY(2024, 3, 5), DAY(2024, 3, 6), "day")]
    assert rules == [("INTERVAL_READ", "AESTDTC")]


def test_an_interval_as_start_beside_an_end_says_when_it_may_have_begun(tmp_path):
    read, rules = _ae(tmp_path, "2024-03-03/2024-03-05", "2024-03-09")
    end = ("2024-03-09", DAY(2024, 3, 9), DAY(2024, 3, 10), "day")
    assert read == [(DAY(2024, 3, 3), "month", *end)]
    assert rules == [("INTERVAL_READ", "AESTDTC")]


def test_an_interval_as_end_says_when_it_may_have_ended(tmp_path):
    read, rules = _ae(tmp_path, "2024-03-03", "2024-03-05T08:00/2024-03-05T12:00")
    text = "2024-03-05T08:00/2024-03-05T12:00"
    assert read[0][2:] == (text, DAY(2024, 3, 5, 8), DAY(2024, 3, 5, 12), "day")
    assert rules == [("INTERVAL_READ", "AEENDTC")]


def test_a_row_whose_interval_cannot_be_read_is_held_back(tmp_path):
    assert _ae(tmp_path, "2024-03-05/2024-03-03") == ([], [("INTERVAL_UNREADABLE", "AESTDTC")])
    assert _ae(tmp_path, "P2D") == ([], [("DATE_IS_DURATION", "AESTDTC")])


@pytest.mark.parametrize(
    ("start", "duration", "end", "rule"),
    [
        ("2024-03-03T08:00", "PT36H", (DAY(2024, 3, 4, 20), DAY(2024, 3, 4, 20), "time"),
         "DURATION_READ"),
        ("2024-03-03", "P3D", (DAY(2024, 3, 5), DAY(2024, 3, 6), "day"), "DURATION_READ"),
        ("2024-03", "P3D", (None, None, None), "DURATION_NOT_READ"),
        ("2024-03-03", "3 days", (None, None, None), "DURATION_NOT_READ"),
    ],
)  # fmt: skip
def test_a_duration_gives_the_end_where_there_is_none(tmp_path, start, duration, end, rule):
    read, rules = _ae(tmp_path, start, "", duration)
    assert (read[0][2], read[0][3:]) == (None, end)
    assert rules == [(rule, "AEDUR")]


def test_a_stated_end_is_not_touched_by_a_duration(tmp_path):
    read, rules = _ae(tmp_path, "2024-03-03", "2024-03-04", "P9D")
    assert read[0][2:4] == ("2024-03-04", DAY(2024, 3, 4))
    assert rules == []


@pytest.mark.parametrize(
    "text", ["09/03/2024", "03/2024", "2024/03/09", "2024-03-09/12", "/", "a/b"]
)
def test_a_date_with_a_solidus_is_no_interval(tmp_path, text):
    assert _ae(tmp_path, text) == ([], [("DATE_NOT_ISO", "AESTDTC")])


def test_a_subject_is_not_lost_for_an_interval_in_dm(tmp_path):
    dm = FILES["dm.csv"].replace("2024-03-01,2024-03-01,,", "2024-03-01/2024-03-02,P1D,,")
    tables = ingest(tmp_path, dm=dm)
    assert tables["sdtm_dm"]["RFSTPRC"].to_list() == ["time", "month"]
    dm_notes = [(r, rule, c) for d, r, rule, c in found(tables, "notes") if d == "DM"]
    assert dm_notes == [(2, "DATE_UNUSABLE", "RFXSTDTC"), (2, "INTERVAL_READ", "RFSTDTC")]
