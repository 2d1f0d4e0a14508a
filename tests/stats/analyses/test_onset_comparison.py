import numpy as np
import pytest

from pipeline.stats.analyses.onset_comparison import add_onset_comparison
from pipeline.stats.cox import cox, hazard_ratio
from pipeline.stats.fine_gray import fine_gray
from pipeline.stats.gray import gray_statistic, gray_test
from pipeline.stats.logrank import logrank_test
from pipeline.stats.permutation import permutation_p
from pipeline.stats.plan import PLAN
from tests.stats.analyses.onset_cohorts import cohort, compared
from tests.stats.analyses.rows import one
from tests.stats.analyses.two_cohorts import compare, subjects
from tests.stats.test_study import check_sets

EARLY = [2, 2, 3, 3, 3, 4, 4, 5, 6, 9, 11, 15]
LATE = [2, 5, 8, 8, 9, 12, 15, 15, 20, 22]
HAZARD_RATIOS = {"cox_efron", "cox_breslow", "grouped_cloglog", "fine_gray"}


def arrays(car_t, bispecific, deaths=()):
    """The same subjects as numbers: CRS, deaths of the bispecific cohort, ten each without."""
    time = [*car_t, *[28] * 10, *bispecific, *deaths, *[28] * 10]
    code = [1] * len(car_t) + [0] * 10 + [1] * len(bispecific) + [2] * len(deaths) + [0] * 10
    group = [1] * (len(car_t) + 10) + [0] * (len(bispecific) + len(deaths) + 10)
    return np.array(time, dtype=float), np.array(code), np.array(group)


def rows_of(car_t, bispecific, deaths=()):
    none = [None] * 10
    hands = (
        cohort("A", "car_t", car_t, none),
        cohort("B", "bispecific", bispecific, [*deaths, *none]),
    )
    return compared(*hands)[0].filter(ESTIMAND="E1")


def test_tests_and_hazard_ratios_are_those_of_the_methods():
    rows, data = rows_of(EARLY, LATE, [4, 6, 6]), arrays(EARLY, LATE, [4, 6, 6])
    gray, logrank = gray_test(*data), logrank_test(*data).test
    for level, test in (("gray", gray), ("logrank", logrank)):
        assert one(rows, LEVEL=level, STAT="chisq")["VALUE"] == pytest.approx(test.value)
        assert one(rows, LEVEL=level, STAT="p_value")["VALUE"] == pytest.approx(test.p)
    x = data[2][:, None].astype(float)
    want = hazard_ratio(cox(data[0], data[1], x))
    got = one(rows, LEVEL="cox_efron")
    assert (got["VALUE"], got["LOW"], got["HIGH"]) == pytest.approx(want[:3])
    assert got["VALUE"] > 1  # CAR-T is earlier, and first
    subdistribution = one(rows, LEVEL="fine_gray", STAT="subdistribution_hazard_ratio")
    assert subdistribution["VALUE"] == pytest.approx(np.exp(fine_gray(*data[:2], x).coef[0]))


def test_each_row_has_the_subjects_behind_it_and_says_what_it_is():
    results, sets = compared(
        cohort("A", "car_t", EARLY, [None] * 10), cohort("B", "bispecific", LATE, [None] * 10)
    )
    check_sets(results, sets)
    assert set(results["RESULT"]) == {"comparison"}
    assert set(results["ESTIMAND"]) == {"E1", "E1-death"}
    assert set(results["COHORT"]) == {"car_t - bispecific"}
    assert results["METHOD"].str.starts_with("non-randomised comparison, descriptive; ").all()
    nominal = results.filter(STAT="p_value")
    assert (
        nominal["METHOD"].str.contains("^non-randomised comparison, descriptive; nominal P").all()
    )
    assert set(nominal["UNIT"]) == {"probability"}
    assert not results["METHOD"].str.contains("significan").any()
    all_events = results.filter(LEVEL="gray", ESTIMAND="E1")
    assert all_events.select("N", "EVENTS").unique().rows() == [(42, 22)]


def test_below_20_events_p_is_by_permutation():
    car_t, bispecific = EARLY[:9], LATE[:8]
    rows, data = rows_of(car_t, bispecific), arrays(car_t, bispecific)
    got = one(rows, LEVEL="gray", STAT="p_value")
    drawn = permutation_p(
        gray_statistic, *data, draws=PLAN.permutation_draws, seed=PLAN.permutation_seed
    )
    assert got["VALUE"] == drawn.p
    assert "P by permutation of the cohorts, 9999 draws" in got["METHOD"]
    assert "permutation" not in one(rows, LEVEL="gray", STAT="chisq")["METHOD"]


@pytest.mark.parametrize(
    ("car_t", "bispecific", "level", "reason"),
    [
        (EARLY[:2], LATE[:2], "gray", "a test needs 5 events and there are 4"),
        (EARLY[:2], LATE[:2], "logrank", "a test needs 5 events and there are 4"),
        (EARLY[:5], LATE[:4], "cox_efron", "a hazard ratio needs 10 events and there are 9"),
        (EARLY, LATE[:2], "fine_gray", "both arms need 3 events and there are 12 and 2"),
        (EARLY[:6], LATE[:5], "cox_efron", "imprecise: 11 events"),
        (EARLY[:6], LATE[:5], "ph_km", "the test needs 20 events and there are 11"),
        (EARLY[:4], [], "firth_cox", "it needs 5 events and there are 4"),
        (EARLY[:5], [], "firth_cox", "imprecise: 5 events"),
    ],
)
def test_few_events_are_guarded_and_say_so(car_t, bispecific, level, reason):
    rows = rows_of(car_t, bispecific).filter(LEVEL=level)
    assert rows["REASON"].str.ends_with(reason).all()
    shown = "ok" if reason.startswith("imprecise") else "not_estimable"
    assert set(rows["STATUS"]) == {shown}
    assert rows["VALUE"].is_null().all() == (shown != "ok")


def test_firth_stands_in_where_a_cohort_has_no_event_and_only_there():
    rows = rows_of(EARLY, [])
    firth = one(rows, LEVEL="firth_cox")
    assert 1 < firth["LOW"] < firth["VALUE"] < firth["HIGH"]
    assert "exploratory" in firth["METHOD"]
    assert set(rows.filter(STAT="hazard_ratio", STATUS="ok")["LEVEL"]) == {"firth_cox"}
    assert rows_of(EARLY, LATE).filter(LEVEL="firth_cox").is_empty()


def test_a_cohort_without_subjects_leaves_nothing_to_compare():
    rows = compared(cohort("A", "car_t", EARLY), cohort("B", "bispecific", []))[0]
    assert set(rows["STATUS"]) == {"not_estimable"}
    assert set(rows.filter(LEVEL="gray")["REASON"]) == {
        "not estimable, because one cohort has no subject"
    }


def test_swapping_the_cohorts_inverts_the_ratios_and_keeps_the_tests():
    one_way, other = rows_of(EARLY, LATE), rows_of(LATE, EARLY)
    for level in HAZARD_RATIOS:
        a, b = one(one_way, LEVEL=level), one(other, LEVEL=level)
        assert (a["VALUE"], a["LOW"], a["HIGH"]) == pytest.approx(
            (1 / b["VALUE"], 1 / b["HIGH"], 1 / b["LOW"])
        )
    for level in ("gray", "logrank", "ph_km"):
        a, b = (one(r, LEVEL=level, STAT="chisq")["VALUE"] for r in (one_way, other))
        assert a == pytest.approx(b)


def test_events_that_all_come_when_one_cohort_has_left_tell_nothing():
    # CAR-T dies on day 2; bispecific has CRS later
    results, _ = compared(
        cohort("A", "car_t", [], [2] * 12), cohort("B", "bispecific", LATE[1:], [None] * 3)
    )
    logrank = results.filter(ESTIMAND="E1", LEVEL="logrank")
    assert set(logrank["REASON"]) == {
        "not estimable, because the events do not tell the cohorts apart"
    }


def test_recorded_crs_without_a_derived_grade_is_said_beside_every_number():
    car_t = subjects("car_t", (11, 3, 1, 28), (2, 3, "?", 28), (14, None, None, 28))
    other = subjects("bispecific", (11, 9, 1, 28), (1, 3, "?", 28), (9, None, None, 28))
    rows = compare(add_onset_comparison, car_t, other, basis="derived").filter(STATUS="ok")
    assert {"hazard_ratio", "p_value", "chisq"} < set(rows["STAT"])
    words = "imprecise: 3 subjects with recorded CRS whose derived grade is not known count as "
    assert rows["REASON"].str.starts_with(words + "without CRS").all()
