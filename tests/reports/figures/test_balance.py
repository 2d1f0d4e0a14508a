from __future__ import annotations

from reports.disclosure import disclose
from reports.figures.balance import figure_love, figure_overlap
from reports.figures.curve import Frame
from reports.select import only
from tests.reports import compared
from tests.reports.figures.drawn import drawn

FRAME = Frame("T", "W")
ROWS = compared.rows(compared.balance())


def test_one_of_two_mirrored_levels_is_drawn():
    figure = drawn(figure_love(only(ROWS, STAT="smd"), FRAME))
    assert list(figure.layout.yaxis.ticktext) == ["Age", "Sex: male"]
    found = {t.name: list(t.x) for t in figure.data if t.mode == "markers"}
    assert found == {"Unweighted": [0.4, -0.4], "Overlap (ATO)": [0.0, 0.0]}


def test_lines_mark_what_counts_as_alike():
    shapes = drawn(figure_love(only(ROWS, STAT="smd"), FRAME)).layout.shapes
    assert [(s.x0, s.line.dash) for s in shapes] == [(-0.1, "dot"), (0.0, "solid"), (0.1, "dot")]


def test_the_axis_holds_the_largest_difference():
    axis = drawn(figure_love(only(ROWS, STAT="smd"), FRAME)).layout.xaxis
    assert axis.range[0] < -0.4
    assert axis.range[1] > 0.4


def test_propensities_stand_up_for_one_cohort_and_down_for_the_other():
    bars = drawn(figure_overlap(only(ROWS, VARIABLE="PROPENSITY"), FRAME)).data
    assert [(b.name, list(b.x), list(b.y)) for b in bars] == [
        ("CAR-T", [0.25, 0.75], [10, 15]),
        ("Bispecific", [0.25, 0.75], [-20, -5]),
    ]
    assert [b.marker.pattern.shape for b in bars] == ["", "/"]


def test_axis_labels_of_both_directions_are_counts():
    axis = drawn(figure_overlap(only(ROWS, VARIABLE="PROPENSITY"), FRAME)).layout.yaxis
    assert list(axis.tickvals) == [-20, -15, -10, -5, 0, 5, 10, 15, 20]
    assert list(axis.ticktext) == ["20", "15", "10", "5", "0", "5", "10", "15", "20"]


def test_a_withheld_bin_is_not_drawn():
    rows = disclose(only(ROWS, VARIABLE="PROPENSITY"), 6)
    bars = drawn(figure_overlap(rows, FRAME)).data
    assert all(abs(y) not in range(1, 6) for b in bars for y in b.y)
