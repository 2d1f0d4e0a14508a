from __future__ import annotations

from reports.tables.beside import table_beside
from tests.reports.ard_more import block_of
from tests.reports.courses import Course
from tests.reports.tables.test_states import _rows


def test_events_stand_with_their_relation_and_what_nobody_had_is_there_as_zero():
    block, drill = block_of([Course("car_t", "axi", 3, 2, 6)] * 6)
    rows = _rows(table_beside(block, drill, "t"))
    assert rows["ICANS"][0].startswith("2 (33.3%)")
    assert rows["ICANS"][3] == "2 (33.3%)"
    assert rows["ICANS"][4] == "\u2013"
    assert rows["HLH-like"][0].startswith("0 (0.0%)")
    assert "never enter its grade" in table_beside(block, drill, "t")
