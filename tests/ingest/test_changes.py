"""What became of the remarks since the drop before."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest.changes import compare_remarks
from pipeline.schemas.tables import TABLES
from tests.ingest.drops import ingest, plus

COLUMNS = [
    "DOMAIN",
    "RULE",
    "COLUMN",
    "SEVERITY",
    "N_BEFORE",
    "N_NOW",
    "N_FIXED",
    "N_NEW",
    "N_OPEN",
]


def remarks(*rows):
    """(table, row, subject, rule, column, value) as the two tables."""
    schema = TABLES["notes"].create_empty().schema
    made = {"quarantine": [], "notes": []}
    for table, row, subject, rule, column, value in rows:
        made[table].append(("S1", "AE", row, subject, rule, column, value, "words"))
    return {name: pl.DataFrame(r, schema=schema, orient="row") for name, r in made.items()}


def changes(before, now):
    return compare_remarks("S1", before, now).select(COLUMNS).rows()


BAD_GRADE = ("notes", 1, "P1", "GRADE_INVALID", "AETOXGR", "9")


@pytest.mark.parametrize(
    ("before", "now", "counts"),
    [
        ([BAD_GRADE], [BAD_GRADE], (1, 1, 0, 0, 1)),  # still open
        ([BAD_GRADE], [("notes", 7, *BAD_GRADE[2:])], (1, 1, 0, 0, 1)),  # its row moved
        ([BAD_GRADE], [], (1, 0, 1, 0, 0)),  # mended
        ([], [BAD_GRADE], (0, 1, 0, 1, 0)),  # new
        ([BAD_GRADE], [(*BAD_GRADE[:5], "8")], (1, 1, 1, 1, 0)),  # another value is another fault
        ([BAD_GRADE], [("notes", 1, "P2", *BAD_GRADE[3:])], (1, 1, 1, 1, 0)),  # another subject
        # of two alike one was mended
        ([BAD_GRADE, ("notes", 2, *BAD_GRADE[2:])], [BAD_GRADE], (2, 1, 1, 0, 1)),
        ([BAD_GRADE], [BAD_GRADE, ("notes", 2, *BAD_GRADE[2:])], (1, 2, 0, 1, 1)),
    ],
)
def test_one_rule(before, now, counts):
    rule = ("AE", "GRADE_INVALID", "AETOXGR", "note")
    assert changes(remarks(*before), remarks(*now)) == [(*rule, *counts)]


def test_a_remark_without_subject_or_value_is_compared_too():
    whole = ("notes", 0, None, "COLUMN_NOT_USED", "AEXYZ", None)
    held = ("quarantine", 3, None, "DUPLICATE_ROW", "*", None)
    assert changes(remarks(whole, held), remarks(whole)) == [
        ("AE", "COLUMN_NOT_USED", "AEXYZ", "note", 1, 1, 0, 0, 1),
        ("AE", "DUPLICATE_ROW", "*", "quarantine", 1, 0, 1, 0, 0),
    ]


def test_without_a_drop_before_there_is_nothing_to_compare():
    made = compare_remarks("S1", None, remarks(BAD_GRADE))
    assert made.is_empty()
    assert TABLES["changes"].is_valid(made)


def test_tables_may_be_files(tmp_path):
    for name, frame in remarks(BAD_GRADE).items():
        frame.write_parquet(tmp_path / f"{name}.parquet")
    before = {name: tmp_path / f"{name}.parquet" for name in ("quarantine", "notes")}
    assert changes(before, remarks()) == changes(remarks(BAD_GRADE), remarks())


def test_two_drops_of_a_study(tmp_path):
    late = "S1,AE,P9,1,CRS,CRS,1,,2024-03-09,"
    bad = "S1,AE,P1,2,CRS,CRS,9,,2024-03-09,"
    first = ingest(tmp_path / "1", ae=plus("ae", late, bad))
    second = ingest(tmp_path / "2", ae=plus("ae", bad, "S1,AE,P1,3,CRS,CRS,1,,2024-02-31,"))
    rows = [row for row in changes(first, second) if row[0] == "AE"]
    assert rows == [
        ("AE", "DATE_IMPOSSIBLE", "AESTDTC", "quarantine", 0, 1, 0, 1, 0),
        ("AE", "GRADE_INVALID", "AETOXGR", "note", 1, 1, 0, 0, 1),
        ("AE", "SUBJECT_NOT_IN_DM", "USUBJID", "quarantine", 1, 0, 1, 0, 0),
    ]


faults = st.lists(
    st.tuples(
        st.sampled_from(["quarantine", "notes"]), st.integers(1, 9),
        st.sampled_from(["P1", "P2", None]), st.sampled_from(["R1", "R2"]),
        st.sampled_from(["A", "B"]), st.sampled_from(["1", None]),
    ),
    max_size=12, unique_by=lambda row: (row[1], row[3], row[4]),
)  # fmt: skip


@given(faults, faults)
@settings(deadline=None, max_examples=25)
def test_every_remark_is_counted_once_whichever_way_one_looks(before, now):
    there = compare_remarks("S1", remarks(*before), remarks(*now))
    back = compare_remarks("S1", remarks(*now), remarks(*before))
    assert there["N_BEFORE"].sum() == len(before)
    assert there["N_NOW"].sum() == len(now)
    assert there["N_FIXED"].to_list() == back["N_NEW"].to_list()
    assert there["N_OPEN"].to_list() == back["N_OPEN"].to_list()
