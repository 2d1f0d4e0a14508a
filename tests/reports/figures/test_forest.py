from __future__ import annotations

import pytest

from reports import theme
from reports.figures.curve import Frame
from reports.figures.forest import Line, Mark, figure_forest
from reports.figures.forest_axes import Panel

FRAME = Frame("Title", "Words", stamp="TEST")
RED = ("#C4520A", "circle")
ONE = Mark("Study", RED, 40.0, 30.0, 55.0, "40%", ["s1", "forty"])
NO_LIMITS = Mark("Study", RED, 10.0, None, None, "10%")
HOLLOW = Mark("Published", ("#C4520A", "circle-open"), 20.0, None, None, "20%")
RANGE = Mark("Range", RED, None, 5.0, 60.0, "5 to 60")
PANEL = Panel("Any CRS", (0.0, 100.0), {0.0: "0%", 100.0: "100%"}, reference=(0.0, 10.0))


def _drawn(lines, *panels):
    figure = figure_forest(lines, panels or [PANEL], FRAME)
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


def test_zero_is_solid_and_other_references_are_dotted():
    figure, _ = _drawn([Line("A", [[ONE]])])
    assert [(s.x0, s.line.dash) for s in figure.layout.shapes] == [(0.0, "solid"), (10.0, "dot")]


def test_a_logarithmic_axis_has_exponents_as_ends_and_one_as_no_difference():
    panel = Panel("Ratio", (0.1, 10.0), {1.0: "1"}, reference=(1.0,), log=True)
    figure, _ = _drawn([Line("A", [[ONE]])], panel)
    assert (figure.layout.xaxis.type, list(figure.layout.xaxis.range)) == ("log", [-1.0, 1.0])
    assert figure.layout.shapes[0].line.dash == "solid"


@pytest.mark.parametrize("many", [1, 2, 3])
def test_on_a_narrow_screen_panels_stand_under_each_other(many):
    figure, _ = _drawn([Line("A", [[ONE]] * many)], *[PANEL] * many)
    narrow = figure.layout.meta["narrow"]
    ends = [narrow[k]["domain"] for k in sorted(narrow) if k.startswith("yaxis")]
    assert ends[0][1] == 1
    assert ends[-1][0] == pytest.approx(0, abs=1e-3)
    assert all(low < high for low, high in ends)
    assert all(ends[i][0] > ends[i + 1][1] for i in range(many - 1))
    assert narrow["height"] > figure.layout.height or many == 1


def test_labels_for_narrow_screens_stand_above_their_line():
    figure, _ = _drawn([Line("Head"), Line("A <b>", [[ONE]])])
    (labels,) = [t for t in figure.data if t.mode == "text"]
    assert labels.meta == {"only": "narrow"}
    assert list(labels.text) == ["<b>Head</b>", "A &lt;b&gt;"]
    assert list(labels.y) == [0, 0.64]


def test_the_stamp_is_part_of_the_figure():
    figure, _ = _drawn([Line("A", [[ONE]])])
    assert [a.text for a in figure.layout.annotations] == ["<b>TEST</b>"]
