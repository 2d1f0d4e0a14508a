from __future__ import annotations

import polars as pl

from reports.tables.courses import MANY, courses
from tests.reports.courses import Course, car_t, frame
from tests.reports.study_tables import tables

PAIR = ("ASTCT2019", "collected")


def test_bars_are_runs_of_one_grade_and_days_without_a_grade_are_not_known():
    made = tables("S", [Course("car_t", "axi", 3, 2, 6), Course("car_t", "axi", 2, None, 4)])
    found = courses(made, PAIR)
    assert found.bars.select("SUBJIDX", "GRADE", "FROM", "DAYS").rows() == [
        (2, "NA", 2, 3),
        (1, "2", 3, 4),
    ]


def test_the_day_before_the_first_dose_is_next_to_day_one():
    made = tables("S", [Course("car_t", "axi", 2, 1, 3)])
    early = made["episodes"].with_columns(ASTDY=pl.lit(-1))
    bars = courses(made | {"episodes": early}, PAIR).bars
    # Day -1 (position 0) has no daily grade, days 1 to 3 have: 0, then 1 from onset on.
    assert bars.select("GRADE", "FROM", "DAYS").rows() == [("NA", 0, 1), ("0", 1, 1), ("1", 2, 2)]


def test_order_is_by_onset_then_by_days_then_without_crs():
    rows = [
        Course("car_t", "axi", None, None, None),  # 1: without CRS
        Course("car_t", "axi", 3, 2, 9),  # 2: longer
        Course("car_t", "axi", 3, 2, 5),  # 3: shorter
        Course("car_t", "axi", 2, 2, 9),  # 4: earlier
    ]
    assert courses(tables("S", rows), PAIR).subjects["SUBJIDX"].to_list() == [4, 3, 2, 1]


def test_of_many_only_those_with_crs_are_drawn():
    few, many = (courses(tables("S", car_t(n)), PAIR) for n in (MANY, MANY + 1))
    assert few.subjects.height == MANY
    assert many.treated == MANY + 1
    assert many.subjects.height == sum(c.onset is not None for c in car_t(MANY + 1))


def test_marks_tell_doses_drugs_death_and_what_was_not_seen_to_end():
    made = tables(
        "S", [Course("car_t", "axi", 3, 2, 6, toci=1), Course("car_t", "axi", 4, 1, None)]
    )
    dead = pl.when(pl.col("SUBJIDX") == 1).then(pl.lit(8))
    made["adsl"] = made["adsl"].with_columns(DTHDY=dead)
    marks = courses(made, PAIR).marks.select("KIND", "SUBJIDX", "AT").rows()
    assert marks == [
        ("death", 1, 8.5),
        ("dose", 1, 1.5),
        ("dose", 2, 1.5),
        ("not seen to end", 2, 29.0),
        ("tocilizumab", 1, 3.25),
    ]


def test_an_episode_beyond_the_axis_ends_with_it():
    made = tables("S", [Course("car_t", "axi", 3, 2, None, followed=300)])
    found = courses(made, PAIR)
    assert found.last == 60
    assert (found.bars["FROM"] + found.bars["DAYS"]).max() == 61


def test_nobody_treated_gives_no_rows():
    empty = {n: frame(n, []) for n in tables("S", car_t(1))}
    found = courses(empty, PAIR)
    assert found.subjects.is_empty()
    assert found.bars.is_empty()
