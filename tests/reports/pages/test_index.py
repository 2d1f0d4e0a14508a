from __future__ import annotations

import polars as pl

from reports.pages.index import CARDS, render_index
from tests.reports.ard import results
from tests.reports.conftest import body_of, text_of
from tests.reports.courses import Course, Sets, car_t, frame, meta
from tests.reports.study_tables import tables

RESULTS = tables("TST", car_t())["results"]
CLOSED = {"subject_level": False, "min_cell": 5}


def _page(metas, results=RESULTS, missing=()):
    (page,) = render_index(metas, results, missing).values()
    return page.decode()


def _many(n):
    return [meta(f"S{i:03}") for i in range(n)], pl.concat(
        [RESULTS.with_columns(STUDYID=pl.lit(f"S{i:03}")) for i in range(n)]
    )


def test_a_card_per_study_with_link_share_and_bar():
    page = _page([meta()])
    assert 'href="studies/TST/index.html"' in page
    assert "83.3% of 24 treated had CRS (CAR-T)" in text_of(page)
    assert "Grade 3 or higher: 6 (25.0%)" in text_of(page)
    assert 'aria-label="Maximum grade: No CRS 16.7%, Grade 1 ' in page


def test_a_small_count_says_its_bound_once_and_its_share_is_drawn_as_withheld():
    page = _page([meta(publish=CLOSED)])
    assert "&gt;19 of 24 treated had CRS" in text_of(page)
    assert ", withheld " in page
    assert 'class="gw"' in body_of(page)


def test_where_no_share_is_known_the_reason_stands_in_place_of_it():
    reason = "not available, because its scale is not stated"
    unknown = RESULTS.with_columns(
        VALUE=pl.lit(None, pl.Float64), STATUS=pl.lit("not_available"), REASON=pl.lit(reason)
    )
    mixed = pl.concat(
        [RESULTS.filter(RESULT="subjects"), unknown.filter(RESULT="grade_distribution")]
    )
    text = text_of(_page([meta()], mixed))
    assert "24 treated; share with CRS not available, because its scale is not stated" in text
    assert "NE of" not in text


def test_a_study_without_crs_has_a_share_of_none_though_its_primary_system_has_nothing_to_grade():
    courses = dict(enumerate([Course("car_t", "axi", None, None, None)] * 12, 1))
    recorded = frame("results", results("TST", "test", courses, Sets(), primary=False))
    derived = frame("results", results("TST", "test", courses, Sets(), basis="derived"))
    nothing = derived.with_columns(
        STATUS=pl.lit("not_available"), REASON=pl.lit("not available"), VALUE=None
    )
    text = text_of(_page([meta(primary_basis="derived")], pl.concat([recorded, nothing])))
    assert "0.0% of 12 treated had CRS" in text
    assert "No CRS was recorded, so there is nothing to grade." in text
    assert "share with CRS not available" not in text


def test_many_studies_are_a_table_that_is_searched_and_sorted():
    metas, results = _many(CARDS + 1)
    page = _page(metas, results)
    assert 'data-filter="studies-test"' in page
    assert 'class="sortable"' in page
    assert 'class="card"' not in page
    assert (
        "S012 TEST Study S012 ASTCT 2019, as recorded by the study CAR-T 24 20 (83.3%) 6"
        in text_of(page)
    )
    assert 'data-sort="0.25"' in page


def test_up_to_twelve_studies_are_cards():
    metas, results = _many(CARDS)
    assert body_of(_page(metas, results)).count('class="card"') == CARDS


def test_studies_without_a_report_are_named():
    missing = [{"study": "BAD", "state": "failed", "why": "crs: too little memory"}]
    text = text_of(_page([], RESULTS.clear(), missing))
    assert "BAD failed crs: too little memory" in text
    assert "No study has been published yet." in text
