from __future__ import annotations

import pytest

from reports.theme import Figure, template


def test_a_figure_is_handed_on_as_it_was_written_without_a_template():
    figure = Figure({"title": {"text": "t"}})
    figure.add("scatter", x=[1, 2], y=[3.0, None])
    assert figure.as_json() == {
        "data": [{"type": "scatter", "x": [1, 2], "y": [3.0, None]}],
        "layout": {"title": {"text": "t"}},
    }


@pytest.mark.parametrize(
    ("trace", "layout"),
    [
        ({"colour": "red"}, {}),
        ({"mode": "dots"}, {}),
        ({"opacity": 2}, {}),
        ({}, {"widht": 600}),
        ({}, {"xaxis": {"dtick": 1, "tickmod": "array"}}),
    ],
)
def test_what_plotly_does_not_know_reaches_no_page(trace, layout):
    figure = Figure(layout)
    figure.add("scatter", x=[1], y=[1], **trace)
    with pytest.raises(ValueError, match="nvalid"):
        figure.as_json()


def test_the_template_is_one_that_plotly_knows_and_new_each_time():
    made = template()
    made["layout"]["font"]["size"] = 99
    assert template()["layout"]["font"]["size"] == 13
