from __future__ import annotations

from reports.tables.onset_windows import table_onset_windows
from tests.reports.ard_more import block_of
from tests.reports.courses import bispecific, car_t
from tests.reports.tables.test_states import _rows


def test_windows_are_columns_and_who_has_no_times_is_counted():
    rows = _rows(table_onset_windows(*block_of(bispecific()), "t", []))
    line = rows["Any dose, of events with times"]
    assert line[0].startswith("5 (50.0%)")
    assert line[1].startswith("10 (100.0%)")
    assert line[2] == "0"


def test_car_t_has_none():
    assert table_onset_windows(*block_of(car_t()), "t", []) == ""
