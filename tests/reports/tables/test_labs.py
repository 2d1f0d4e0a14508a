from __future__ import annotations

from reports.tables.labs import table_labs
from tests.reports.ard_more import block_of
from tests.reports.courses import car_t
from tests.reports.tables.test_states import _rows


def test_baseline_and_worst_value_by_grade_with_quartiles_and_number():
    rows = _rows(table_labs(*block_of(car_t()), "t"))
    assert rows["Before the first dose"][0] == "2010 to 70n = 24"
    assert rows["Worst to day 14 elapsed"][1] == "2010 to 70n = 6"


def test_too_few_values_say_so():
    html = table_labs(*block_of(car_t(6)), "t")
    assert "NE: there is nobody" in html
