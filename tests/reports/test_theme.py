from __future__ import annotations

import pytest

from reports.theme import Figure, hatched, stamp, template


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


def test_the_stamp_stands_beside_other_words_in_a_figure():
    figure = stamp(Figure({"annotations": [{"text": "limit"}]}), "SIMULATED")
    assert [a["text"] for a in figure.as_json()["layout"]["annotations"]] == [
        "limit", "<b>SIMULATED</b>",
    ]  # fmt: skip
    assert "annotations" not in stamp(Figure(), None).as_json()["layout"]


def test_a_bar_is_hatched_only_where_it_is_asked_for():
    figure = Figure()
    for shape in (None, "/"):
        figure.add("bar", marker={"pattern": hatched(shape, size=5, solidity=0.2)})
    plain, marked = figure.as_json()["data"]
    assert "pattern" not in plain.get("marker", {})
    assert marked["marker"]["pattern"]["shape"] == "/"
