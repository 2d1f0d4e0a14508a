"""Days as letters: - no CRS yet, 1 2 3 (3-4) its grade, ? not known, R recovered, D dead, . lost"""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.stats.day_states import day_states
from tests.stats.analyses.rows import population
from tests.stats.by_hand import Hand

LETTERS = "-123?RD."


def course(hand: Hand, days: int = 10, basis: str = "collected") -> list[str]:
    state = day_states(population(hand, basis)[0], days).state
    return ["".join(LETTERS[c] for c in row) for row in state]


def graded(hand: Hand, who: str, grades: dict[int, int]) -> Hand:
    for day, grade in grades.items():
        hand.grade_day(who, day, grade)
    return hand


@pytest.mark.parametrize(
    ("subject", "episodes", "daily", "want"),
    [
        # no CRS
        ({}, [], {}, "----------"),
        # followed to day 4, without and with death on it
        ({"followed": 4}, [], {}, "----......"),
        ({"followed": 4, "DTHDY": 4}, [], {}, "---DDDDDDD"),
        # a death after follow-up is not seen
        ({"followed": 4, "DTHDY": 6}, [], {}, "----......"),
        # daily grades
        ({}, [(2, 6, 3)], {2: 1, 3: 2, 4: 3, 5: 4, 6: 1}, "-12331RRRR"),
        # a maximum-only record: the day's grade is not known
        ({}, [(2, 4, 2)], {}, "-???RRRRRR"),
        # charted on some days; grade 0 inside is free of CRS, before and after its first day
        ({}, [(2, 7, 2)], {2: 0, 3: 2, 5: 0, 6: 1}, "--2?R1?RRR"),
        # a daily grade outside any episode is no CRS
        ({}, [(2, 3, 1)], {2: 1, 3: 1, 5: 2}, "-11RRRRRRR"),
        # death in CRS, on the day of onset, and after recovery
        ({"followed": 4, "DTHDY": 4}, [(2, None, 4)], {2: 4, 3: 4, 4: 5}, "-33DDDDDDD"),
        ({"followed": 2, "DTHDY": 2}, [(2, None, 5)], {2: 5}, "-DDDDDDDDD"),
        ({"followed": 5, "DTHDY": 5}, [(2, 3, 1)], {2: 1, 3: 1}, "-11RDDDDDD"),
        # not seen to end: in CRS until the end of follow-up
        ({"followed": 5}, [(2, None, 1)], {2: 1, 3: 1, 4: 1, 5: 1}, "-1111....."),
        # its record stops before: lost from then on, until the next episode or death
        ({}, [(2, None, 1)], {2: 1, 3: 1}, "-11......."),
        ({}, [(2, None, 1), (7, 8, 2)], {2: 1, 3: 1, 7: 2, 8: 1}, "-11...21RR"),
        ({"followed": 6, "DTHDY": 6}, [(2, None, 1)], {2: 1, 3: 1}, "-11..DDDDD"),
        # two episodes
        ({}, [(1, 2, 1), (5, 6, 2)], {1: 1, 2: 1, 5: 2, 6: 2}, "11RR22RRRR"),
        # before the first dose is no CRS of these analyses
        ({}, [(-2, 3, 2)], {1: 2, 2: 2}, "----------"),
        # recovery after the end of follow-up
        ({"followed": 4}, [(3, 8, 1)], {3: 1, 4: 1, 5: 1}, "--11......"),
    ],
)
def test_each_day_has_its_state(subject, episodes, daily, want):
    hand = Hand().subject("U1", **subject)
    for start, end, grade in episodes:
        stops = {"CENSDY": 3} if want[3] == "." and end is None else {}
        hand.episode("U1", start, end, **stops).grade("U1", grade)
    assert course(graded(hand, "U1", daily)) == [want]


def test_new_crs_is_known_as_long_as_it_is_looked_for_and_death_as_long_as_seen():
    # adverse events are collected for four days from the dose, to day 5
    hand = Hand().subject("U1").episode("U1", 2, 3).grade("U1", 1)
    graded(
        hand.subject("U2").episode("U2", 4, 8).grade("U2", 1), "U2", dict.fromkeys(range(4, 9), 1)
    )
    hand.subject("U3", followed=7, DTHDY=7)
    pop = population(hand, ae_collection_days=4)[0]
    made = day_states(pop, 10)
    courses = ["".join(LETTERS[c] for c in row) for row in made.state]
    assert courses == ["-??RR.....", "---11.....", "-----.DDDD"]
    assert made.time.tolist() == [28, 28, 7]


def test_derived_grade_0_is_no_crs_and_each_basis_has_its_own_days():
    hand = Hand().subject("U1").episode("U1", 2, 4).grade("U1", 2).grade("U1", 0, BASIS="derived")
    graded(hand, "U1", {2: 2, 3: 2, 4: 1})
    assert course(hand) == ["-221RRRRRR"]
    assert course(hand, basis="derived") == ["----------"]


def test_days_of_a_recorded_maximum_tell_what_they_cannot_have_been():
    hand = Hand().subject("U1").episode("U1", 2, 4).grade("U1", 2)
    hand.subject("U2").episode("U2", 2, 3).grade("U2", None)
    made = day_states(population(hand)[0], 10)
    # three days that may have been grade 2, two that may have been anything
    assert [int(made.undetermined(k).sum()) for k in (1, 2, 3)] == [0, 5, 2]
    assert made.ungraded
    assert [int(made.crs(k).sum()) for k in (1, 2, 3)] == [5, 0, 0]


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 12),  # end of follow-up
            st.one_of(st.none(), st.integers(1, 14)),  # death
            st.one_of(st.none(), st.tuples(st.integers(1, 12), st.integers(0, 5))),  # CRS
            st.booleans(),  # seen to end
        ),
        min_size=1,
        max_size=6,
    )
)
def test_every_followed_day_has_exactly_one_state(drawn):
    hand = Hand()
    for i, (followed, death, crs, ended) in enumerate(drawn):
        hand.subject(f"U{i}", followed=followed, DTHDY=death)
        if crs:
            hand.episode(f"U{i}", crs[0], sum(crs) if ended else None).grade(f"U{i}", 2)
    made = day_states(population(hand)[0], 10)
    free = np.isin(made.state, (0, 5)).sum(axis=1)
    days = made.crs(1).sum(axis=1) + free + (made.state == 6).sum(axis=1)
    lost = (made.state == -1).sum(axis=1)
    assert (days + lost == 10).all()
    assert (days[made.complete] == 10).all()
    assert (made.crs(2) <= made.crs(1)).all()
    seen = np.array([d if d and d <= f else f for f, d, _, _ in drawn])
    assert (made.time == seen).all()
