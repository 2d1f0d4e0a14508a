import pytest

from tests.queries.asked import ask, moved, ten

DAY_7, DAY_14 = "share recovered by day 7 of first CRS", "share recovered by day 14 of first CRS"


def open_one(reason, start=3, **row):
    hand = ten(1, 1, 1)
    return hand.episode("U03", start, None, END_REASON=reason, **row).grade("U03", 1)


def test_neither_end_nor_outcome_could_be_any_day_or_never():
    (row,) = ask(open_one("ONGOING", CENSDY=28))
    # Three of four recovered by day 7; the fourth may have or not.
    assert moved(row) == (DAY_7, 0.75, 0.75, 1.0)
    assert "neither end nor outcome" in row["QUESTION"]


def test_recovered_without_an_end_has_ended_some_day_and_did_not_go_on():
    (row,) = ask(open_one("RECOVERED_END_MISSING", CENSDY=28))
    assert moved(row) == (DAY_7, 0.75, 0.75, 1.0)
    assert row["N_HEADLINES"] == 2  # day 7 and day 14; of 3, 3, 3 and any other the median is 3


def test_seen_up_to_a_day_it_did_not_end_before():
    (row,) = ask(open_one("OUTCOME_UNKNOWN", CENSDY=12))
    # Day 12 is day 10 of CRS: too late for day 7, in time for day 14.
    assert moved(row)[0] == DAY_14


@pytest.mark.parametrize("reason", ["FATAL", "DEATH", "NOT_RECOVERED"])
def test_what_is_said_to_have_ended_badly_is_no_question(reason):
    assert [r["KIND"] for r in ask(open_one(reason)) if r["KIND"] == "END_MISSING"] == []


@pytest.mark.parametrize(("last", "influence"), [(9, 25), (8, 0)])
def test_it_cannot_end_after_follow_up(last, influence):
    """Day 9 is day 7 of CRS; followed to day 8 only, nobody knows the share by day 7."""
    hand = ten(1, 1, 1, n=3)
    hand.subject("U03", followed=last).episode("U03", 3, None, END_REASON="ONGOING")
    hand.grade("U03", 1)
    (row,) = ask(hand)
    assert row["INFLUENCE"] == pytest.approx(influence)
