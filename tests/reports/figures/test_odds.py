from __future__ import annotations

from reports.figures.curve import Frame
from reports.figures.odds import figure_odds
from reports.select import blocks
from reports.tables.comparison import odds_rows
from tests.reports import compared
from tests.reports.figures.drawn import drawn


def _rows(*parts):
    (block,) = blocks(compared.rows(*parts))
    return odds_rows(block)


def test_the_common_ratio_stands_above_those_at_each_cut():
    figure = drawn(figure_odds(_rows(compared.odds()), Frame("T", "W")))
    assert figure is not None
    assert list(figure.layout.yaxis.ticktext) == [
        "Common odds ratio of a higher grade", "Any CRS", "Grade 3 or higher",
    ]  # fmt: skip
    found = {t.name: list(t.x) for t in figure.data if t.mode == "markers"}
    assert found == {
        "One for all grades": [2.0],
        "At one cut": [3.0],
        "At one cut, Firth's penalty": [6.0],
    }


def test_ticks_reach_around_every_limit():
    figure = drawn(figure_odds(_rows(compared.odds()), Frame("T", "W")))
    assert figure is not None
    assert list(figure.layout.xaxis.ticktext) == ["0.5", "1", "2", "5", "10", "20", "50", "100"]


def test_without_an_odds_ratio_there_is_no_figure():
    infinite = [r for r in compared.odds() if r["STATUS"] == "not_estimable"]
    assert drawn(figure_odds(_rows(infinite), Frame("T", "W"))) is None
