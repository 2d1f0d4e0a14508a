from __future__ import annotations

import polars as pl
import pytest

from reports.disclosure import disclose
from reports.figures.curve import Frame
from reports.figures.grade_bars import figure_grade_bars
from tests.reports.ard import results
from tests.reports.courses import Sets, car_t, frame
from tests.reports.figures.drawn import drawn

FRAME = Frame("T", "W", stamp="SIMULATED")


def _rows() -> pl.DataFrame:
    made = frame("results", results("S", "test", dict(enumerate(car_t(), 1)), Sets()))
    return made.filter(pl.col("RESULT") == "grade_distribution")


def test_the_shares_of_a_bar_add_up_to_100_percent():
    figure = drawn(figure_grade_bars(_rows(), FRAME))
    assert sum(t.x[0] for t in figure.data) == pytest.approx(100)


def test_grades_run_from_no_crs_to_not_available_which_is_hatched():
    figure = drawn(figure_grade_bars(_rows(), FRAME))
    names = [t.name for t in figure.data]
    assert names == [
        *("No CRS", "Grade 1", "Grade 2", "Grade 3", "Grade 4", "Grade 5"),
        "Grade not available",
    ]
    assert figure.data[-1].marker.pattern.shape == "/"
    assert figure.data[1].marker.pattern.shape is None


def test_the_count_stands_inside():
    figure = drawn(figure_grade_bars(_rows(), FRAME))
    by_name = {t.name: t.text[0] for t in figure.data}
    assert by_name["No CRS"] == "4"
    assert by_name["Grade 5"] == "2"


def test_withheld_counts_are_one_share_of_their_own():
    rows = disclose(_rows(), 5)
    figure = drawn(figure_grade_bars(rows, FRAME))
    assert sum(t.x[0] for t in figure.data) == pytest.approx(100)
    withheld = figure.data[-1]
    assert withheld.name == "Withheld"
    assert withheld.text[0] == ""


def test_a_name_from_the_data_is_not_markup():
    figure = drawn(figure_grade_bars(_rows(), FRAME, bars=[('<a href="x">P</a>', _rows())]))
    assert figure.data[0].y[0].startswith("&lt;a href")


def test_a_long_name_is_broken_at_its_words_and_its_bar_grows_with_it():
    name = "CAR-T: axicabtagene ciloleucel of the second kind"
    layout = drawn(figure_grade_bars(_rows(), FRAME, bars=[(name, _rows()), ("A", _rows())])).layout
    n = f"N = {_rows()['N'].max()}"
    assert layout.yaxis.ticktext == (
        f"CAR-T: axicabtagene ciloleucel<br>of the second kind<br>{n}", f"A<br>{n}",
    )  # fmt: skip
    assert layout.meta["narrow"]["yaxis"]["ticktext"][0] == (
        f"CAR-T:<br>axicabtagene<br>ciloleucel of<br>the second kind<br>{n}"
    )
    assert layout.height == 100 + 2 * 46
    assert layout.meta["narrow"]["height"] == 140 + 2 * 75
