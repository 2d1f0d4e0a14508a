import pytest

from pipeline.stats.analyses.recovery import add_recovery
from tests.stats.analyses.rows import one, rows_of, value
from tests.stats.by_hand import Hand


def recovering(times: int = 1) -> Hand:
    # 8 subjects with onset on day 2: durations 2, 3, 3, 5, 8 days; one dies on its 4th day;
    # one is not seen to end; one has a second, longer episode
    hand = Hand()
    for k in range(times):
        for i, days in enumerate((2, 3, 3, 5, 8)):
            who = f"R{i}{k}"
            hand.subject(who).episode(who, 2, 1 + days).grade(who, 1)
        dead, ill, twice = (f"{letter}{k}" for letter in "DOT")
        hand.subject(dead, followed=5, DTHDY=5).episode(dead, 2, CENSDY=5).grade(dead, 4)
        hand.subject(ill).episode(ill, 2, CENSDY=28).grade(ill, 2)
        hand.subject(twice).episode(twice, 2, 3).grade(twice, 1)
        hand.episode(twice, 9, 27).grade(twice, 1)
    return hand


@pytest.fixture(scope="module")
def rows():
    return rows_of(recovering(), add_recovery)


def test_death_censors_in_one_and_competes_in_the_other(rows):
    where = {"LEVEL": "landmark", "TIME": 7.0}
    # day 2: 2 of 8, day 3: 2 of 6, day 4: death, day 5: 1 of 3
    assert value(rows, RESULT="recovery_km", **where) == pytest.approx(1 - 6 / 8 * 4 / 6 * 2 / 3)
    assert value(rows, RESULT="recovery_cif", **where) == pytest.approx(5 / 8)


def test_limits_enclose_the_recovered_probability(rows):
    row = one(rows, RESULT="recovery_km", LEVEL="landmark", TIME=7.0)
    assert 0 < row["LOW"] < row["VALUE"] < row["HIGH"] < 1
    assert (row["N"], row["EVENTS"], row["ESTIMAND"]) == (8, 5, "E4-censored")


def test_median_time_to_recovery(rows):
    assert value(rows, RESULT="recovery_km", STAT="median") == pytest.approx(4)


def test_restricted_mean_days_with_crs():
    # S is 1 on days 0-1, 6/8 on day 2, 1/2 on days 3-4, 1/3 on days 5-7, 1/6 on days 8-13
    rows = rows_of(recovering(), add_recovery)
    row = one(rows, RESULT="recovery_km", STAT="rmst")
    assert row["VALUE"] == pytest.approx(2 + 6 / 8 + 2 / 2 + 3 / 3 + 6 / 6)
    assert (row["TIME"], row["UNIT"], row["N"], row["LOW"]) == (14, "days", 8, None)
    assert row["REASON"].startswith("limits not estimable, because limits need 20 subjects")
    many = rows_of(recovering(3), add_recovery)
    row = one(many, RESULT="recovery_km", STAT="rmst")
    assert row["LOW"] < row["VALUE"] < row["HIGH"]
    assert (row["REASON"], row["ESTIMAND"]) == ("imprecise: 3 at risk on this day", "E4-censored")


def test_nobody_with_crs():
    rows = rows_of(Hand().subject("U1"), add_recovery)
    row = one(rows, RESULT="recovery_km", LEVEL="landmark", TIME=7.0)
    assert (row["N"], row["REASON"]) == (0, "not estimable, because there is nobody")
