from __future__ import annotations

import re
from dataclasses import replace

import polars as pl

from reports.select import only
from reports.tables.states import table_states, table_states_all_days
from tests.reports.ard_more import block_of
from tests.reports.courses import Course, car_t

# Ten subjects: six never ill, three with grade 2 on days 3 to 6, one whose grade is not known.
COURSES = [
    *[Course("car_t", "axi", None, None, None)] * 6,
    *[Course("car_t", "axi", 3, 2, 6)] * 3,
    Course("car_t", "axi", 3, None, 6),
]


def _rows(html: str) -> dict[str, list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.S)
    cells = [[re.sub(r"<[^>]+>", "", c).strip() for c in re.split(r"</t[hd]>", r)] for r in rows]
    return {c[0]: c[1:-1] for c in cells if c}


def test_each_day_counts_who_is_in_each_state_and_an_unknown_grade_stands_apart():
    block, drill = block_of(COURSES)
    day = _rows(table_states(block, drill, "t"))["Day 3"]
    assert day[0].startswith("6 (60.0%)")
    assert [c.split(" [")[0] for c in day[2:5]] == ["3 (30.0%)", "0 (0.0%)", "1 (10.0%)"]
    assert _rows(table_states(block, drill, "t"))["Day 7"][5].startswith("4 (40.0%)")  # recovered


def test_a_count_opens_its_subjects():
    block, drill = block_of(COURSES)
    html = table_states(block, drill, "t")
    key = re.search(r'data-set="(\w+)" data-label="Day 3, CRS grade 2">3<', html)
    assert key is not None
    assert drill.payload()[key[1]] == {"S": "7 8 9"}


def test_the_days_of_the_figure_are_all_there():
    block, _ = block_of(car_t())
    html = table_states_all_days(only(block.of("state_occupation"), COHORT="car_t"), "n")
    assert [int(d) for d in re.findall(r'<th scope="row">(\d+)</th>', html)] == list(range(1, 29))


def test_grades_that_are_not_available_say_why():
    block, drill = block_of(COURSES)
    graded = (pl.col("RESULT") == "state_occupation") & (pl.col("LEVEL") == "CRS grade 2")
    rows = block.rows.with_columns(
        STATUS=pl.when(graded).then(pl.lit("not_available")).otherwise("STATUS"),
        REASON=pl.when(graded).then(pl.lit("not available, because no day has a grade")),
    )
    html = table_states(replace(block, rows=rows), drill, "t")
    assert "Not available: no day has a grade" in html


def _not_followed_from(day: int, rows: pl.DataFrame) -> pl.DataFrame:
    later = (pl.col("RESULT") == "state_occupation") & (pl.col("TIME") >= day)
    why = "not estimable, because nobody was followed beyond day 13"
    return rows.with_columns(
        STATUS=pl.when(later).then(pl.lit("not_estimable")).otherwise("STATUS"),
        REASON=pl.when(later).then(pl.lit(why)).otherwise("REASON"),
    )


def test_a_reason_that_holds_for_a_whole_day_stands_once():
    block, drill = block_of(COURSES)
    rows = _not_followed_from(14, block.rows)
    found = _rows(table_states(replace(block, rows=rows), drill, "t"))
    assert found["Day 21"] == ["NE: nobody was followed beyond day 13", *["\u2013"] * 6]
    assert found["Day 10"][0].startswith("6 (60.0%)")


def test_days_that_cannot_be_estimated_are_no_rows_of_the_figures_numbers():
    block, _ = block_of(car_t())
    rows = only(_not_followed_from(14, block.rows), RESULT="state_occupation", COHORT="car_t")
    html = table_states_all_days(rows, "n")
    assert [int(d) for d in re.findall(r'<th scope="row">(\d+)</th>', html)] == list(range(1, 14))
