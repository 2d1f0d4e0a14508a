from __future__ import annotations

import polars as pl

from reports.pages.counted import counted_in, flow_words, recorded_in
from reports.select import Block, blocks
from tests.reports.ard import results
from tests.reports.courses import Course, Sets, car_t, frame

NONE = [Course("car_t", "axi", None, None, None)] * 12


def _blocks(courses: list[Course], *, derived: str = "ok") -> list[Block]:
    people, sets = dict(enumerate(courses, 1)), Sets()
    first = frame("results", results("S", "test", people, sets, basis="derived"))
    if derived != "ok":
        gone = {"STATUS": pl.lit(derived), "REASON": pl.lit("not available, because so")}
        first = first.with_columns(**gone)
    other = frame("results", results("S", "test", people, sets, primary=False))
    return blocks(pl.concat([first, other]))


def test_subjects_are_counted_under_the_primary_system_where_it_has_anything():
    found = _blocks(car_t())
    assert counted_in(found) is found[0]
    assert flow_words(found[0], counted_in(found)) == ""


def test_else_under_the_first_that_has_with_the_words_for_it():
    found = _blocks(car_t(), derived="not_available")
    counted = counted_in(found)
    assert counted is found[1]
    words = "ASTCT 2019, derived from findings is not available; counted here: ASTCT 2019, as"
    assert flow_words(found[0], counted).startswith(words)


def test_that_nobody_had_crs_holds_under_every_system():
    found = _blocks(NONE, derived="not_available")
    assert counted_in(found).without_crs
    assert "under every grading system" in flow_words(found[0], counted_in(found))


def test_grade_0_in_all_recorded_episodes_is_not_the_same_as_no_record():
    derived, recorded = _blocks(NONE)
    assert not derived.without_crs
    assert recorded.without_crs


def test_nothing_is_counted_without_rows():
    assert counted_in([]) is None
    assert flow_words(None, None) == ""


def test_the_recorded_block_is_found_only_where_it_has_anything():
    found = _blocks(car_t())
    assert recorded_in(found) is found[1]
    assert recorded_in(found[:1]) is None
