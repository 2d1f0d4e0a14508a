from __future__ import annotations

from reports.tables.signs import table_signs
from tests.reports.ard_more import block_of
from tests.reports.courses import Course, car_t
from tests.reports.tables.test_states import _rows


def test_recorded_and_found_signs_stand_apart_and_a_dash_where_a_source_has_none():
    block, drill = block_of([Course("car_t", "axi", 3, 2, 6)] * 4)
    rows = _rows(table_signs(block, drill, "t"))
    assert rows["Fever"][0] == "\u2013"
    assert rows["Fever"][3].startswith("4 (100.0%)")
    assert rows["Headache"][0].startswith("2 (50.0%)")
    assert rows["Headache"][3] == "\u2013"


def test_the_signs_that_make_grades_come_first():
    html = table_signs(*block_of(car_t()), "t")
    assert html.index("Fever") < html.index("Headache")
