from __future__ import annotations

import polars as pl

from reports.figures.by_study import figure_by_study
from reports.figures.curve import Frame
from reports.select import blocks
from reports.tables.by_study import shares
from tests.reports import compared
from tests.reports.figures.drawn import drawn

RATES = pl.DataFrame(
    {
        "COHORT": ["car_t"], "PRODUCT": ["axi-cel"], "STUDY": ["ZUMA-1"], "DISEASE": ["LBCL"],
        "SYSTEM": ["ASTCT2019"], "GRADE_MIN": [1], "N": [108], "RATE": [0.94], "SOURCE": ["label"],
    }
)  # fmt: skip


def _figure(rows, rates=None):
    (block,) = blocks(rows)
    return drawn(figure_by_study(shares(block, rates), Frame("T", "W")))


def _marks(figure, name):
    return [(t.xaxis, list(t.x), list(t.y)) for t in figure.data if t.name == name]


def test_arms_are_headings_and_studies_stand_below_them():
    figure = _figure(compared.rows(compared.meta()))
    assert list(figure.layout.yaxis.ticktext) == [
        "<b>CAR-T</b>", "CAR", "CAS", "Range of studies", "<b>Bispecific</b>", "BSP",
    ]  # fmt: skip
    # One trace for each arm and panel; BSP has no grade, so nothing in the second panel.
    assert _marks(figure, "Study") == [
        ("x", [80.0, 60.0], [1, 2]), ("x", [30.0], [5]), ("x2", [20.0, 0.0], [1, 2]),
    ]  # fmt: skip


def test_too_few_studies_to_pool_leave_their_range():
    figure = _figure(compared.rows(compared.meta()))
    name = "Over studies, or their range (dotted)"
    assert _marks(figure, name) == [
        ("x", [60.0, 80.0, None], [3, 3, 3]), ("x2", [0.0, 20.0, None], [3, 3, 3]),
    ]  # fmt: skip


def test_published_rates_are_hollow_and_without_limits():
    figure = _figure(compared.rows(compared.meta()), RATES)
    (trace,) = [t for t in figure.data if t.name == "Published, not ours (hollow)"]
    assert (list(trace.x), list(trace.error_x.array)) == ([94.0], [None])
    assert trace.marker.color == "#FFFFFF"
    assert "as published" in trace.text[0]


def test_a_long_name_is_cut_on_the_axis_alone():
    rates = RATES.with_columns(STUDY=pl.lit("a study of a name that is far too long"))
    figure = _figure(compared.rows(compared.meta()), rates)
    (cut,) = [t for t in figure.layout.yaxis.ticktext if t.startswith("axi-cel")]
    assert len(cut) <= 42
    assert cut.endswith("\u2026")
