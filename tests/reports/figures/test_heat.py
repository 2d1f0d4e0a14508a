from __future__ import annotations

import polars as pl

from reports import theme
from reports.figures.curve import Frame
from reports.figures.heat import PAPER_PX, figure_heat
from reports.tables.heat import NOT_KNOWN, heat, lay
from tests.reports.courses import Course, car_t
from tests.reports.figures.drawn import drawn
from tests.reports.study_tables import tables

FRAME = Frame("Title", "Words", stamp="TEST")
PAIR = ("ASTCT2019", "collected")
COURSES = [Course("car_t", "axi", 3, 2, 6), Course("car_t", "axi", 2, None, 4)]


def _figure(courses=COURSES, clock="first_dose", **changed):
    found = heat(tables("S", courses) | changed, PAIR)
    keys = {n: f"d{n}" for n in found.subjects["SUBJIDX"].to_list()}
    return drawn(figure_heat(lay(found, clock, "grade"), FRAME, keys))


def test_one_heat_map_holds_all_cells_and_no_shape_is_drawn():
    figure = _figure()
    maps = [t for t in figure.data if t.type == "heatmap"]
    assert len(maps) == 1
    assert maps[0].z[0][:7] == [0, 0, 2, 2, 2, 2, 0]
    assert not figure.layout.shapes


def test_each_row_tells_whose_it_is_its_episodes_and_which_list_it_opens():
    (cells,) = [t for t in _figure().data if t.type == "heatmap"]
    assert cells.meta["who"][0] == ["d1", "#1", 1, "highest grade 2"]
    assert cells.meta["who"][1] == ["d2", "#2", 1, "highest grade not known"]
    assert cells.meta["days"][:2] == ["day 1", "day 2"]
    assert len(cells.meta["days"]) == len(cells.z[0])


def test_a_day_of_unknown_grade_is_struck_through_in_its_cell():
    figure = _figure()
    (strokes,) = [t for t in figure.data if t.type == "scatter" and t.showlegend is False]
    # Subject 2 stands in the second row, ill on days 2 to 4; the middle of day 2 is 2.5.
    assert list(zip(strokes.x, strokes.y, strict=True)) == [(2.5, 1), (3.5, 1), (4.5, 1)]


def test_the_legend_names_what_is_drawn_and_nothing_else():
    names = [t.name for t in _figure().data if t.type == "bar"]
    assert names == ["No CRS", "Grade 2", "CRS, grade of the day not known"]


def test_the_colours_of_the_codes_are_different_from_each_other():
    (cells,) = [t for t in _figure().data if t.type == "heatmap"]
    steps = [color for _, color in cells.colorscale]
    assert steps[::2] == steps[1::2]
    assert len(set(steps)) == NOT_KNOWN + 2


def test_death_and_the_end_of_charting_are_marked_on_their_days():
    dead = pl.when(pl.col("SUBJIDX") == 1).then(pl.lit(15))
    adsl = tables("S", COURSES)["adsl"].with_columns(DTHDY=dead)
    marks = {t.name: t for t in _figure(adsl=adsl).data if t.name}
    assert list(marks["Death"].x) == [15.5]
    # Red on the nearly black cell of grade 5 is seen by its rim.
    assert marks["Death"].marker.line.color == theme.PAPER
    # Who died has no other end; the other one is charted to day 14.
    assert list(marks["End of charting"].y) == [1]
    assert list(marks["End of charting"].x) == [15.25]


def test_days_are_counted_from_onset_on_its_clock():
    (cells,) = [t for t in _figure(clock="onset").data if t.type == "heatmap"]
    assert cells.meta["days"][1:6] == [
        "2 days before onset", "1 day before onset", "day of onset", "1 day after onset",
        "2 days after onset",
    ]  # fmt: skip


def test_each_row_links_to_its_subject_and_many_rows_fit_one_sheet_of_paper():
    few, many = _figure(), _figure(car_t(150))
    assert few.layout.yaxis.ticktext[0] == '<a href="subjects.html#1">#1</a>'
    assert few.layout.meta["paper"] == {}
    assert many.layout.height > PAPER_PX
    paper = many.layout.meta["paper"]
    assert paper["height"] == PAPER_PX
    assert len(paper["yaxis"]["tickvals"]) == len(paper["yaxis"]["ticktext"]) < 150
