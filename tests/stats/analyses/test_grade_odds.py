import math

import pytest

from pipeline.stats.analyses.difference import DIFFERENCE, Pair
from pipeline.stats.analyses.grade_odds import add_grade_odds
from pipeline.stats.ard import Ard, Label
from pipeline.stats.exact_test import fisher_exact
from pipeline.stats.odds_ratio import conditional_odds_ratio, firth_odds_ratio, odds_ratio
from pipeline.stats.population import make_pool, make_population
from pipeline.stats.timing import derive_timing
from tests.stats.analyses.rows import one
from tests.stats.analyses.two_cohorts import compare, subjects
from tests.stats.by_hand import Hand, study


def cohort(name, kind, sizes, basis="collected"):
    """Subjects with worst grade 0, 1, 2, ...; None stands for CRS without a grade."""
    hand = Hand(name, kind)
    i = 0
    for grade, size in sizes.items():
        for _ in range(size):
            who = f"U{(i := i + 1):02}"
            hand.subject(who)
            if grade != 0:
                hand.episode(who, 2, 4).grade(who, grade, BASIS=basis)
    return derive_timing(hand.tables(), study(name, cohort=kind))


def odds(car_t, bispecific, basis="collected"):
    timings = cohort("A", "car_t", car_t, basis), cohort("B", "bispecific", bispecific, basis)
    pool = make_pool(timings)
    ard = Ard(pool.roster)
    label = Label("ALL", "test", DIFFERENCE, "ASTCT2019", basis, "Y", "A, B")
    sides = (
        make_population(pool, Label("ALL", "test", c, "ASTCT2019", basis, "Y"), ["A", "B"])
        for c in ("car_t", "bispecific")
    )
    add_grade_odds(Pair(label, *sides), ard)
    return ard.frames()[0]


CAR_T = {0: 12, 1: 20, 2: 22, 3: 8, 4: 6}
BISPECIFIC = {0: 25, 1: 18, 2: 10, 3: 5, 4: 5}


def test_odds_ratios_at_each_cut_and_in_common():
    rows = odds(CAR_T, BISPECIFIC)
    for cut, counts in {1: (56, 68, 38, 63), 2: (36, 68, 20, 63), 4: (6, 68, 5, 63)}.items():
        ordinary = one(rows, LEVEL=f">={cut}", STAT="odds_ratio")
        got = (ordinary["VALUE"], ordinary["LOW"], ordinary["HIGH"])
        assert got == pytest.approx(odds_ratio(*counts))
        assert (ordinary["N"], ordinary["EVENTS"]) == (131, counts[0] + counts[2])
        exact = one(rows, LEVEL=f">={cut}", STAT="conditional_odds_ratio")
        assert exact["VALUE"] == pytest.approx(conditional_odds_ratio(*counts).value)
    common = one(rows, STAT="common_odds_ratio")
    assert 1 < common["LOW"] < common["VALUE"] < common["HIGH"]
    assert common["METHOD"].endswith("categories grade 0, grade 1, grade 2, grade 3, grade 4")
    assert (common["N"], common["EVENTS"], common["REASON"]) == (131, 94, None)
    assert rows.filter(STAT="firth_odds_ratio").is_empty()


def test_p_values_say_that_they_are_nominal_and_none_is_made_grade_by_grade():
    rows = odds(CAR_T, BISPECIFIC)
    p = rows.filter(STAT="p_value").sort("LEVEL")
    assert p["LEVEL"].to_list() == [">=1", "proportionality"]
    assert p["METHOD"].str.starts_with("non-randomised comparison, descriptive; nominal P; ").all()
    assert set(p["UNIT"]) == {"probability"}
    assert one(p, LEVEL=">=1")["VALUE"] == pytest.approx(fisher_exact(56, 68, 38, 63))
    chisq = one(rows, STAT="chisq")
    assert chisq["METHOD"].endswith("3 degrees of freedom")
    assert rows["METHOD"].str.starts_with("non-randomised comparison, descriptive").all()


def test_exchanging_the_cohorts_inverts_every_odds_ratio():
    there, back = odds(CAR_T, BISPECIFIC), odds(BISPECIFIC, CAR_T)
    ratios = there.filter(UNIT="ratio")
    assert ratios.height == 9
    for row in ratios.to_dicts():
        other = one(back, LEVEL=row["LEVEL"], STAT=row["STAT"])
        assert math.log(other["VALUE"]) == pytest.approx(-math.log(row["VALUE"]), abs=1e-4)
        assert math.log(other["LOW"]) == pytest.approx(-math.log(row["HIGH"]), abs=1e-4)


def test_a_cohort_without_a_grade_has_firths_odds_ratio_labelled_exploratory():
    rows = odds({0: 10, 1: 10}, {0: 10, 1: 10, 2: 10}).filter(LEVEL=">=2")
    why = "not estimable, because both arms need 3 events and there are 0 and 10"
    for stat in ("odds_ratio", "conditional_odds_ratio"):
        row = one(rows, STAT=stat)
        assert (row["VALUE"], row["REASON"]) == (None, why)
    firth = one(rows, STAT="firth_odds_ratio")
    assert firth["VALUE"] == pytest.approx(firth_odds_ratio(0, 20, 10, 30).value)
    assert "exploratory" in firth["METHOD"]


def test_a_cohort_of_whom_all_had_crs_has_an_infinite_odds_ratio():
    rows = odds({1: 20}, {0: 10, 1: 10}).filter(LEVEL=">=1")
    assert one(rows, STAT="odds_ratio")["REASON"].endswith("in one cohort everybody reached it")
    infinite = one(rows, STAT="conditional_odds_ratio")
    assert infinite["REASON"] == "not estimable, because it is infinite"
    assert infinite["LOW"] > 0
    assert one(rows, STAT="firth_odds_ratio")["VALUE"] > 1


@pytest.mark.parametrize(
    ("car_t", "bispecific", "firth", "reason"),
    [
        ({0: 10, 1: 3}, {0: 10, 1: 7}, 0, None),
        ({0: 10, 1: 2}, {0: 10, 1: 9}, 0, "both arms need 3 events and there are 2 and 9"),
        ({0: 10, 1: 3}, {0: 10, 1: 6}, 0, "an odds ratio needs 10 events and there are 9"),
        # Firth's needs 5 in the other cohort
        ({0: 10}, {0: 10, 1: 4}, 1, "an odds ratio needs 10 events and there are 4"),
    ],
)
def test_an_odds_ratio_needs_the_events_of_a_hazard_ratio(car_t, bispecific, firth, reason):
    rows = odds(car_t, bispecific).filter(LEVEL=">=1")
    for stat in ("odds_ratio", "conditional_odds_ratio"):
        assert (one(rows, STAT=stat)["REASON"] or "").endswith(reason or "")
        assert (one(rows, STAT=stat)["VALUE"] is None) is (reason is not None)
    assert rows.filter(STAT="firth_odds_ratio", STATUS="not_estimable").height == firth
    assert one(rows, STAT="p_value")["VALUE"] is not None


def test_who_was_followed_for_less_than_28_days_is_left_out_with_and_without_crs():
    # of the bispecific half was followed to day 14 only, 5 of them with CRS before
    car_t = subjects("car_t", (20, 5, 2, 28), (20, None, None, 28))
    other = subjects(
        "bispecific", (5, 5, 2, 14), (15, None, None, 14), (5, 5, 2, 28), (5, 20, 2, 60),
        (5, 60, 2, 60), (5, None, None, 28),
    )  # fmt: skip
    rows = compare(add_grade_odds, car_t, other)
    for where in ({"LEVEL": ">=2", "STAT": "odds_ratio"}, {"STAT": "common_odds_ratio"}):
        row = one(rows, **where)
        assert (row["N"], row["EVENTS"]) == (60, 30)
    row = one(rows, LEVEL=">=2", STAT="odds_ratio")
    assert row["VALUE"] == pytest.approx(odds_ratio(20, 40, 10, 20).value)
    assert row["REASON"] == "20 followed for less than 28 days are left out"


def test_who_died_or_discontinued_is_known_to_the_end():
    car_t = subjects("car_t", (10, 5, 2, 28), (10, None, None, 28))
    car_t.subject("D", followed=9, DTHDY=9).subject("S", followed=12, DSDY=12)
    other = subjects("bispecific", (10, 5, 2, 28), (10, None, None, 28))
    row = one(compare(add_grade_odds, car_t, other), LEVEL=">=2", STAT="odds_ratio")
    assert (row["N"], row["REASON"]) == (42, None)


def test_a_grade_that_nobody_has_gives_no_odds_ratio():
    rows = odds({0: 10, 1: 10}, {0: 10, 1: 10})
    assert one(rows, LEVEL=">=2")["REASON"] == "not estimable, because nobody reached it"


def test_subjects_of_unknown_grade_are_left_out_but_have_recorded_crs():
    rows = odds(CAR_T | {None: 3}, BISPECIFIC)
    assert one(rows, LEVEL=">=1", STAT="odds_ratio")["N"] == 134
    assert one(rows, LEVEL=">=1", STAT="odds_ratio")["EVENTS"] == 97
    note = "3 subjects with CRS have no grade and are left out"
    for where in ({"LEVEL": ">=2", "STAT": "odds_ratio"}, {"STAT": "common_odds_ratio"}):
        row = one(rows, **where)
        assert (row["N"], row["REASON"], row["STATUS"]) == (131, note, "ok")


def test_unknown_derived_grades_are_left_out_of_any_crs_too():
    rows = odds(CAR_T | {None: 3}, BISPECIFIC, "derived")
    assert one(rows, LEVEL=">=1", STAT="odds_ratio")["N"] == 131


def test_a_cohort_in_which_no_crs_has_a_grade_is_not_compared_by_grade():
    rows = odds({0: 10, None: 10}, BISPECIFIC)
    assert one(rows, LEVEL=">=1", STAT="odds_ratio")["VALUE"] is not None
    rest = rows.filter(STATUS="not_available")
    assert sorted(rest["LEVEL"]) == [">=2", ">=3", ">=4", "summary"]
    assert rest["REASON"].str.contains("none of 10 subjects with CRS has a grade").all()


@pytest.mark.parametrize(
    ("car_t", "bispecific", "reason"),
    [
        # grade 1 has 4 in all
        ({0: 30, 1: 2, 2: 9}, {0: 30, 1: 2, 2: 9}, "each grade needs 5 subjects and grade 1 has 4"),
        # 3 categories, so 3 parameters
        ({0: 5, 1: 5, 2: 4}, {0: 5, 1: 5, 2: 5}, "3 parameters need 30 subjects and there are 29"),
        ({0: 5, 1: 5, 2: 5}, {0: 5, 1: 5, 2: 5}, None),
        ({0: 20, 1: 20}, {0: 20, 1: 20}, "fewer than three grades are left, so one cut says all"),
        ({}, {0: 20, 1: 20, 2: 9}, "one cohort has no subject of known grade"),
        # all of one cohort are above all of the other
        ({2: 20}, {0: 20, 1: 20}, "the grades of the cohorts do not overlap"),
    ],
)
def test_a_common_odds_ratio_needs_subjects_in_each_grade(car_t, bispecific, reason):
    row = one(odds(car_t, bispecific), STAT="common_odds_ratio")
    assert (row["VALUE"] is None) is (reason is not None)
    assert (row["REASON"] or "").endswith(reason or "")


def test_sparse_top_grades_are_joined():
    rows = odds({0: 10, 1: 10, 2: 10, 3: 6, 4: 2}, {0: 10, 1: 10, 2: 10, 3: 6, 5: 1})
    row = one(rows, STAT="common_odds_ratio")
    assert row["METHOD"].endswith("categories grade 0, grade 1, grade 2, grade 3-5")
