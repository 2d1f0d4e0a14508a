from __future__ import annotations

import re

import polars as pl

from reports.disclosure import disclose
from reports.drill import Drill
from reports.tables.crosstab import table_crosstab
from tests.reports.courses import car_t
from tests.reports.study_tables import tables

FRAMES = tables("TST", car_t(60))
ROWS = FRAMES["results"]


def _drill() -> Drill:
    return Drill(FRAMES["sets"], FRAMES["adsl"], ["TST"])


def _grid(made: str) -> str:
    return made[: made.index("t-agreement")]


def test_counts_by_recorded_and_derived_grade():
    made = _grid(table_crosstab(ROWS, _drill(), "t"))
    numbers = [int(n) for n in re.findall(r">(\d+)(?:</button>|</td>|</span>)", made)]
    assert sum(numbers) == FRAMES["episodes"].height
    # recorded 4 and 5 are derived as 3 in these tables: no column for them
    assert "Derived grade 4" not in made
    assert "Derived not available" in made


def test_each_count_opens_its_episodes():
    drill = _drill()
    made = table_crosstab(ROWS, drill, "t")
    found = re.findall(r'data-set="(\w+)"[^>]*>(\d+)<', made)
    assert len(found) >= 6
    for key, number in found:
        assert len(drill.payload()[key]["TST"].split()) == int(number)


def test_agreement_stands_below():
    assert "Same grade, of episodes with both" in table_crosstab(ROWS, _drill(), "t")


def test_small_counts_are_withheld():
    made = _grid(table_crosstab(disclose(ROWS, 8), Drill.closed(), "t"))
    assert not re.search(r">[1-7]<", made)
    assert "&lt;8" in made


def test_nothing_derived_says_so():
    rows = ROWS.with_columns(
        LEVEL=pl.when(pl.col("VARIABLE") == "CROSSTAB").then(pl.lit("NA")).otherwise("LEVEL")
    )
    assert "No grade could be derived" in table_crosstab(rows, Drill.closed(), "t")


def test_no_episode_says_so():
    assert "No CRS episode" in table_crosstab(ROWS.clear(), Drill.closed(), "t")


def test_a_scale_that_fits_better_is_pointed_out():
    flag = ROWS.head(1).with_columns(
        RESULT=pl.lit("reconciliation"),
        VARIABLE=pl.lit("WRONG_SCALE_SUSPECTED"),
        VALUE=pl.lit(1.0),
        LEVEL=pl.lit("LEE2014"),
        STATUS=pl.lit("ok"),
    )
    made = table_crosstab(pl.concat([ROWS, flag]), Drill.closed(), "t")
    assert "fit Lee 2014 clearly better than the stated" in made
