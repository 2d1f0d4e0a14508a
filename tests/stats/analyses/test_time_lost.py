import pytest

from pipeline.stats.analyses.onset_cif import add_onset_cif
from tests.stats.analyses.rows import one, rows_of
from tests.stats.by_hand import Hand


def treated(n, with_crs, day=4, followed=28):
    hand = Hand()
    for i in range(n):
        hand.subject(f"U{i:02}", followed=followed)
        if i < with_crs:
            hand.episode(f"U{i:02}", day, day + 2).grade(f"U{i:02}", 2)
    return hand


def lost(hand, **where):
    return one(rows_of(hand, add_onset_cif), STAT="rmtl", ESTIMAND="E1", **where)


def test_days_from_onset_to_day_28():
    row = lost(treated(24, 12))
    assert (row["VALUE"], row["TIME"], row["UNIT"]) == (pytest.approx(24 * 12 / 24), 28.0, "days")
    # every other subject loses 24 days
    assert row["HIGH"] - row["VALUE"] == pytest.approx(1.959964 * 12 / 24**0.5, abs=1e-5)
    assert (row["N"], row["EVENTS"], row["REASON"]) == (24, 12, None)
    assert row["METHOD"].startswith("restricted mean time lost")


def test_limits_stay_within_0_and_day_28():
    assert lost(treated(20, 1))["LOW"] == 0
    assert lost(treated(20, 19, day=1))["HIGH"] == 28


@pytest.mark.parametrize(
    ("hand", "value", "reason"),
    [
        (treated(19, 5), 24 * 5 / 19, "limits need 20 subjects and there are 19"),
        (treated(20, 0), 0, "the days lost do not differ between subjects"),
        (treated(20, 20), 24, "the days lost do not differ between subjects"),
        (treated(20, 5, followed=27), None, "nobody was followed to day 28"),
    ],
)
def test_what_is_not_estimable_says_why(hand, value, reason):
    row = lost(hand)
    assert row["VALUE"] == (None if value is None else pytest.approx(value))
    assert row["LOW"] is None
    assert row["REASON"].endswith(reason)
