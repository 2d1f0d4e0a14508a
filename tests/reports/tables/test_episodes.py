from __future__ import annotations

import polars as pl

from reports.tables.episodes import episode_list, table_all, table_outstanding
from tests.reports.courses import Course
from tests.reports.study_tables import tables

PAIR = ("ASTCT2019", "collected")
COURSES = [
    Course("car_t", "axi", 2, 1, 5),  # mild and over: not listed
    Course("car_t", "axi", 3, 3, 9, toci=2),
    Course("car_t", "axi", 4, 5, None),
    Course("car_t", "axi", 2, 2, None),
    Course("car_t", "axi", None, None, None),
]


def _rows(html: str) -> list[str]:
    return [" ".join(row.split()) for row in html.split("<tr>")[2:]]


def test_what_a_board_opens_first_stands_first():
    made = table_outstanding(episode_list(tables("T", COURSES), PAIR), "t")
    rows = _rows(made)
    assert [row.split("#")[2].split("<")[0] for row in rows] == ["3", "2", "4"]
    assert "fatal" in rows[0]
    assert "not seen to end" not in rows[0]
    assert "grade 3 or higher" in rows[1]
    assert "2 doses, 6 h after onset" in rows[1]
    assert "not seen to end: ongoing at the end of follow-up" in rows[2]


def test_a_second_episode_is_recurrent():
    frames = tables("T", COURSES[:1])
    second = {"EPISEQ": pl.lit(2, pl.Int64)}
    for name in ("episodes", "grades", "accounts"):
        frames[name] = pl.concat([frames[name], frames[name].with_columns(**second)])
    made = table_outstanding(episode_list(frames, PAIR), "t")
    assert len(_rows(made)) == 1
    assert "recurrent" in made
    assert ", episode 2" in made


def test_all_episodes_are_listed_in_order():
    made = table_all(episode_list(tables("T", COURSES), PAIR), "t")
    assert [row.split("#")[2].split("<")[0] for row in _rows(made)] == ["1", "2", "3", "4"]


def test_none_says_so():
    made = table_outstanding(episode_list(tables("T", COURSES[:1]), PAIR), "t")
    assert "No episode is of grade 3 or higher" in made
