from __future__ import annotations

from reports.figures.curve import Frame
from reports.figures.differences import figure_differences, figure_sensitivity
from reports.select import blocks
from reports.tables.differences import onset_differences
from reports.tables.sensitivity import sensitivity_rows
from tests.reports import compared
from tests.reports.figures.drawn import drawn

FRAME = Frame("T", "W")


def _block(*parts):
    (block,) = blocks(compared.rows(*parts))
    return block


def test_a_panel_for_each_day_and_a_line_for_each_way():
    lines = onset_differences(_block(compared.differences(), compared.adjusted()))
    figure = drawn(figure_differences(lines, FRAME))
    titles = [figure.layout.xaxis.title.text, figure.layout.xaxis2.title.text]
    assert titles == ["By day 7", "By day 28"]
    found = {(t.name, t.xaxis): (list(t.x), list(t.y)) for t in figure.data if t.mode == "markers"}
    assert found == {
        ("Unadjusted", "x"): ([30.0], [0]),
        ("Unadjusted", "x2"): ([30.0], [0]),
        ("Adjusted, primary", "x2"): ([20.0], [1]),
        ("Adjusted, sensitivity", "x2"): ([20.0, 20.0, 25.0], [2, 3, 4]),  # ATT is refused
    }


def test_axes_hold_every_limit_and_zero():
    lines = onset_differences(_block(compared.differences()))
    axis = drawn(figure_differences(lines, FRAME)).layout.xaxis
    assert axis.range[0] < 0 < 50 < axis.range[1]
    assert list(axis.ticktext) == ["0", "10", "20", "30", "40", "50"]


def test_a_choice_without_a_value_keeps_its_line_without_a_mark():
    rows = sensitivity_rows(_block(compared.sensitivity()))
    figure = drawn(figure_sensitivity(rows, FRAME))
    labels = list(figure.layout.yaxis.ticktext)
    assert labels == [
        "As planned, day 28", "Onset one day later, day 28", "Window of 60 days, day 60",
        "Without study CAS, day 28", "Recovery as planned: death competes, day 28",
    ]  # fmt: skip
    found = {t.name: list(t.y) for t in figure.data if t.mode == "markers"}
    assert found == {"As planned": [0, 4], "Another choice": [1, 3]}


def test_long_choices_have_room_beside_the_axis():
    long = {
        "onsets known to the month only on their earliest day": "Month-only onsets: earliest day",
        "day of first dose = 0: by day 28, here day 29": "Day of first dose = 0",
        "a choice that nobody has shortened and that goes on": "A choice that nobody has shortened",
    }
    rows = sensitivity_rows(_block(compared.sensitivity()))
    rows = [rows[0] | {"LEVEL": level} for level in long]
    labels = list(drawn(figure_sensitivity(rows, FRAME)).layout.yaxis.ticktext)
    assert all(len(label) <= 44 for label in labels)
    assert all(label.startswith(words) for label, words in zip(labels, long.values(), strict=True))
