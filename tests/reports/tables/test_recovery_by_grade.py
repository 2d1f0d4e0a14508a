from __future__ import annotations

from dataclasses import replace

from reports.tables.recovery_by_grade import table_recovery_by_grade
from tests.reports.ard_more import block_of
from tests.reports.courses import Course

COURSES = [
    *[Course("car_t", "axi", 3, 1, 6)] * 2,
    Course("car_t", "axi", 3, 2, 20),
    Course("car_t", "axi", 3, 5, None),
]


def test_each_grade_has_its_landmarks_on_both_clocks():
    block, drill = block_of(COURSES)
    html = table_recovery_by_grade(block, drill, "t")
    assert html.count(">Grade 1<") == 2
    assert "From onset (day of onset = 1)" in html
    assert "From the day of the maximum grade (that day = 1)" in html
    assert "100.0%" in html  # both of grade 1 by day 7
    assert "known later" in html


def test_who_is_in_no_row_is_counted():
    block, drill = block_of(COURSES)
    assert "Grade 5: does not recover" in table_recovery_by_grade(block, drill, "t")


def test_without_rows_a_sentence_says_so():
    block, drill = block_of(COURSES)
    bare = replace(block, rows=block.rows.clear())
    assert "No subject had CRS" in table_recovery_by_grade(bare, drill, "t")
