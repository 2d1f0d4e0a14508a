"""The difference between the cohorts under other choices."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.stats.analyses.difference import DIFFERENCE, Pair
from pipeline.stats.analyses.sensitivity import add_sensitivity
from pipeline.stats.ard import Ard, Label
from pipeline.stats.population import make_pool, make_population
from pipeline.stats.timing import derive_timing
from tests.stats.analyses.rows import one
from tests.stats.analyses.two_cohorts import compare, subjects
from tests.stats.by_hand import Hand, study

CAR_T, BISPECIFIC = "car_t", "bispecific"


def rows_of(*hands: Hand):
    timings = [derive_timing(h.tables(), study(h.name, cohort=h.cohort)) for h in hands]
    pool = make_pool(timings)
    ard = Ard(pool.roster)
    names = [h.name for h in hands]
    sides = [
        make_population(pool, Label("ALL", "test", c, "ASTCT2019", "collected", "Y"), names)
        for c in (CAR_T, BISPECIFIC)
    ]
    label = Label("ALL", "test", DIFFERENCE, "ASTCT2019", "collected", "Y", ", ".join(names))
    add_sensitivity(Pair(label, *sides), ard)
    return ard.frames()[0]


def hand(name: str, cohort: str, days: list[int], n: int = 10, followed: int = 60) -> Hand:
    """n subjects, of whom the first have CRS on these days."""
    made = Hand(name, cohort)
    for i in range(n):
        made.subject(f"{name}{i:02}", followed)
        if i < len(days):
            made.episode(f"{name}{i:02}", days[i], days[i] + 2).grade(f"{name}{i:02}", 1)
    return made


@pytest.fixture(scope="module")
def rows():
    """Of ten each: CAR-T has CRS on days 2, 3, 14, 29 and 40, bispecific on day 2 only.

    Two more bispecific subjects stop on day 5 and one dies on day 6.
    """
    car_t = hand("A", CAR_T, [2, 3, 14, 29, 40])
    other = hand("B", BISPECIFIC, [2], n=7)
    for who in ("BX", "BY"):
        other.subject(who, 60, DSDY=5, DSREAS="PROGRESSIVE DISEASE")
    other.subject("BZ", 6, DTHDY=6, DTHS=6 * 86400, FUPREAS="death")
    return rows_of(car_t, other)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("as planned", 0.3 - 0.1),
        ("death alone competes", 0.3 - 0.1),
        ("onset one day earlier", 0.4 - 0.1),  # day 29 becomes day 28
        ("onset one day later", 0.3 - 0.1),
        ("window of 14 days", 0.3 - 0.1),
        ("window of 60 days", 0.5 - 0.1),
        ("onsets known to the month only on their earliest day", 0.3 - 0.1),
        ("onsets known to the month only on their latest day", 0.3 - 0.1),
        ("day of first dose = 0: by day 28, here day 29", 0.4 - 0.1),
    ],
)
def test_each_choice(rows, choice, expected):
    row = one(rows, LEVEL=choice, VARIABLE="TTCRS")
    assert row["VALUE"] == pytest.approx(expected)
    assert row["LOW"] < row["VALUE"] < row["HIGH"]
    assert row["N"] == 20


def test_censoring_the_competing_events_changes_the_curve():
    """Ten bispecific subjects: CRS on days 2 and 10, a stop on day 5, a death on day 6."""
    other = hand("B", BISPECIFIC, [2, 10], n=8)
    other.subject("BX", 60, DSDY=5, DSREAS="PROGRESSIVE DISEASE")
    other.subject("BZ", 6, DTHDY=6, DTHS=6 * 86400, FUPREAS="death")
    rows = rows_of(hand("A", CAR_T, [2, 3, 4]), other)
    planned = one(rows, LEVEL="as planned")["VALUE"]
    assert planned == pytest.approx(0.3 - 0.2)
    # The death takes 1/8 of the 0.9; of seven then at risk one has CRS on day 10.
    stopped = one(rows, LEVEL="discontinuation censors")["VALUE"]
    assert stopped == pytest.approx(0.3 - (0.1 + 0.9 * (7 / 8) * (1 / 7)))
    naive = one(rows, LEVEL="1 - Kaplan-Meier: death and discontinuation censor, which overstates")
    assert naive["VALUE"] == pytest.approx(0.3 - (0.1 + 0.9 / 7))


def test_each_study_is_left_out_where_its_cohort_has_another():
    hands = (hand("A1", CAR_T, [2, 3]), hand("A2", CAR_T, [2]), hand("B", BISPECIFIC, [2]))
    rows = rows_of(*hands)
    assert one(rows, LEVEL="without study A1")["VALUE"] == pytest.approx(0.1 - 0.1)
    assert one(rows, LEVEL="without study A2")["VALUE"] == pytest.approx(0.2 - 0.1)
    assert rows.filter(LEVEL="without study B").is_empty()


@pytest.mark.parametrize(
    ("episode", "subject", "by_day_28"),
    [
        ({}, {}, 0.1),  # 31 January is study day 30
        ({"STPREC": "day"}, {}, 0.2),
        ({"ASTDTM": None}, {}, 0.2),  # without dates the latest day is not known
        ({"AENDY": 9}, {}, 0.2),  # not after its own end
        ({}, {"FUPDY": 20}, 0.2),  # nor after follow-up
        ({}, {"DSDY": 15}, 0.2),  # nor after what would have come first
        ({"STPREC": "year"}, {}, 0.1),
    ],
)
def test_an_onset_known_to_the_month_is_tried_on_its_last_day(episode, subject, by_day_28):
    car_t = hand("A", CAR_T, [2, 3])
    car_t.rows["adsl"][0] |= {"REFDT": dt.date(2024, 1, 2)} | subject
    vague = {"STPREC": "month", "AENDY": None, "ENDED": None, "ASTDTM": dt.datetime(2024, 1, 2)}
    car_t.rows["episodes"][0] |= vague | episode
    rows = rows_of(car_t, hand("B", BISPECIFIC, [2]))
    earliest = one(rows, LEVEL="onsets known to the month only on their earliest day")
    assert (earliest["VALUE"], earliest["N"]) == (pytest.approx(0.2 - 0.1), 20)
    latest = one(rows, LEVEL="onsets known to the month only on their latest day")
    assert latest["VALUE"] == pytest.approx(by_day_28 - 0.1)


def test_a_later_episode_of_known_day_comes_before_the_last_possible_day():
    car_t = hand("A", CAR_T, [2, 3]).episode("A00", 20, 21).grade("A00", 1)
    car_t.rows["adsl"][0]["REFDT"] = dt.date(2024, 1, 2)
    vague = {"STPREC": "month", "AENDY": None, "ENDED": None, "ASTDTM": dt.datetime(2024, 1, 2)}
    car_t.rows["episodes"][0] |= vague
    rows = rows_of(car_t, hand("B", BISPECIFIC, [2]))
    latest = one(rows, LEVEL="onsets known to the month only on their latest day")
    assert latest["VALUE"] == pytest.approx(0.2 - 0.1)


def test_the_unrecovered_may_be_ill_the_longest():
    car_t = hand("A", CAR_T, [2, 3])
    # A00 dies on day 4, unrecovered; A01 recovers after three days
    car_t.rows["adsl"][0] |= {"DTHDY": 4, "FUPDY": 4}
    car_t.rows["episodes"][0] |= {"AENDY": None, "ENDED": None, "DURATION_D": None, "CENSDY": 4}
    rows = rows_of(car_t, hand("B", BISPECIFIC, [2]))
    longest = one(rows, LEVEL="recovery: the unrecovered set to the longest time")
    assert (longest["VALUE"], longest["N"]) == (pytest.approx(1 / 2 - 1), 3)


def test_few_followed_and_crs_without_a_derived_grade_are_said_in_every_row():
    car_t = subjects("car_t", (4, 3, 1, 28), (2, 3, "?", 28), (14, None, None, 28))
    other = subjects("bispecific", (6, 3, 1, 28), (5, None, None, 10), (9, None, None, 28))
    rows = compare(add_sensitivity, car_t, other, basis="derived").filter(VARIABLE="TTCRS")
    assert one(rows, LEVEL="as planned")["REASON"] == (
        "imprecise: 2 subjects with recorded CRS whose derived grade is not known count as "
        "without CRS; imprecise: 5 of 20 censored before this day in bispecific"
    )
    assert rows.filter(STATUS="ok")["REASON"].str.contains("2 subjects with recorded CRS").all()


def test_recovery_stands_apart(rows):
    row = one(rows, LEVEL="recovery: death censors")
    assert (row["VARIABLE"], row["N"], row["ESTIMAND"]) == ("TTREC", 6, "E4-censored")
    assert "no treatment effect" in row["METHOD"]
