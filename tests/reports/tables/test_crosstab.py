from __future__ import annotations

import re

import polars as pl

from reports.drill import Drill
from reports.tables.crosstab import table_crosstab
from tests.reports.courses import car_t
from tests.reports.study_tables import tables

FRAMES = tables("TST", car_t(60))


def test_counts_by_recorded_and_derived_grade():
    drill = Drill(FRAMES["sets"], FRAMES["adsl"], ["TST"])
    made = table_crosstab(FRAMES["reconciliation"], drill, "t", 0)
    numbers = [int(n) for n in re.findall(r">(\d+)(?:</button>|</td>|</span>)", made)]
    assert sum(numbers) == FRAMES["reconciliation"].height
    # recorded 4 and 5 are derived as 3 in these tables: no column for them
    assert "Derived grade 4" not in made
    assert "Derived not available" in made


def test_each_count_opens_its_episodes():
    drill = Drill(FRAMES["sets"], FRAMES["adsl"], ["TST"])
    made = table_crosstab(FRAMES["reconciliation"], drill, "t", 0)
    for key, number in re.findall(r'data-set="(\w+)"[^>]*>(\d+)<', made):
        assert len(drill.payload()[key]["TST"].split()) == int(number)


def test_small_counts_are_withheld():
    made = table_crosstab(FRAMES["reconciliation"], Drill.closed(), "t", 8)
    assert not re.search(r">[1-7]<", made)


def test_nothing_derived_says_so():
    rows = FRAMES["reconciliation"].with_columns(GRADE_DERIVED=pl.lit(None, pl.Int64))
    assert "No grade could be derived" in table_crosstab(rows, Drill.closed(), "t", 0)


def test_no_episode_says_so():
    rows = FRAMES["reconciliation"].clear()
    assert "No CRS episode" in table_crosstab(rows, Drill.closed(), "t", 0)
