import pytest

from pipeline.stats.analyses.recovery import add_recovery
from tests.stats.analyses.rows import one, rows_of, value
from tests.stats.by_hand import Hand


@pytest.fixture(scope="module")
def rows():
    # 8 subjects with onset on day 2: durations 2, 3, 3, 5, 8 days; one dies on its 4th day;
    # one is not seen to end; one has a second, longer episode
    hand = Hand()
    for i, days in enumerate((2, 3, 3, 5, 8)):
        hand.subject(f"R{i}").episode(f"R{i}", 2, 1 + days).grade(f"R{i}", 1)
    hand.subject("D", followed=5, DTHDY=5).episode("D", 2, CENSDY=5).grade("D", 4)
    hand.subject("O").episode("O", 2).grade("O", 2)
    hand.subject("T").episode("T", 2, 3).grade("T", 1).episode("T", 9, 27).grade("T", 1)
    return rows_of(hand, add_recovery)


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


def test_nobody_with_crs():
    rows = rows_of(Hand().subject("U1"), add_recovery)
    row = one(rows, RESULT="recovery_km", LEVEL="landmark", TIME=7.0)
    assert (row["N"], row["REASON"]) == (0, "not estimable, because there is nobody")
