from __future__ import annotations

import polars as pl

from reports.figures.curve import Frame
from reports.figures.lab_course import figure_lab_course
from reports.select import only
from tests.reports.ard_more import block_of
from tests.reports.courses import car_t
from tests.reports.figures.drawn import drawn

FRAME = Frame("Title", "Words", stamp="TEST")


def _rows(n: int = 24, clock: str = "first_dose") -> pl.DataFrame:
    block, _ = block_of(car_t(n))
    return only(block.of("lab_kinetics"), LEVEL="curve", CLOCK=clock)


def test_groups_by_grade_are_drawn_with_their_quartiles():
    figure = drawn(figure_lab_course(_rows(), FRAME, "mg/L"))
    lines = [t for t in figure.data if t.mode == "lines+markers"]
    assert [t.name for t in lines] == ["Grade 1"]
    assert list(lines[0].y) == [20.0, 20.0]
    assert lines[0].meta["rows"][0] == ["Grade 1", "0", "6", "20", "10", "70"]


def test_without_groups_all_subjects_are_drawn_together():
    figure = drawn(figure_lab_course(_rows(6), FRAME, "mg/L"))
    assert [t.name for t in figure.data if t.mode == "lines+markers"] == ["All"]


def test_the_clock_stands_on_the_axis():
    assert (
        "onset"
        in drawn(figure_lab_course(_rows(clock="onset"), FRAME, "mg/L")).layout.xaxis.title.text
    )


def test_a_wide_range_has_a_logarithmic_axis_and_a_zero_has_none():
    wide = _rows().with_columns(
        VALUE=pl.when(pl.col("STAT") == "q3").then(900.0).otherwise("VALUE")
    )
    assert drawn(figure_lab_course(wide, FRAME, "mg/L")).layout.yaxis.type == "log"
    zero = wide.with_columns(VALUE=pl.when(pl.col("STAT") == "q1").then(0.0).otherwise("VALUE"))
    assert drawn(figure_lab_course(zero, FRAME, "mg/L")).layout.yaxis.type is None
