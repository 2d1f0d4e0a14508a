from __future__ import annotations

import polars as pl

from reports.figures.curve import Frame
from reports.figures.recovery import figure_recovery
from tests.reports.ard import results
from tests.reports.courses import Course, Sets, frame
from tests.reports.figures.drawn import drawn

# 20 subjects with onset on day 2; the n-th recovers on day 2 + n.
COURSES = [Course("car_t", "axi", 2, 1, 2 + n) for n in range(20)]


def _figure():
    made = frame("results", results("S", "test", dict(enumerate(COURSES, 1)), Sets()))
    return drawn(figure_recovery(made.filter(pl.col("RESULT") == "recovery_km"), Frame("T", "W")))


def test_landmarks_at_7_and_14_days_lie_on_the_curve():
    figure = _figure()
    (marks,) = [t for t in figure.data if t.mode == "markers+text"]
    assert list(marks.x) == [7.0, 14.0]
    assert list(marks.y) == [35.0, 70.0]
    assert list(marks.text) == ["<b>35%</b>", "<b>70%</b>"]
    (line,) = [t for t in figure.data if t.mode == "lines" and t.hoverinfo != "skip"]
    points = dict(zip(line.x, line.y, strict=True))
    assert [points[7.0], points[14.0]] == [35.0, 70.0]


def test_recovery_rises_and_kaplan_meier_has_no_line_of_competing_deaths():
    figure = _figure()
    (line,) = [t for t in figure.data if t.mode == "lines" and t.hoverinfo != "skip"]
    assert list(line.y) == sorted(line.y)
    labels = " ".join(figure.layout.yaxis2.ticktext)
    assert "Still in CRS" in labels
    assert "Recovered" in labels
    assert "Died" not in labels
