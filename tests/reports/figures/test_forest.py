from __future__ import annotations

from reports import theme
from reports.figures.curve import Frame
from reports.figures.forest import Line, Mark, figure_forest
from reports.figures.forest_axes import Panel
from tests.reports.figures.drawn import drawn

FRAME = Frame("Title", "Words", stamp="TEST")
RED = ("#C4520A", "circle")
ONE = Mark("Study", RED, 40.0, 30.0, 55.0, "40%", ["s1", "forty"])
NO_LIMITS = Mark("Study", RED, 10.0, None, None, "10%")
HOLLOW = Mark("Published", ("#C4520A", "circle-open"), 20.0, None, None, "20%")
RANGE = Mark("Range", RED, None, 5.0, 60.0, "5 to 60")
PANEL = Panel("Any CRS", (0.0, 100.0), {0.0: "0%", 100.0: "100%"}, reference=(0.0, 10.0))


def _drawn(lines, *panels):
    figure = drawn(figure_forest(lines, panels or [PANEL], FRAME))
    return figure, [t for t in figure.data if t.mode != "text"]


def test_an_estimate_stands_on_its_line_with_limits_on_both_sides():
    figure, (trace,) = _drawn([Line("CAR-T"), Line("A", [[ONE]])])
    assert (list(trace.x), list(trace.y)) == ([40.0], [1])
    assert (list(trace.error_x.array), list(trace.error_x.arrayminus)) == ([15.0], [10.0])
    assert list(trace.customdata[0]) == ["s1", "forty"]
    assert list(figure.layout.yaxis.ticktext) == ["<b>CAR-T</b>", "A"]


def test_without_limits_there_is_no_bar():
    _, (trace,) = _drawn([Line("A", [[NO_LIMITS]])])
    assert list(trace.error_x.array) == [None]


def test_a_hollow_mark_is_filled_with_paper():
    _, (trace,) = _drawn([Line("A", [[HOLLOW]])])
    assert trace.marker.symbol == "circle"
    assert trace.marker.color == theme.PAPER
    assert trace.marker.line.color == "#C4520A"


def test_a_range_without_an_estimate_is_a_line_between_its_ends():
    _, (trace,) = _drawn([Line("A", [[RANGE]])])
    assert list(trace.x) == [5.0, 60.0, None]
    assert trace.marker.symbol == "line-ns"


def test_each_name_stands_once_in_the_legend():
    panel = PANEL
    _, traces = _drawn([Line("A", [[ONE], [ONE]]), Line("B", [[HOLLOW], []])], panel, panel)
    assert [t.name for t in traces if t.showlegend] == ["Study", "Published"]
    assert {t.yaxis for t in traces} == {"y", "y2"}


def test_labels_for_narrow_screens_stand_above_their_line():
    figure, _ = _drawn([Line("Head"), Line("A <b>", [[ONE]])])
    (labels,) = [t for t in figure.data if t.mode == "text"]
    assert labels.meta == {"only": "narrow"}
    assert list(labels.text) == ["<b>Head</b>", "A &lt;b&gt;"]
    assert list(labels.y) == [0, 0.64]


def test_the_stamp_is_part_of_the_figure():
    figure, _ = _drawn([Line("A", [[ONE]])])
    assert [a.text for a in figure.layout.annotations] == ["<b>TEST</b>"]
