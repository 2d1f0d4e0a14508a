from __future__ import annotations

import re

import polars as pl

from reports.tables.daily_grades import table_daily_grades
from reports.tables.heat import heat
from tests.reports.courses import Course
from tests.reports.study_tables import tables

PAIR = ("ASTCT2019", "collected")


def _rows(frames):
    made = table_daily_grades(heat(frames, PAIR), "t")
    body = made[made.index("<tbody>") :]
    return [
        [re.sub("<[^>]+>", "", c).strip() for c in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]
        for row in body.split("<tr>")[1:]
    ]


def test_runs_of_days_stand_in_words_with_what_is_not_known():
    frames = tables("S", [Course("car_t", "axi", 3, 2, 6)])
    day = pl.col("DY")
    frames["grade_days"] = frames["grade_days"].with_columns(
        GRADE=pl.when(day == 4).then(1).when(day.is_in([6, 9])).then(None).otherwise("GRADE"),
        REASON=pl.when(day == 6).then(pl.lit("MAX_ONLY")).when(day == 9).then(pl.lit("NO")),
    )
    words = "day 3: grade 2; day 4: grade 1; day 5: grade 2; day 6: grade not known"
    assert _rows(frames) == [["#1", "2", "day 3", words, "1 day", "day 14"]]


def test_who_has_no_crs_says_so_and_links_to_the_page():
    frames = tables("S", [Course("car_t", "axi", None, None, None)])
    assert _rows(frames) == [["#1", "No CRS", "", "none", "0 days", "day 14"]]
    assert 'href="subjects.html#1"' in table_daily_grades(heat(frames, PAIR), "t")
