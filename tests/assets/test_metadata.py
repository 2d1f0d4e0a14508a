from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from pipeline.assets.metadata import preview, table_metadata, withheld
from pipeline.schemas.layout import LAYOUT
from pipeline.study import Publish
from tests.assets.fakes import of

OPEN = Publish(subject_level=True, min_cell=0)
CLOSED = Publish()


def metadata(folder, table, publish, **columns):
    of(table, **columns).write_parquet(folder / "table.parquet", **LAYOUT)
    return table_metadata(table, folder / "table.parquet", publish)


AE = {
    "STUDYID": ["A"] * 9, "USUBJID": [f"S-{i}" for i in range(9)], "AESEQ": [1] * 9,
    "ROW": [*range(1, 10)], "AETERM": ["told by Dr Smith"] * 9, "AEREL": ["RELATED"] * 9,
    "AESTDTC": ["2024-03-01"] * 9, "AESTDTM": [dt.datetime(2024, 3, 1)] * 9,
}  # fmt: skip


def test_a_preview_shows_five_rows_without_dates_and_free_text(tmp_path):
    shown = metadata(tmp_path, "sdtm_ae", OPEN, **AE)
    assert shown["dagster/row_count"] == 9
    text = shown["preview"].value
    assert len(text.splitlines()) == 2 + 5
    assert "S-0" in text
    assert "RELATED" in text
    assert "2024" not in text
    assert "Smith" not in text
    assert "DTC" not in text


def test_rows_of_subjects_stay_where_the_study_keeps_them_back(tmp_path):
    text = metadata(tmp_path, "sdtm_ae", CLOSED, **AE)["preview"].value
    assert text.startswith("Not shown: `publish.subject_level` is false")
    assert "S-0" not in text


@pytest.mark.parametrize(
    ("table", "publish", "shown"),
    [
        ("ledger", CLOSED, True),  # counts of files
        ("adsl", CLOSED, False),
        ("quarantine", CLOSED, False),  # has ROW and USUBJID
        ("results", CLOSED, False),  # may hold a count below 5
        ("readings", Publish(subject_level=True), False),  # counts of subjects, min_cell 5
        ("cohort_results", OPEN, True),
        ("adsl", OPEN, True),
    ],
)
def test_who_may_see_rows(table, publish, shown):
    assert (withheld(table, publish) == "") is shown


def test_preview_escapes_what_would_break_the_table():
    assert preview(pl.DataFrame({"A": ["x|y\nz"]})).endswith("| x\\|y z |")


def test_long_text_is_cut():
    assert preview(pl.DataFrame({"A": ["x" * 99]})).endswith("| " + "x" * 39 + "… |")


def test_a_ledger_is_plotted_by_its_rows(tmp_path):
    shown = metadata(
        tmp_path, "ledger", CLOSED, STUDYID=["A", "A"], DOMAIN=["AE", "DM"], N_READ=[30, 10],
        N_ACCEPTED=[27, 10], N_QUARANTINED=[3, 0], SHA256=["x", "y"], FORMAT=["csv", "csv"],
    )  # fmt: skip
    assert (shown["rows read"], shown["rows quarantined"]) == (40, 3)
