from __future__ import annotations

from reports.tables.dose_attrition import table_dose_attrition
from tests.reports.ard_more import block_of
from tests.reports.courses import bispecific, car_t
from tests.reports.tables.test_states import _rows


def test_what_came_first_after_a_dose_adds_up_to_those_given_it():
    rows = _rows(table_dose_attrition(*block_of(bispecific()), "t"))
    assert rows["Dose 1"][:2] == ["20", "0"]
    assert rows["Dose 1"][5] == "20"


def test_car_t_has_none():
    assert table_dose_attrition(*block_of(car_t()), "t") == ""
