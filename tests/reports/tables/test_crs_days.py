from __future__ import annotations

from reports.tables.crs_days import table_crs_days
from tests.reports.ard_more import block_of
from tests.reports.courses import Course
from tests.reports.tables.test_states import _rows

# Two ill for 4 days, one without CRS.
COURSES = [*[Course("car_t", "axi", 3, 2, 6)] * 2, Course("car_t", "axi", None, None, None)]


def test_mean_days_recurrence_and_episodes_stand_with_their_counts_and_remarks():
    block, drill = block_of(COURSES)
    rows = _rows(table_crs_days(block, drill, "t"))
    mean = rows["Days with CRS of any grade: mean (95% CI)"]
    assert mean[0] == "2 / 3"
    assert mean[1].startswith("2.67 (2.17 to 3.17)")
    assert "a lower bound: 3 days of CRS without a grade" in mean[1]
    assert rows["More than one episode, of subjects with CRS"][0] == "0 / 2"
    assert rows["1 episode"][0] == "2 / 3"
    assert rows["Mean number of episodes by day 28 (Ghosh-Lin)"][:1] == ["2 in 3"]


def test_nobody_treated_gives_the_reason_and_no_empty_cell():
    block, drill = block_of([Course("car_t", "axi", None, None, None)])
    rows = _rows(table_crs_days(block, drill, "t"))
    assert "NE: there is nobody" in rows["More than one episode, of subjects with CRS"][1]
