from __future__ import annotations

from reports.drill import Drill
from reports.select import blocks
from reports.tables.sensitivity import method, sensitivity_rows, table_sensitivity
from tests.reports import compared


def _rows():
    (block,) = blocks(compared.rows(compared.sensitivity()))
    return sensitivity_rows(block)


def test_what_was_planned_comes_first_and_recovery_last():
    assert [r["LEVEL"] for r in _rows()] == [
        "as planned",
        "onset one day later",
        "window of 60 days",
        "without study CAS",
        "recovery as planned: death competes",
    ]


def test_every_row_has_the_same_columns_and_a_reason_where_there_is_no_number():
    made = table_sensitivity(_rows(), Drill.closed(), "t", "T")
    text = compared.text(made)
    assert "As planned 28 30.0 (10.0 to 50.0) 60 30 Counted" in text
    assert "60 NE: one cohort was not followed to day 60 60 30 Counted" in text


def test_the_method_leaves_out_what_the_heading_says():
    row = {"METHOD": "non-randomised comparison, descriptive; nominal P; test of car_t"}
    assert method(row) == "Test of CAR-T"
