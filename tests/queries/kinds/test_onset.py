from datetime import date, datetime

import pytest

from tests.queries.asked import ask, moved, ten

FIRST_DOSE = date(2024, 3, 10)


def dated(start, **row):
    """Four subjects; the last has CRS with a doubtful onset. The first dose was on 10 March."""
    hand = ten(1, 1, 1, n=3)
    hand.subject("U03", REFDT=FIRST_DOSE, followed=60)
    return hand.episode("U03", start, **row).grade("U03", 1)


def test_known_to_the_month_it_may_be_any_day_of_it_or_before_the_first_dose():
    hand = dated(1, end=40, STPREC="month", ASTDTM=datetime(2024, 3, 10))
    (row,) = ask(hand)
    assert row["KIND"] == "ONSET_DATE"
    # Before the first dose (1 to 9 March) it would be no CRS of the treatment.
    assert moved(row)[1:3] == (1.0, 0.75)


def test_of_a_month_after_that_of_the_first_dose_it_cannot_be_before_it():
    hand = dated(23, end=40, STPREC="month", ASTDTM=datetime(2024, 4, 1))
    (row,) = ask(hand)
    # Days 23 to 40; by day 7 of CRS recovered if it began on day 34 or later.
    assert row["HEADLINE"] == "share recovered by day 7 of first CRS"
    assert (row["VALUE"], row["LOW"], row["HIGH"]) == (0.75, 0.75, 1.0)


@pytest.mark.parametrize(("flags", "asked"), [(None, ["ONSET_TIME"]), ("PRE_DOSE", [])])
def test_on_the_day_of_the_first_dose_without_a_time_it_may_have_been_before(flags, asked):
    rows = ask(dated(1, end=3, STPREC="day", FLAGS=flags))
    assert [r["KIND"] for r in rows] == asked
    for row in rows:
        assert moved(row)[1:] == (1.0, 0.75, 1.0)


@pytest.mark.parametrize(("start", "precision"), [(2, "day"), (1, "time")])
def test_a_later_day_or_a_clock_time_is_no_question(start, precision):
    assert ask(dated(start, end=5, STPREC=precision)) == []


def test_a_missing_start_may_be_any_day_up_to_the_end():
    hand = dated(1, end=20, STPREC="year", ASTDTM=datetime(2024, 3, 10), FLAGS="START_MISSING")
    (row,) = ask(hand)
    assert row["N_HEADLINES"] >= 4
    assert moved(row)[2] == 0.75
