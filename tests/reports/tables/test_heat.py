from __future__ import annotations

import polars as pl

from reports.tables.heat import MANY, NO_INFORMATION, NOT_KNOWN, heat, lay
from tests.reports.courses import Course, car_t, frame, usubjid
from tests.reports.study_tables import tables

PAIR = ("ASTCT2019", "collected")
WITHOUT = Course("car_t", "axi", None, None, None)


def _row(courses, clock="first_dose", order="grade", n=0, **changed):
    laid = lay(heat(tables("S", courses) | changed, PAIR), clock, order)
    return laid.codes[n]


def _set(table: pl.DataFrame, days: range, **values: object) -> pl.DataFrame:
    """A table of daily grades with other values on some days."""
    chosen = pl.col("DY").is_in(list(days))
    return table.with_columns(
        pl.when(chosen).then(pl.lit(v)).otherwise(pl.col(c)).alias(c).cast(table.schema[c])
        for c, v in values.items()
    )


def test_a_cell_holds_the_grade_of_its_day_and_zero_without_crs():
    assert _row([Course("car_t", "axi", 3, 2, 5)])[:7] == [0, 0, 2, 2, 2, 0, 0]


def test_days_after_the_end_of_charting_are_blank():
    # The typed study charts days 1 to 14; follow-up goes to day 28.
    cells = _row([WITHOUT])
    assert cells[:14] == [0] * 14
    assert cells[14:] == [None] * 14


def test_a_day_that_is_not_observed_is_neither_grade_0_nor_crs():
    days = tables("S", [WITHOUT])["grade_days"]
    blank = _set(days, range(4, 6), GRADE=None, OBSERVED=None, REASON="NOT_OBSERVED")
    assert _row([WITHOUT], grade_days=blank)[2:6] == [0, NO_INFORMATION, NO_INFORMATION, 0]


def test_a_day_of_an_episode_without_a_grade_is_crs_of_unknown_grade():
    course = [Course("car_t", "axi", 3, 2, 6)]
    days = tables("S", course)["grade_days"]
    # Day 4: only the maximum is known; day 5: no vital sign was taken.
    days = _set(days, range(4, 5), GRADE=None, REASON="MAX_ONLY")
    days = _set(days, range(5, 6), GRADE=None, OBSERVED=None, REASON="NOT_OBSERVED")
    assert _row(course, grade_days=days)[1:7] == [0, 2, NOT_KNOWN, NOT_KNOWN, 2, 0]


def test_an_episode_of_unknown_end_is_crs_only_as_far_as_it_was_seen():
    course = [Course("car_t", "axi", 3, 2, None)]
    made = tables("S", course)
    seen = made["episodes"].with_columns(CENSDY=pl.lit(4, pl.Int64))
    days = _set(made["grade_days"], range(4, 15), GRADE=None, REASON="END_UNKNOWN")
    cells = _row(course, episodes=seen, grade_days=days)
    assert cells[:6] == [0, 0, 2, NOT_KNOWN, NO_INFORMATION, NO_INFORMATION]


def test_days_that_only_an_open_episode_adds_are_not_charted():
    # The dose is on day 1, so charting ends with day 31 at the latest.
    course = [Course("car_t", "axi", 3, 2, 5, followed=60)]
    later = {"DY": 40, "SYSTEM": PAIR[0], "BASIS": PAIR[1], "REASON": "NOT_OBSERVED"}
    ids = {"STUDYID": "S", "USUBJID": usubjid("S", 1)}
    days = pl.concat([tables("S", course)["grade_days"], frame("grade_days", [ids | later])])
    assert heat(tables("S", course) | {"grade_days": days}, PAIR).cells["P"].max() == 14


ORDERED = [
    WITHOUT,  # 1
    Course("car_t", "axi", 2, 1, 3),  # 2: early and mild
    Course("car_t", "axi", 5, 4, 9),  # 3: late and grave
    Course("car_t", "axi", 4, None, 6),  # 4: grade not known
    Course("car_t", "axi", 3, 4, 9),  # 5: grave
]


def test_rows_go_by_highest_grade_or_by_onset_and_those_without_crs_come_last():
    found = heat(tables("S", ORDERED), PAIR)
    by_grade, by_onset = (
        lay(found, "first_dose", o).subjects["SUBJIDX"] for o in ("grade", "onset")
    )
    assert by_grade.to_list() == [5, 3, 2, 4, 1]
    assert by_onset.to_list() == [2, 5, 4, 3, 1]


def test_on_the_clock_of_onset_the_day_of_onset_is_0_and_only_those_with_crs_are_there():
    laid = lay(heat(tables("S", ORDERED), PAIR), "onset", "onset")
    assert laid.subjects["SUBJIDX"].to_list() == [2, 5, 4, 3]
    assert laid.first == -3
    # Onset on day 2: the day before it is day 1, earlier ones were before the first dose.
    assert laid.codes[0][:6] == [None, None, 0, 1, 1, 0]


def test_the_day_before_the_first_dose_stands_next_to_day_1():
    course = [Course("car_t", "axi", 2, 1, 3)]
    early = tables("S", course)["episodes"].with_columns(ASTDY=pl.lit(-1, pl.Int64))
    laid = lay(heat(tables("S", course) | {"episodes": early}, PAIR), "first_dose", "grade")
    assert laid.first == 0
    assert laid.codes[0][:4] == [NOT_KNOWN, 0, 1, 1]


def test_days_with_crs_beyond_the_axis_are_counted_by_subject():
    late = [Course("car_t", "axi", 61, 1, 63, followed=90), Course("car_t", "axi", 2, 1, 3)]
    laid = lay(heat(tables("S", late), PAIR), "first_dose", "grade")
    assert (laid.last, laid.beyond) == (60, 1)


def test_one_late_episode_of_many_does_not_press_the_days_of_all_together():
    soon = [Course("car_t", "axi", 3, 2, 9)] * 39
    late = [Course("car_t", "axi", 45, 1, 50)]
    assert lay(heat(tables("S", [*soon, *late]), PAIR), "first_dose", "grade")[3:6] == (
        28, "first_dose", 1,
    )  # fmt: skip
    more = lay(heat(tables("S", [*soon[:9], *late]), PAIR), "first_dose", "grade")
    assert (more.last, more.beyond) == (50, 0)


def test_of_many_only_those_with_crs_are_drawn_and_no_more_than_many():
    many = car_t(MANY + 100)
    laid = lay(heat(tables("S", many), PAIR), "first_dose", "grade")
    assert laid.subjects.height == MANY
    assert laid.subjects["ON"].null_count() == 0


def test_an_arm_has_its_own_subjects():
    both = [Course("car_t", "axi", 2, 1, 3), Course("bispecific", "tec", 3, 1, 4)]
    found = heat(tables("S", both), PAIR, "bispecific")
    assert found.subjects["SUBJIDX"].to_list() == [2]
    assert found.treated == 1
