from __future__ import annotations

from reports.tables.management_details import table_management_details
from tests.reports.ard_more import block_of
from tests.reports.courses import Course
from tests.reports.tables.test_states import _rows


def test_purpose_number_of_doses_and_hours_to_the_first_use():
    courses = [Course("car_t", "axi", 3, 2, 6, toci=t) for t in (1, 2, 2, 0)]
    rows = _rows(table_management_details(*block_of(courses), "t"))
    toci = rows["Tocilizumab"]
    assert toci[0] == "3 (75.0%)"
    assert toci[2] == "0 (0.0%)"  # prophylaxis
    assert toci[4].startswith("1 / 2")
    assert toci[5].startswith("6 h")
    assert toci[6] == "\u2013"
