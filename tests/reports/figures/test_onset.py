from __future__ import annotations

import polars as pl

from reports.disclosure import disclose
from reports.figures.curve import Frame
from reports.figures.onset import figure_onset
from tests.reports.ard import results
from tests.reports.courses import Sets, bispecific, car_t, frame
from tests.reports.figures.drawn import drawn

FRAME = Frame("Title", "Words", stamp="TEST")


def _rows(courses) -> pl.DataFrame:
    made = frame("results", results("S", "test", dict(enumerate(courses, 1)), Sets()))
    return made.filter((pl.col("RESULT") == "onset_cif") & (pl.col("ESTIMAND") == "E1"))


def _lines(figure):
    return [t for t in figure.data if t.mode == "lines" and t.hoverinfo != "skip"]


def test_the_curve_is_a_step_through_the_rows_from_zero_to_the_next_day():
    rows = _rows(car_t(24))
    (line,) = _lines(drawn(figure_onset(rows, FRAME)))
    steps = rows.filter(pl.col("LEVEL").is_in(["curve", "landmark"])).unique("TIME").sort("TIME")
    assert line.line.shape == "hv"
    assert list(line.x) == [0.0, *steps["TIME"], 28.0] or list(line.x)[-1] <= 29.0
    assert (line.x[0], line.y[0]) == (0.0, 0.0)
    assert list(line.y)[1:-1] == [100 * v for v in steps["VALUE"]][: len(line.y) - 2]
    assert line.y[-1] == line.y[-2]


def test_arms_differ_in_colour_and_dash():
    lines = _lines(drawn(figure_onset(_rows([*car_t(24), *bispecific(20)]), FRAME)))
    assert [line.name for line in lines] == ["CAR-T", "Bispecific"]
    assert lines[0].line.color != lines[1].line.color
    assert lines[0].line.dash != lines[1].line.dash


def test_the_curve_stops_where_fewer_than_five_are_at_risk():
    rows = _rows(car_t(24))
    few = (pl.col("STAT") == "n_at_risk") & (pl.col("TIME") >= 7)
    rows = rows.with_columns(VALUE=pl.when(few).then(4.0).otherwise(pl.col("VALUE")))
    (line,) = _lines(drawn(figure_onset(rows, FRAME)))
    assert max(line.x) == 7


def test_the_curve_stops_at_a_flagged_step():
    rows = _rows(car_t(24))
    flagged = (pl.col("LEVEL") == "curve") & (pl.col("TIME") >= 5)
    rows = rows.with_columns(
        REASON=pl.when(flagged).then(pl.lit("imprecise: 3 at risk on this day"))
    )
    (line,) = _lines(drawn(figure_onset(rows, FRAME)))
    assert max(line.x) == 5


def test_counts_stand_under_their_ticks_in_the_colour_of_the_arm():
    rows = _rows([*car_t(24), *bispecific(20)])
    figure = drawn(figure_onset(rows, FRAME))
    counts = [t for t in figure.data if t.yaxis == "y2" and t.meta["only"] == "wide"]
    assert len(counts) == 8  # four counts for each of two arms
    at_risk = counts[0]
    wanted = rows.filter(
        (pl.col("COHORT") == "car_t") & (pl.col("STAT") == "n_at_risk")
    ).sort("TIME")  # fmt: skip
    assert list(at_risk.x) == list(figure.layout.xaxis.tickvals) == wanted["TIME"].to_list()
    assert list(at_risk.text) == [f"{v:.0f}" for v in wanted["VALUE"]]
    assert at_risk.textfont.color == _lines(figure)[0].line.color


def test_the_stamp_is_part_of_the_figure():
    (note,) = drawn(figure_onset(_rows(car_t()), FRAME)).layout.annotations
    assert note.text == "<b>TEST</b>"
    assert not drawn(figure_onset(_rows(car_t()), Frame("T", "W"))).layout.annotations


def test_axes_are_percent_of_subjects_over_days():
    layout = drawn(figure_onset(_rows(car_t()), FRAME)).layout
    assert list(layout.yaxis.range) == [0, 101]
    assert list(layout.yaxis.ticktext) == ["0%", "25%", "50%", "75%", "100%"]
    assert layout.xaxis.title.text == "Days, day of first dose = 1"


def test_withheld_counts_are_bounds_or_dots():
    rows = disclose(_rows(car_t(60)), 5)
    counts = [t for t in drawn(figure_onset(rows, FRAME)).data if t.yaxis == "y2"]
    texts = {text for t in counts for text in t.text}
    assert not texts & {"1", "2", "3", "4"}
