import pytest

from pipeline.stats.analyses.worst_to_day import compared, followed_only, worst_to_day
from tests.stats.analyses.rows import population
from tests.stats.by_hand import Hand

DAILY = {3: 1, 4: 2, 30: 4}


def one_subject(subject, episodes, basis="collected", **changes):
    """WORST and FOLLOWED of a subject; an episode is its first day, last day and grade."""
    hand = Hand().subject("U1", **subject)
    for start, end, grade in episodes:
        hand.episode("U1", start, end).grade("U1", grade, BASIS=basis)
    # Another subject, so that the study has the system.
    hand.subject("U2").episode("U2", 1, 2).grade("U2", 1, BASIS=basis)
    pop, _ = population(hand, basis, **changes)
    return worst_to_day(pop, 28).row(0)[2:]


@pytest.mark.parametrize(
    ("subject", "episodes", "want"),
    [
        ({}, [], ("0", True)),
        ({}, [(3, 5, 2)], ("2", True)),
        ({}, [(28, 30, 2)], ("2", True)),
        # after the day
        ({"followed": 90}, [(29, 30, 2)], ("0", True)),
        ({"followed": 90}, [(3, 5, 1), (40, 42, 4)], ("1", True)),
        # without a grade: unknown, unless another is known by then
        ({}, [(3, 5, None)], ("NA", True)),
        ({}, [(3, 5, None), (9, 9, 1)], ("1", True)),
        ({"followed": 90}, [(3, 5, None), (40, 42, 1)], ("NA", True)),
        ({"followed": 90}, [(40, 42, None)], ("0", True)),
        # lost, dead, discontinued
        ({"followed": 27}, [], ("0", False)),
        ({"followed": 28}, [], ("0", True)),
        ({"followed": 9, "DTHDY": 9}, [], ("0", True)),
        ({"followed": 9, "DTHDY": 12}, [], ("0", False)),
        ({"followed": 9, "DSDY": 9}, [], ("0", True)),
        # CRS on the day of discontinuation counts, later CRS does not
        ({"DSDY": 9}, [(9, 11, 3)], ("3", True)),
        ({"DSDY": 9}, [(10, 11, 3)], ("0", True)),
    ],
)
def test_worst_grade_to_day_28(subject, episodes, want):
    assert one_subject(subject, episodes) == want


def test_on_the_derived_basis_an_episode_without_a_grade_is_unknown_too():
    assert one_subject({}, [(3, 5, None)], "derived") == ("NA", True)
    assert one_subject({}, [(3, 5, 0)], "derived") == ("0", True)


def test_nobody_is_followed_beyond_the_collection_of_adverse_events():
    assert one_subject({}, [], ae_collection_days=14) == ("0", False)


def test_a_grade_counts_from_the_day_on_which_it_was_reached():
    hand = Hand().subject("U1", followed=60).episode("U1", 3, 32).grade("U1", 4, MAXDY=30)
    for day, grade in DAILY.items():
        hand.grade_day("U1", day, grade)
    pop, _ = population(hand)
    assert worst_to_day(pop, 28)["WORST"].to_list() == ["2"]
    assert worst_to_day(pop, 30)["WORST"].to_list() == ["4"]


def test_the_lost_are_those_who_had_not_reached_the_cut_and_leave_with_the_others():
    hand = Hand()
    for who, followed, grade in (("A", 28, 2), ("B", 14, 2), ("C", 14, None), ("D", 28, None)):
        hand.subject(who, followed=followed)
        if grade:
            hand.episode(who, 3, 5).grade(who, grade)
    worst = worst_to_day(population(hand)[0], 28)
    at = compared([worst, worst], 2, "collected", 28)
    assert (at.lost, at.events.size, at.who.size) == (2, 4, 8)
    assert at.short == "followed for less than 28 days: 2 of 4 in car_t, 2 of 4 in car_t"
    kept = followed_only(at, 28)
    assert (kept.lost, kept.events.size, kept.who.size) == (0, 2, 4)
    assert kept.short == "4 followed for less than 28 days are left out"
