from __future__ import annotations

from dataclasses import replace

from reports.figures.curve import Frame
from reports.figures.state_bars import figure_states
from reports.select import only
from tests.reports.ard_more import block_of
from tests.reports.courses import car_t
from tests.reports.figures.drawn import drawn

FRAME = Frame("Title", "Words", stamp="TEST")


def _figure():
    block, _ = block_of(car_t(24))
    return drawn(figure_states(only(block.of("state_occupation"), COHORT="car_t"), FRAME))


def test_the_states_of_each_day_add_up_to_100_percent():
    bars = _figure().data
    for day in range(28):
        assert abs(sum(bar.y[day] for bar in bars) - 100) < 0.1


def test_a_state_of_unknown_grade_is_hatched_and_the_worst_stand_below():
    bars = _figure().data
    assert [b.name for b in bars][:3] == ["Dead", "CRS grade 3\u20134", "CRS grade 2"]
    assert {b.name for b in bars if b.marker.pattern.shape} == {"CRS, grade not known"}


def test_title_words_and_stamp_travel_with_it():
    figure = _figure()
    assert figure.layout.meta["title"] == "Title"
    assert figure.layout.annotations[0].text == "<b>TEST</b>"


def test_crs_keeps_its_capitals_in_hover_and_in_the_list_that_a_bar_opens():
    block, drill = block_of(car_t(24))
    rows = only(block.of("state_occupation"), COHORT="car_t")
    bars = {b.name: b for b in drawn(figure_states(rows, replace(FRAME, drill=drill))).data}
    assert "Day 3, CRS grade 2</b>" in bars["CRS grade 2"].hovertext[2]
    assert bars["CRS grade 2"].customdata[2][1] == "CRS grade 2 on day 3"
    assert bars["No CRS yet"].customdata[0][1] == "no CRS yet on day 1"
