from __future__ import annotations

import polars as pl
import pytest

from pipeline.assets.headlines import HEADLINES, headlines
from tests.reports.ard import results
from tests.reports.courses import Sets, bispecific, car_t, frame


def ard(courses, study="CAR"):
    people = dict(enumerate(courses, 1))
    return frame("results", results(study, "test", people, Sets()))


def test_sixty_subjects_of_one_cohort():
    found = headlines(ard(car_t(60)), 0)
    assert next(iter(found)) == "treated subjects"
    assert found["treated subjects"] == 60
    assert 0 < found["CRS, grade 3 or higher (%)"] < found["CRS, any grade (%)"] <= 100
    assert found["median onset (days since first dose)"] > 0
    assert 0 < found["cumulative incidence by day 14 (%)"] <= 100


def test_a_share_is_that_of_the_result_row_in_percent():
    rows = ard(car_t(60))
    (share,) = rows.filter(
        pl.col("PRIMARY") == "Y", pl.col("RESULT") == "grade_distribution",
        pl.col("GROUPVAR").is_null(), pl.col("LEVEL") == ">=3",
    )["VALUE"]  # fmt: skip
    assert headlines(rows, 0)["CRS, grade 3 or higher (%)"] == pytest.approx(100 * share, abs=0.05)


def test_what_a_page_withholds_is_not_plotted():
    rows = ard(car_t(60))
    severe = rows.filter(
        pl.col("PRIMARY") == "Y", pl.col("RESULT") == "grade_distribution",
        pl.col("GROUPVAR").is_null(), pl.col("LEVEL") == ">=3",
    )["EVENTS"][0]  # fmt: skip
    assert "CRS, grade 3 or higher (%)" in headlines(rows, 0)
    assert "CRS, grade 3 or higher (%)" not in headlines(rows, severe + 1)


def test_two_cohorts_are_told_apart():
    both = pl.concat([ard(car_t(60)), ard(bispecific(40), "BSP")])
    both = both.with_columns(
        STUDYID=pl.lit("ALL"),
        COHORT=pl.when(pl.col("STUDYID") == "BSP").then(pl.lit("bispecific")).otherwise(
            pl.lit("car_t")
        ),
    )  # fmt: skip
    found = headlines(both, 0)
    assert found["CAR-T: treated subjects"] == 60
    assert found["bispecific: treated subjects"] == 40


def test_no_result_rows_give_no_number():
    assert headlines(ard(car_t(5)).clear(), 5) == {}


def test_names_are_told_once():
    assert len({h.name for h in HEADLINES}) == len(HEADLINES)
