from __future__ import annotations

from reports.drill import Drill
from reports.select import blocks
from reports.tables.differences import (
    onset_differences,
    refusal,
    table_adjusted_incidence,
    table_grade_differences,
    table_onset_differences,
)
from tests.reports import compared

CLOSED = Drill.closed()


def _block(*parts):
    (block,) = blocks(compared.rows(*parts))
    return block


def _text(markup):
    return compared.text(markup)


def test_ways_of_comparing_stand_side_by_side_by_day():
    lines = onset_differences(_block(compared.differences(), compared.adjusted()))
    text = _text(table_onset_differences(lines, CLOSED, "t", "T"))
    assert "By day 7 (95% CI) By day 28 (95% CI)" in text
    assert "Unadjusted, all treated 60 30.0 (10.0 to 50.0) 30.0 (10.0 to 50.0)" in text
    assert "Overlap weights (ATO), primary 50 20.0 (5.0 to 35.0)" in text
    assert "ATO, doubly robust 50 20.0 (5.0 to 35.0)" in text
    assert "25.0 limits not estimable, because 200 of 1000 bootstrap replicates failed" in text
    assert "Not available: one subject has 9.0% of the weight" in text


def test_one_reason_for_all_weightings_is_one_sentence():
    block = _block(compared.differences(), compared.refused())
    words = "No adjusted comparison, because study.yaml of BSP gives no line."
    assert refusal(block) == words
    assert [line.words for line in onset_differences(block)] == ["Unadjusted, all treated"]


def test_different_reasons_are_told_by_weighting():
    rows = compared.refused()
    rows[1]["REASON"] = "no adjusted comparison, because one subject has 9.0% of the weight"
    words = refusal(_block(rows))
    assert words is not None
    assert "under ATE, one subject has 9.0% of the weight" in words
    assert "under ATO, study.yaml of BSP gives no line" in words


def test_a_weighting_that_may_be_shown_is_no_refusal():
    assert refusal(_block(compared.adjusted())) is None


def test_no_row_at_all_is_said():
    assert refusal(_block(compared.differences())) == "No adjusted comparison was made."


def test_adjusted_incidence_of_each_cohort():
    text = _text(table_adjusted_incidence(_block(compared.adjusted()), CLOSED, "t"))
    assert "By day 28 15 / 25 70.0% (5.0% to 35.0%) 15 / 25 50.0% (5.0% to 35.0%)" in text
    assert not table_adjusted_incidence(_block(compared.refused()), CLOSED, "t")


def test_differences_of_grades_are_percentage_points():
    text = _text(table_grade_differences(_block(compared.differences()), CLOSED, "t"))
    assert "Maximum grade 3 or higher 6 / 60 10.0 (\u221210.0 to 30.0)" in text


def test_the_note_says_to_which_day_the_worst_grade_goes():
    text = _text(table_grade_differences(_block(compared.differences()), CLOSED, "t"))
    assert "worst grade to day 28" in text
    assert "n / N: both cohorts together" in text
