from __future__ import annotations

import pytest

from reports.figures.curve import Frame
from reports.figures.forest_axes import Panel, axes, layout

FRAME = Frame("Title", "Words")
PANEL = Panel("Any CRS", (0.0, 100.0), {0.0: "0%", 100.0: "100%"}, reference=(0.0, 10.0))


def test_the_first_panel_has_the_plain_axes():
    assert axes(0) == {"xaxis": "x", "yaxis": "y"}
    assert axes(1) == {"xaxis": "x2", "yaxis": "y2"}


def test_zero_is_solid_and_other_references_are_dotted():
    shapes = layout(["A"], [PANEL], FRAME, 1)["shapes"]
    assert [(s["x0"], s["line"]["dash"]) for s in shapes] == [(0.0, "solid"), (10.0, "dot")]


def test_a_logarithmic_axis_has_exponents_as_ends_and_one_as_no_difference():
    panel = Panel("Ratio", (0.1, 10.0), {1.0: "1"}, reference=(1.0,), log=True)
    made = layout(["A"], [panel], FRAME, 1)
    assert (made["xaxis"]["type"], made["xaxis"]["range"]) == ("log", [-1.0, 1.0])
    assert made["shapes"][0]["line"]["dash"] == "solid"


def test_panels_share_the_width_and_the_labels_of_the_first():
    made = layout(["A", "B"], [PANEL, PANEL], FRAME, 1)
    first, second = made["xaxis"]["domain"], made["xaxis2"]["domain"]
    assert first[0] == 0
    assert first[1] < second[0]
    assert second[1] == pytest.approx(1)
    assert (made["yaxis"]["showticklabels"], made["yaxis2"]["showticklabels"]) == (True, False)


@pytest.mark.parametrize("many", [1, 2, 3])
def test_on_a_narrow_screen_panels_stand_under_each_other(many):
    narrow = layout(["A", "B"], [PANEL] * many, FRAME, 2)["meta"]["narrow"]
    ends = [narrow[k]["domain"] for k in sorted(narrow) if k.startswith("yaxis")]
    assert ends[0][1] == 1
    assert ends[-1][0] == pytest.approx(0, abs=1e-3)
    assert all(low < high for low, high in ends)
    assert all(ends[i][0] > ends[i + 1][1] for i in range(many - 1))


def test_each_entry_of_the_legend_has_its_row_on_a_narrow_screen():
    tops = [layout(["A"], [PANEL], FRAME, n)["meta"]["narrow"]["margin"]["t"] for n in (1, 4)]
    assert tops[1] - tops[0] == 3 * 19
