from __future__ import annotations

import base64
import json
import zlib

import polars as pl

from reports.pages.subjects import primary_pair, render_subjects
from tests.reports.conftest import data_of
from tests.reports.courses import Course, car_t, meta
from tests.reports.study_tables import tables

COURSES = [
    Course("car_t", "axi", 2, 3, 6, followed=10, toci=1),
    Course("car_t", "axi", None, None, None, followed=5),
    Course("car_t", "axi", 3, None, 4, followed=6),  # recorded without a grade
]


def _data(frames):
    (page,) = render_subjects(meta(), frames).values()
    return data_of(page.decode())


def _subject(data, n):
    return json.loads(zlib.decompress(base64.b64decode(data["subjects"][str(n)])))


def test_days_are_a_cell_each_on_the_study_day_axis():
    assert _data(tables("TST", COURSES))["heat"] == [
        [1, 1, "0333330000"],
        [2, 1, "00000"],
        [3, 1, "00oo00"],  # observed, grade not available
    ]


def test_unobserved_days_are_a_gap_and_there_is_no_day_0():
    frames = tables("TST", COURSES[:1])
    before = pl.col("DY") == 1
    days = frames["grade_days"].filter(~pl.col("DY").is_in([4, 5]))
    frames["grade_days"] = days.with_columns(DY=pl.when(before).then(-1).otherwise("DY"))
    # day -1 stands at position 0; day 1 was not charted, nor days 4 and 5.
    assert _data(frames)["heat"] == [[1, 0, "0.33..30000"]]


def test_each_subject_carries_its_course():
    subject = _subject(_data(tables("TST", COURSES)), 1)
    assert subject["who"] == (
        "CAR-T, axi, 60 years, female, treated, followed to day 10 (completed)"
    )
    assert subject["episodes"][0]["words"] == (
        "Episode 1: grade 3, from day 2 to day 6. Recovered."
    )
    assert subject["doses"] == [{"day": 1, "words": "Dose 1: axi, 2 mg, day 1"}]
    assert subject["evidence"][0]["source"] == "AE:1 AETOXGR"
    assert subject["interventions"][0]["kind"] == "tocilizumab"
    assert subject["accounts"][0]["account"] == "Recorded as grade 3 from day 2."


def test_a_subject_without_crs_has_a_page_too():
    subject = _subject(_data(tables("TST", COURSES)), 2)
    assert subject["episodes"] == []


def test_no_page_without_permission():
    closed = meta(publish={"subject_level": False, "min_cell": 5})
    assert render_subjects(closed, tables("TST", COURSES)) == {}


def test_age_89_stands_for_89_and_over():
    frames = tables("TST", COURSES[:1])
    frames["adsl"] = frames["adsl"].with_columns(AGE=89.0)
    assert "89 years or over" in _subject(_data(frames), 1)["who"]


def test_the_primary_pair_follows_the_rule_of_study_yaml():
    grades = tables("TST", car_t())["grades"]
    assert primary_pair(meta(), grades) == ("ASTCT2019", "collected")
    lee = meta(collected_scale="LEE2014")
    assert primary_pair(lee, grades) == ("ASTCT2019", "derived")
    stated = meta(collected_scale="LEE2014", primary_basis="collected")
    assert primary_pair(stated, grades) == ("ASTCT2019", "collected")
