from __future__ import annotations

import datetime as dt

import polars as pl

from pipeline.assets.metadata import describe, preview, table_metadata
from tests.assets.fakes import of


def test_preview_shows_few_rows_and_columns_and_no_date():
    frame = pl.DataFrame(
        {
            "USUBJID": [f"S-{i}" for i in range(9)],
            "ADT": [dt.date(2024, 3, 1)] * 9,
            "ASTDTM": [dt.datetime(2024, 3, 1, 8)] * 9,
            "AESTDTC": ["2024-03-01"] * 9,
            "GRADE": [None, *range(8)],
        }
    )
    lines = preview(frame).splitlines()
    assert lines[0] == "| USUBJID | GRADE |"
    assert lines[2] == "| S-0 |  |"
    assert len(lines) == 2 + 5


def test_preview_escapes_what_would_break_the_table():
    assert preview(pl.DataFrame({"A": ["x|y\nz"]})).endswith("| x\\|y z |")


def test_long_text_is_cut():
    assert preview(pl.DataFrame({"A": ["x" * 99]})).endswith("| " + "x" * 39 + "… |")


def test_metadata_of_a_table_explains_its_columns(tmp_path):
    doses = of(
        "doses", STUDYID=["A"], USUBJID=["S"], DOSESEQ=[1], PRODUCT=["p"], EXSTDY=[1], SRCSEQ=["1"]
    )
    doses.write_parquet(tmp_path / "doses.parquet")
    shown = table_metadata("doses", tmp_path / "doses.parquet")
    assert shown["dagster/row_count"] == 1
    columns = {c.name: c.description for c in shown["dagster/column_schema"].columns}
    assert columns["EXSTDY"] == "Study day of the start"
    assert "2024" not in shown["preview"].value


def test_description_is_the_meaning_of_a_row():
    assert describe("episodes").startswith("One row: a CRS episode")
    assert describe("sdtm_dm") == "One row: a subject."
    assert describe("cohort_results") == describe("results")
