from __future__ import annotations

from reports.figures.curve import Frame
from reports.figures.residuals import figure_residuals
from reports.select import only
from tests.reports import compared
from tests.reports.figures.drawn import drawn


def test_a_point_for_each_day_and_cohort():
    rows = only(compared.rows(compared.hazards()), LEVEL="residuals")
    traces = drawn(figure_residuals(rows, Frame("T", "W"))).data
    assert [(t.name, list(t.x), list(t.y)) for t in traces] == [
        ("CAR-T", [2.0, 5.0], [1.1, 1.4]),
        ("Bispecific", [2.0], [-2.0]),
    ]
    assert len({(t.marker.symbol, t.marker.line.color) for t in traces}) == 2
    assert "3 events" in traces[0].text[0]
