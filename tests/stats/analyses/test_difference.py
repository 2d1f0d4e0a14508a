import pytest

from pipeline.stats.analyses.difference import DIFFERENCE, Pair, add_difference
from pipeline.stats.ard import Ard, Label
from pipeline.stats.population import make_pool, make_population
from pipeline.stats.risk_difference import newcombe
from pipeline.stats.timing import derive_timing
from tests.stats.analyses.rows import one
from tests.stats.analyses.two_cohorts import compare, reasons, subjects, three
from tests.stats.by_hand import Hand, study


def cohort(name, kind, with_crs, n, followed=28):
    hand = Hand(name, kind)
    for i in range(n):
        hand.subject(f"U{i:02}", followed=followed)
        if i < with_crs:
            hand.episode(f"U{i:02}", 2, 4 + i % 3).grade(f"U{i:02}", 1 + i % 2)
    return derive_timing(hand.tables(), study(name, cohort=kind))


def difference(car_t, bispecific):
    pool = make_pool([car_t, bispecific])
    ard = Ard(pool.roster)
    label = Label("ALL", "test", DIFFERENCE, "ASTCT2019", "collected", "Y", "A, B")
    sides = (
        make_population(pool, Label("ALL", "test", c, "ASTCT2019", "collected", "Y"), ["A", "B"])
        for c in ("car_t", "bispecific")
    )
    add_difference(Pair(label, *sides), ard)
    return ard.frames()[0]


def test_numbers_and_their_subjects():
    rows = difference(cohort("A", "car_t", 24, 30), cohort("B", "bispecific", 20, 40))
    onset = one(rows, VARIABLE="TTCRS", TIME=14.0)
    assert onset["VALUE"] == pytest.approx(24 / 30 - 20 / 40)
    assert (onset["N"], onset["EVENTS"]) == (70, 44)
    grade = one(rows, LEVEL=">=2")
    want = newcombe(12, 30, 10, 40)
    assert (grade["VALUE"], grade["LOW"], grade["HIGH"]) == pytest.approx(want)
    mean = one(rows, STAT="rmst_difference")
    assert mean["VALUE"] == pytest.approx(
        (3 * 8 + 4 * 8 + 5 * 8) / 24 - (3 * 7 + 4 * 7 + 5 * 6) / 20
    )
    assert mean["LOW"] < mean["VALUE"] < mean["HIGH"]
    # onset on day 2, so each with CRS loses 26 days
    lost = one(rows, STAT="rmtl_difference")
    assert lost["VALUE"] == pytest.approx(26 * (24 / 30 - 20 / 40))
    assert lost["LOW"] < lost["VALUE"] < lost["HIGH"]
    assert (lost["N"], lost["EVENTS"], lost["UNIT"]) == (70, 44, "days")


@pytest.mark.parametrize(
    ("car_t", "where", "reason"),
    [
        # too few with CRS for a normal interval
        (
            (19, 30),
            {"STAT": "rmst_difference"},
            "both arms need 20 subjects and there are 19 and 20",
        ),
        # too few treated, nobody followed so far, no spread
        (
            (10, 19),
            {"STAT": "rmtl_difference"},
            "both arms need 20 subjects and there are 19 and 40",
        ),
        ((24, 30, 10), {"STAT": "rmtl_difference"}, "one cohort was not followed to day 28"),
        (
            (0, 30),
            {"STAT": "rmtl_difference"},
            "in one cohort the days lost do not differ between subjects",
        ),
        # nobody followed so far
        (
            (24, 30, 10),
            {"TIME": 14.0, "VARIABLE": "TTCRS"},
            "one cohort was not followed to day 14",
        ),
        # an incidence of 1 has no limits
        ((30, 30), {"TIME": 14.0, "STAT": "cif_difference"}, "one cumulative incidence is 0 or 1"),
        # four subjects
        ((2, 4), {"TIME": 14.0, "VARIABLE": "TTCRS"}, "limits need 5 subjects and there are 4"),
    ],
)
def test_what_is_not_estimable_says_why(car_t, where, reason):
    rows = difference(cohort("A", "car_t", *car_t), cohort("B", "bispecific", 20, 40))
    assert one(rows, **where)["REASON"].endswith(reason)


UNKNOWN = "10 subjects with CRS have no grade and are left out"
COUNTED = (
    "imprecise: 10 subjects with recorded CRS whose derived grade is not known count as without CRS"
)
# 40 treated with CRS on day 3 in 30: of 10 the grade is not known, of 10 it is 2
UNGRADED = subjects("car_t", (10, 3, "?", 28), (10, 3, 2, 28), (10, 3, 1, 28), (10, None, None, 28))
GRADED = subjects("bispecific", (10, 3, 2, 28), (20, 3, 1, 28), (10, None, None, 28))


def test_subjects_of_unknown_grade_are_left_out_where_the_grade_decides():
    rows = compare(add_difference, UNGRADED, GRADED).filter(STAT="risk_difference")
    row = one(rows, LEVEL=">=1")  # recorded CRS is of grade 1 or more
    assert (three(row), row["N"]) == (pytest.approx(newcombe(30, 40, 30, 40)), 80)
    row = one(rows, LEVEL=">=2")
    assert three(row) == pytest.approx(newcombe(10, 30, 10, 40))
    assert (row["N"], row["EVENTS"], row["REASON"]) == (70, 20, UNKNOWN)


def test_on_the_derived_basis_they_are_left_out_of_any_crs_and_the_onset_says_so():
    rows = compare(add_difference, UNGRADED, GRADED, basis="derived")
    row = one(rows, LEVEL=">=1")
    assert (three(row), row["REASON"]) == (pytest.approx(newcombe(20, 30, 30, 40)), UNKNOWN)
    onset = rows.filter(VARIABLE="TTCRS")
    assert onset.height == 4
    assert reasons(onset) == {COUNTED}
    assert reasons(compare(add_difference, UNGRADED, GRADED).filter(VARIABLE="TTCRS")) == {None}


def test_the_worst_grade_is_compared_to_day_28():
    # both have CRS in 10 of 20 by day 28; one more episode on day 60 of a longer follow-up
    car_t = subjects("car_t", (10, 5, 2, 90), (5, 60, 3, 90), (5, None, None, 90))
    other = subjects("bispecific", (10, 5, 2, 28), (10, None, None, 28))
    rows = compare(add_difference, car_t, other).filter(STAT="risk_difference")
    for level, want in {">=1": newcombe(10, 20, 10, 20), ">=3": newcombe(0, 20, 0, 20)}.items():
        row = one(rows, LEVEL=level)
        assert (three(row), row["REASON"]) == (pytest.approx(want), None)
        assert "worst grade to day 28; difference of proportions, Newcombe" in row["METHOD"]


def test_with_loss_to_follow_up_it_is_the_difference_of_incidences():
    # bispecific: 5 of 20 on day 5, 10 leave after day 14, 5 of the 5 left on day 20
    car_t = subjects("car_t", (5, 5, 2, 28), (5, 20, 2, 28), (10, None, None, 28))
    other = subjects("bispecific", (5, 5, 2, 28), (10, None, None, 14), (5, 20, 2, 28))
    row = one(compare(add_difference, car_t, other), LEVEL=">=2", STAT="risk_difference")
    assert row["VALUE"] == pytest.approx(0.5 - 1)
    other = subjects(
        "bispecific", (5, 5, 2, 28), (8, None, None, 14), (2, 20, 2, 28), (5, None, None, 28)
    )
    row = one(compare(add_difference, car_t, other), LEVEL=">=2", STAT="risk_difference")
    assert row["VALUE"] == pytest.approx(0.5 - (0.25 + 0.75 * 2 / 7))
    assert row["LOW"] < row["VALUE"] < row["HIGH"]
    assert "cumulative incidences of reaching the grade" in row["METHOD"]
    assert row["REASON"] == (
        "followed for less than 28 days: 0 of 20 in car_t, 8 of 20 in bispecific; "
        "imprecise: 8 of 20 censored before this day in bispecific"
    )


def test_a_landmark_that_stands_on_few_in_either_cohort_says_so():
    car_t = subjects("car_t", (6, 3, 1, 28), (14, None, None, 28))
    other = subjects("bispecific", (6, 3, 1, 28), (5, None, None, 10), (9, None, None, 28))
    rows = compare(add_difference, car_t, other)
    where = {"STAT": "cif_difference", "VARIABLE": "TTCRS"}
    assert one(rows, TIME=7.0, **where)["REASON"] is None
    flag = "imprecise: 5 of 20 censored before this day in bispecific"
    assert one(rows, TIME=14.0, **where)["REASON"] == flag
    assert one(rows, STAT="rmtl_difference")["REASON"] == flag
