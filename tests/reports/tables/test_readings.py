from __future__ import annotations

import polars as pl

from reports.tables.readings import table_readings

OWN, OTHER = "", "hfnc_rule=device"
ROWS = ((1, 2, 20, OWN), (1, 3, 6, OWN), (2, 2, 22, OTHER), (2, 3, 3, OTHER))
READINGS = pl.DataFrame(
    [
        {"STUDYID": "S", "SYSTEM": "ASTCT2019", "READING": n, "GRADE_MIN": grade, "N": 40,
         "EVENTS": events, "VALUE": events / 40, "SWITCHES": switches}
        for n, grade, events, switches in ROWS
    ]
)  # fmt: skip


def _made(k: int) -> str:
    return str(table_readings(READINGS, "ASTCT2019", "t", k))


def test_the_studys_own_reading_comes_first():
    made = _made(0)
    assert made.index("As the study reads them") < made.index("high-flow whatever its flow")
    assert "20 / 40 (50.0%)" in made
    assert "3 / 40 (7.5%)" in made


def test_small_counts_are_not_printed():
    assert "3 / 40" not in _made(5)
    assert "&lt;5" in _made(5)


def test_nothing_derived_says_so():
    assert "nothing to vary" in table_readings(READINGS.clear(), "ASTCT2019", "t", 0)
