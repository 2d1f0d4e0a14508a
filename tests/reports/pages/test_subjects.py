from __future__ import annotations

import base64
import json
import zlib

import polars as pl

from reports.pages.subject_measures import guides
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


def test_measurements_are_panels_with_limits_and_what_lies_outside():
    frames = tables("TST", COURSES)
    limits = {"LLN": 1.0, "ULN": 5.0}
    frames["labs"] = frames["labs"].with_columns(
        VALUE=pl.Series([3.0, 0.5, 90.0, *[3.0] * 6]), **{k: pl.lit(v) for k, v in limits.items()}
    )
    temperature, crp = _subject(_data(frames), 1)["panels"]
    assert temperature == {
        "key": "TEMP", "name": "Temperature", "unit": "\u00b0C", "log": False,
        "at": [480, 1920, 3360], "low": [36.8, 36.8, 36.8], "high": [36.8, 39.0, 36.8],
    }  # fmt: skip
    assert crp == {
        "key": "CRP", "name": "CRP", "unit": "mg/L", "log": True, "at": [360, 1800, 3240],
        "low": [3.0, 0.5, 90.0], "out": ["", "L", "H"], "lln": 1.0, "uln": 5.0,
    }  # fmt: skip


def test_a_value_of_a_day_and_a_value_below_a_limit_are_marked():
    frames = tables("TST", COURSES[:1])
    frames["labs"] = frames["labs"].with_columns(
        PRECISION=pl.Series(["day", "time", "time"]), CENSORED=pl.Series(["<", None, None])
    )
    crp = _subject(_data(frames), 1)["panels"][1]
    assert crp["days"] == [True, False, False]
    assert crp["sign"] == ["<", "", ""]


def test_results_that_no_timeline_can_show_are_counted_with_their_reason():
    frames = tables("TST", COURSES[:1])
    frames["labs"] = frames["labs"].with_columns(
        VALUE=pl.Series([None, None, 3.0]), PRECISION=pl.Series(["time", "time", "month"]),
        REASON=pl.Series(["NOT_A_NUMBER", "NOT_A_NUMBER", None]),
    )  # fmt: skip
    subject = _subject(_data(frames), 1)
    assert [p["key"] for p in subject["panels"]] == ["TEMP"]
    assert subject["without"] == [
        {"test": "C-reactive protein", "n": 2, "why": "not a number"},
        {"test": "C-reactive protein", "n": 1, "why": "time unknown"},
    ]


def test_support_stands_in_its_lane_with_level_flow_and_source():
    (oxygen,) = _subject(_data(tables("TST", COURSES)), 1)["support"]
    assert oxygen == {
        "lane": "Oxygen and ventilation", "level": 1, "start": 115200, "end": 158400,
        "words": "nasal cannula, low flow, 2 L/min, PR:1",
    }  # fmt: skip


def test_the_account_says_what_a_higher_and_a_lower_grade_would_take():
    frames = tables("TST", COURSES[:1])
    frames["accounts"] = frames["accounts"].with_columns(
        HIGHER=pl.lit("Grade 4 would take more."), LOWER=pl.lit("Without it 2.")
    )
    assert _subject(_data(frames), 1)["accounts"][0]["account"] == (
        "Recorded as grade 3 from day 2. Grade 4 would take more. Without it 2."
    )


def test_limits_of_the_rules_are_drawn_where_the_study_uses_them():
    switches = {"fever_c": 38.0, "hypotension_rule": "map65", "sbp_adult": 90}
    assert guides(meta(switches=switches)) == {
        "TEMP": [38.0, "fever from 38 \u00b0C"],
        "MAP": [65, "low below 65 mmHg"],
    }
    sbp = guides(meta(switches=switches | {"hypotension_rule": "age"}))["SYSBP"]
    assert sbp == [90, "low below 90 mmHg (adults)"]
