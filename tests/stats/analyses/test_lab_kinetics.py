import numpy as np
import pytest

from pipeline.stats.analyses.lab_kinetics import add_lab_kinetics
from pipeline.stats.quantiles import summary
from tests.stats.analyses.rows import one, rows_of, value
from tests.stats.by_hand import Hand


@pytest.fixture
def hand():
    """Seven subjects: two without CRS, then grades 1, 1, 2, 3 and 5, onset on day 3."""
    hand = Hand().subject("U1").subject("U2")
    for k, grade in enumerate((1, 1, 2, 3, 5), 3):
        hand.subject(f"U{k}").episode(f"U{k}", 3, 9).grade(f"U{k}", grade)
    return hand


WHO = [f"U{k}" for k in range(1, 8)]


def overall(rows, **where):
    return rows.filter(rows["GROUPVAR"].is_null()).filter(**where)


def test_quartiles_by_day_from_the_first_dose(hand):
    for k, who in enumerate(WHO):
        hand.lab(who, 2, 10.0 * k)
    rows = overall(rows_of(hand, add_lab_kinetics), LEVEL="curve", CLOCK="first_dose")
    want = summary(10.0 * np.arange(7))
    assert value(rows, STAT="median", TIME=2.0) == want.median
    assert [value(rows, STAT=q) for q in ("q1", "q3")] == [want.q1, want.q3]
    row = one(rows, STAT="median")
    assert (row["N"], row["UNIT"], row["VARIABLE"]) == (7, "mg/L", "CRP")


@pytest.mark.parametrize(("worst", "median"), [("high", 9.0), ("low", 1.0)])
def test_the_worst_value_of_a_day_counts(hand, worst, median):
    for who in WHO:
        for number in (9.0, 1.0, 5.0):
            hand.lab(who, 2, number, WORST=worst)
        hand.lab(who, 2, None)  # not a number
    rows = overall(rows_of(hand, add_lab_kinetics), LEVEL="curve", STAT="median")
    assert rows.select("VALUE", "N").rows() == [(median, 7)]
    assert ("lowest" if worst == "low" else "highest") in rows["METHOD"][0]


@pytest.mark.parametrize(
    ("day", "there"),
    [(-1, False), (0, True), (27, True), (28, False)],  # follow-up ends on day 28
)
def test_days_0_to_28_within_follow_up(hand, day, there):
    for who in WHO:
        hand.lab(who, day, 1.0)
    rows = overall(rows_of(hand, add_lab_kinetics), LEVEL="curve", CLOCK="first_dose")
    assert (rows.height > 0) == there


@pytest.mark.parametrize(("day", "there"), [(-3, True), (-4, False), (14, True), (15, False)])
def test_days_from_onset_of_the_first_episode(hand, day, there):
    for who in WHO[2:]:
        hand.lab(who, 2 + day, 1.0, EPISEQ=1, D_FROM_ONSET=day)
    rows = overall(rows_of(hand, add_lab_kinetics), CLOCK="onset")
    assert rows["TIME"].unique().to_list() == ([float(day)] if there else [])


def test_a_second_episode_has_no_part_in_the_course_from_onset(hand):
    hand.episode("U3", 15, 17).grade("U3", 1)
    hand.lab("U3", 15, 1.0, EPISEQ=2, D_FROM_ONSET=1)
    assert overall(rows_of(hand, add_lab_kinetics), CLOCK="onset").is_empty()


def test_by_the_worst_grade_of_the_subject(hand):
    for who in WHO:
        hand.lab(who, 2, 1.0)
    rows = rows_of(hand, add_lab_kinetics).filter(GROUPVAR="MAXGRADE", LEVEL="curve")
    got = rows.sort("GROUP").select("GROUP", "N", "STATUS").rows()
    assert got == [(g, n, "not_estimable") for g, n in
                   (("0", 2), ("1", 2), ("2", 1), ("3-4", 1), ("5", 1))]  # fmt: skip
    assert "known only afterwards" in rows["POPULATION"][0]
    assert rows["REASON"][1].startswith("not estimable, because quartiles need 5 subjects")


def test_peak_in_the_first_14_and_28_days(hand):
    for who in WHO:
        hand.lab(who, -1, 99.0).lab(who, 0, 1.0).lab(who, 14, 5.0).lab(who, 15, 7.0)
    rows = overall(rows_of(hand, add_lab_kinetics), LEVEL="peak")
    assert [value(rows, STAT="max", TIME=float(t)) for t in (14, 28)] == [5, 7]


def test_peak_of_what_falls_is_the_lowest(hand):
    for who in WHO:
        hand.lab(who, 1, 80.0, "PLAT", WORST="low").lab(who, 3, 20.0, "PLAT", WORST="low")
    rows = overall(rows_of(hand, add_lab_kinetics), LEVEL="peak", TIME=14.0)
    assert value(rows, STAT="median") == 20


def test_baseline(hand):
    for k, who in enumerate(WHO):
        hand.lab(who, -1, float(k), BASELINE="Y").lab(who, -2, 50.0)
    rows = overall(rows_of(hand, add_lab_kinetics), LEVEL="baseline")
    assert [value(rows, STAT=s) for s in ("min", "median", "max")] == [0, 3, 6]
    assert one(rows, STAT="median")["TIME"] is None


def test_values_in_another_unit_are_not_mixed_in(hand):
    for who in WHO:
        hand.lab(who, 2, 1.0)
    hand.lab("U1", 3, 500.0, UNIT="IU/mL")
    rows = overall(rows_of(hand, add_lab_kinetics), LEVEL="curve")
    assert rows["TIME"].unique().to_list() == [2]


def test_without_values_there_is_nothing(hand):
    assert rows_of(hand, add_lab_kinetics).is_empty()
