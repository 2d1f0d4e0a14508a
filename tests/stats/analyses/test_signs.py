import pytest

from pipeline.stats.analyses.signs import add_signs
from tests.stats.analyses.rows import one, rows_of, value
from tests.stats.by_hand import Hand


@pytest.fixture
def hand():
    hand = Hand()
    for who in ("U1", "U2", "U3", "U4"):
        hand.subject(who).episode(who, 3, 5).grade(who, 1)
    return hand.subject("U5")


def share(rows, **where):
    row = one(rows, STAT="proportion", **where)
    return row["EVENTS"], row["N"]


def test_recorded_and_derived_are_apart(hand):
    hand.sign("U1", "fever", 3).sign("U2", "fever", 3)
    hand.sign("U1", "fever", 3, SOURCE="derived", GRADE=None, SRCDOM="VS")
    rows = rows_of(hand, add_signs).filter(EPISODES="first", LEVEL="any")
    assert share(rows, VARIABLE="RECORDED") == (2, 4)
    assert share(rows, VARIABLE="DERIVED") == (1, 4)


def test_first_episode_and_all(hand):
    hand.sign("U1", "rash", 3)
    hand.episode("U2", 12, 14).grade("U2", 1).sign("U2", "rash", 12)  # in the second only
    rows = rows_of(hand, add_signs).filter(LEVEL="any")
    assert share(rows, EPISODES="first") == (1, 4)
    assert share(rows, EPISODES="all") == (2, 4)


@pytest.mark.parametrize(
    ("grades", "events", "reason"),
    [
        ((2, 3), 1, None),
        ((3, None), 1, "1 subjects have this sign without a grade"),
        ((None, None), None, "not available, because no grade of this sign was recorded"),
    ],
)
def test_grade_3_or_more_where_grades_are_recorded(hand, grades, events, reason):
    for who, grade in zip(("U1", "U2"), grades, strict=True):
        hand.sign(who, "hypotension", 3, GRADE=grade)
    row = one(rows_of(hand, add_signs), EPISODES="first", LEVEL=">=3", STAT="proportion")
    assert row["REASON"] == reason
    assert row["VALUE"] == (None if events is None else events / 4)


def test_day_of_the_first_occurrence_from_onset(hand):
    hand.sign("U1", "chills", 3).sign("U2", "chills", 5)
    hand.sign("U3", "chills", 2)  # began before the episode that it overlaps
    rows = rows_of(hand, add_signs).filter(VARIABLE="RECORDED_D")
    assert [value(rows, STAT=s) for s in ("min", "median", "max")] == [-1, 0, 2]
    assert one(rows, STAT="median")["N"] == 3


def test_an_episode_that_does_not_count_has_no_signs(hand):
    hand.sign("U1", "chills", 3)
    hand.episode("U5", -3, -2).grade("U5", 1).sign("U5", "chills", -3)  # before the first dose
    assert share(rows_of(hand, add_signs), LEVEL="any", EPISODES="all") == (1, 4)
