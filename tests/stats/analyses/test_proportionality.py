import numpy as np
import polars as pl
import pytest

from pipeline.stats.cox import cox
from pipeline.stats.proportional_hazards import proportional_hazards
from tests.stats.analyses.onset_cohorts import cohort, compared
from tests.stats.analyses.rows import one

EARLY = [2, 2, 3, 3, 3, 4, 4, 5, 6, 9, 11, 15]
LATE = [2, 5, 8, 8, 9, 12, 15, 15, 20, 22]


@pytest.fixture(scope="module")
def rows():
    hands = cohort("A", "car_t", EARLY, [None] * 10), cohort("B", "bispecific", LATE, [None] * 10)
    return compared(*hands)[0].filter(ESTIMAND="E1")


def model():
    time = np.array([*EARLY, *[28] * 10, *LATE, *[28] * 10], dtype=float)
    event = np.repeat([1, 0, 1, 0], [12, 10, 10, 10])
    return time, event, np.repeat([1.0, 0.0], [22, 20])[:, None]


@pytest.mark.parametrize("transform", ["km", "identity"])
def test_the_check_stands_under_two_transforms(rows, transform):
    data = model()
    want = proportional_hazards(cox(*data), *data, transform).overall
    assert one(rows, LEVEL=f"ph_{transform}", STAT="chisq")["VALUE"] == pytest.approx(want.value)
    p = one(rows, LEVEL=f"ph_{transform}", STAT="p_value")
    assert p["VALUE"] == pytest.approx(want.p)
    assert "not a condition for showing the hazard ratio" in p["METHOD"]


def test_a_residual_for_each_day_and_cohort_with_an_event(rows):
    got = rows.filter(LEVEL="residuals").sort("TIME", "GROUP")
    days = {("car_t", d) for d in EARLY} | {("bispecific", d) for d in LATE}
    assert set(got.select("GROUP", "TIME").iter_rows()) == days
    day = one(got, TIME=3.0, GROUP="car_t")
    assert (day["N"], day["EVENTS"]) == (39, 3)  # three had CRS before: two and one on day 2
    assert got["EVENTS"].sum() == 22


def test_weighted_by_their_events_the_residuals_average_to_the_log_hazard_ratio(rows):
    got = rows.filter(LEVEL="residuals")
    mean = (got["VALUE"] * got["EVENTS"]).sum() / got["EVENTS"].sum()
    assert mean == pytest.approx(np.log(one(rows, LEVEL="cox_efron")["VALUE"]))


def test_without_enough_events_one_row_says_why_there_are_none():
    hands = cohort("A", "car_t", EARLY[:7], [None] * 9), cohort("B", "bispecific", LATE[:7])
    rows = compared(*hands)[0].filter(ESTIMAND="E1", LEVEL="residuals")
    assert rows.select("STATUS", "TIME", "VALUE", "GROUPVAR").row(0) == (
        "not_estimable", None, None, None,
    )  # fmt: skip
    assert rows["REASON"].item().endswith("the test needs 20 events and there are 14")


def test_without_a_hazard_ratio_there_is_no_check():
    hands = cohort("A", "car_t", EARLY * 2, [None] * 9), cohort("B", "bispecific", [], [None] * 9)
    rows = compared(*hands)[0].filter(pl.col("LEVEL").str.starts_with("ph_"), ESTIMAND="E1")
    assert set(rows["REASON"]) == {"not estimable, because there is no hazard ratio"}


def test_events_of_both_cohorts_on_one_day_only_leave_nothing_to_test():
    hands = (
        cohort("A", "car_t", [3] * 15, [None] * 5), cohort("B", "bispecific", [3] * 10, [None] * 9)
    )  # fmt: skip
    rows = compared(*hands)[0].filter(pl.col("LEVEL").str.starts_with("ph_"), ESTIMAND="E1")
    assert set(rows["REASON"]) == {
        "not estimable, because the events with any information share one time"
    }
