from __future__ import annotations

from reports.figures.curve import Frame
from reports.figures.swimmer import figure_swimmer
from reports.tables.courses import courses
from tests.reports.courses import Course
from tests.reports.figures.drawn import drawn
from tests.reports.study_tables import tables

FRAME = Frame("Title", "Words", stamp="TEST")
COURSES = [Course("car_t", "axi", 3, 2, 6, toci=1), Course("car_t", "axi", 2, None, 4)]


def _figure():
    return drawn(figure_swimmer(courses(tables("S", COURSES), ("ASTCT2019", "collected")), FRAME))


def test_a_bar_tells_grade_and_days_and_opens_its_subject():
    (bar,) = [t for t in _figure().data if t.name == "Grade 2"]
    assert (list(bar.base), list(bar.x), list(bar.y)) == ([3], [4], [1])
    assert bar.text[0] == "<b>#1</b><br>Grade 2<br>day 3 to day 6"
    assert list(bar.customdata[0]) == [None, "", 1]


def test_days_of_unknown_grade_are_hatched():
    (bar,) = [t for t in _figure().data if t.name == "CRS, grade of the day not known"]
    assert bar.marker.pattern.shape == "/"


def test_each_row_links_to_the_page_of_its_subject():
    labels = _figure().layout.yaxis.ticktext
    assert labels[0] == '<a href="subjects.html#2">#2</a>'
