import pytest

from pipeline.stats.analyses.recurrence import add_recurrence
from pipeline.stats.proportions import clopper_pearson
from tests.stats.analyses.rows import one, rows_of, value
from tests.stats.by_hand import Hand


def seven():
    hand = Hand()
    for i in range(1, 8):
        hand.subject(f"U{i}")
    # U1 one episode; U2 two, 3 days apart; U3 five, 4 days apart; U4 two, the first without an end
    hand.episode("U1", 2, 4).grade("U1", 1)
    hand.episode("U2", 2, 4).grade("U2", 1).episode("U2", 7, 9).grade("U2", 1)
    for start in (2, 8, 14, 20, 26):
        hand.episode("U3", start, start + 2).grade("U3", 2)
    hand.episode("U4", 2).grade("U4", 1).episode("U4", 9, 10).grade("U4", 1)
    # U5 began before the first dose, U6 after follow-up: neither counts
    hand.episode("U5", -3, -1, FLAGS="PRE_DOSE").grade("U5", 1)
    hand.episode("U5", 3, 4).grade("U5", 1)
    hand.episode("U6", 3, 4).grade("U6", 1).episode("U6", 40, 41).grade("U6", 1)
    return hand


def test_subjects_with_two_or_more_of_treated_and_of_those_with_crs():
    rows = rows_of(seven(), add_recurrence).filter(VARIABLE="RECURRENCE")
    assert value(rows, STAT="n") == 3
    treated = one(rows, STAT="proportion", DENOM="treated subjects")
    assert (treated["VALUE"], treated["LOW"], treated["HIGH"]) == pytest.approx(
        clopper_pearson(3, 7)
    )
    with_crs = one(rows, STAT="proportion", DENOM="subjects with CRS")
    assert (with_crs["VALUE"], with_crs["N"], with_crs["EVENTS"]) == (pytest.approx(3 / 6), 6, 3)


def test_numbers_of_episodes_add_up_to_treated():
    rows = rows_of(seven(), add_recurrence).filter(VARIABLE="N_EPISODES")
    assert dict(rows.select("LEVEL", "EVENTS").iter_rows()) == {
        "0": 1, "1": 3, "2": 2, "3": 0, ">=4": 1,
    }  # fmt: skip
    assert rows["VALUE"].sum() == pytest.approx(1)


def test_days_from_the_end_of_the_first_to_the_second():
    rows = rows_of(seven(), add_recurrence).filter(VARIABLE="BETWEEN_D")
    # U2: day 4 to 7, U3: day 4 to 8; U4 was not seen to end
    assert {s: value(rows, STAT=s) for s in ("median", "min", "max")} == {
        "median": 3.5, "min": 3.0, "max": 4.0,
    }  # fmt: skip
    median = one(rows, STAT="median")
    assert (median["N"], median["EVENTS"]) == (3, 2)


@pytest.mark.parametrize(
    ("second", "reason"),
    [(False, "no subject had a second episode"), (True, "no first end was seen")],
)
def test_no_days_between_say_why(second, reason):
    hand = Hand().subject("U1").episode("U1", 2).grade("U1", 1)
    if second:
        hand.episode("U1", 9, 10).grade("U1", 1)
    row = one(rows_of(hand, add_recurrence), VARIABLE="BETWEEN_D", STAT="median")
    assert row["REASON"] == f"not estimable, because {reason}"


def test_nobody_had_crs():
    rows = rows_of(Hand().subject("U1"), add_recurrence).filter(VARIABLE="RECURRENCE")
    assert value(rows, STAT="proportion", DENOM="treated subjects") == 0
    of_none = one(rows, STAT="proportion", DENOM="subjects with CRS")
    assert of_none["REASON"] == "not estimable, because there are no subjects with CRS"
