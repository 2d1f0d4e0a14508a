from __future__ import annotations

import re

import polars as pl
import pytest

from reports.pages.daily import subject_sets
from tests.reports.conftest import data_of, packs_of, page_of, text_of
from tests.reports.courses import Course, bispecific, car_t, meta
from tests.reports.study_tables import tables

BASE = "daily-figure-astct2019-collected"


def _figures(page: str) -> dict[str, dict]:
    return packs_of(page)[BASE]["figures"]


def _section(page: str) -> str:
    return page[page.index('<section id="daily"') :].split("</section>", 1)[0]


@pytest.mark.parametrize("clock", ["first_dose", "onset"])
@pytest.mark.parametrize("order", ["grade", "onset"])
def test_each_clock_and_order_is_a_figure_that_names_system_basis_and_denominator(
    study_page, clock, order
):
    figure = _figures(study_page)[f"{BASE}.{clock}.{order}"]
    said = figure["layout"]["meta"]
    assert "(ASTCT 2019, as recorded by the study)" in said["title"]
    # 20 of the 24 typed subjects have CRS.
    of = "N\u00a0=\u00a024" if clock == "first_dose" else "20 of N\u00a0=\u00a024"
    assert said["title"].endswith(of)
    assert "all episodes" in said["title"]
    assert "Clock: first dose" in said["words"] or "Clock: onset of the first" in said["words"]
    assert any(a["text"] == "<b>TEST</b>" for a in figure["layout"]["annotations"])


def test_a_row_opens_as_many_episodes_as_it_says(study_page):
    sets = data_of(study_page)["sets"]
    (cells,) = [t for t in _figures(study_page)[f"{BASE}.first_dose.grade"]["data"] if "z" in t]
    assert len(cells["meta"]["who"]) == 24
    for key, _, episodes, _ in cells["meta"]["who"]:
        members = " ".join(sets[key].values()).split()
        assert len(members) == max(episodes, 1)
        assert all("." in m for m in members) == bool(episodes)


def test_a_subject_with_two_episodes_lists_both_and_one_without_lists_itself():
    frames = tables(
        "S", [Course("car_t", "axi", 2, 1, 3), Course("car_t", "axi", None, None, None)]
    )
    again = frames["episodes"].with_columns(EPISEQ=pl.lit(2, pl.Int64))
    found = subject_sets("S", frames["adsl"], pl.concat([frames["episodes"], again]))
    assert found == {"d1": {"S": "1.1 1.2"}, "d2": {"S": "2"}}


def test_the_same_stands_in_words_a_row_per_subject(study_page):
    section = _section(study_page)
    assert section.count('href="subjects.html#') == 24
    assert "Daily grades in words" in section
    assert 'role="group"' in section


def test_a_closed_study_has_the_sentence_and_no_row():
    page = page_of(meta(publish={"subject_level": False, "min_cell": 5}), tables("TST", car_t()))
    assert "so the daily grade of each subject is not drawn" in _section(page)
    assert BASE not in data_of(page)["packs"]
    assert "d1" not in data_of(page)["sets"]


def test_without_a_daily_grade_there_is_a_sentence():
    frames = tables("TST", car_t())
    frames["grade_days"] = frames["grade_days"].clear()
    assert "No daily grade is known under this grading system" in _section(page_of(meta(), frames))


def test_each_arm_of_a_study_has_its_own():
    cohorts = {"A": "car_t", "B": "bispecific"}
    page = page_of(meta(cohort=cohorts), tables("TST", [*car_t(), *bispecific()]))
    heads = re.findall(r"<h3>(CRS grade of each.*?)</h3>", page)
    assert [h.split("), ")[1] for h in heads] == [
        "CAR-T, N\u00a0=\u00a024", "Bispecific, N\u00a0=\u00a020",
    ]  # fmt: skip
    figures = packs_of(page)["daily-figure-bispecific-astct2019-collected"]["figures"].values()
    maps = [trace for figure in figures for trace in figure["data"] if "z" in trace]
    keys = [who[0] for cells in maps for who in cells["meta"]["who"]]
    assert set(keys) == {f"d{n}" for n in range(25, 45)}


def test_days_beyond_the_axis_are_told(study_page):
    assert "lie outside it" not in text_of(study_page)
    late = [Course("car_t", "axi", 61, 1, 63, followed=90), *car_t()]
    assert "(days with CRS of 1 subject lie outside it" in text_of(
        page_of(meta(), tables("TST", late))
    )


def test_the_chapter_stands_in_the_contents(study_page):
    assert '<a href="#daily">Daily grade of each subject</a>' in study_page
