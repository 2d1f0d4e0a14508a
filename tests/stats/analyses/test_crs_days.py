import polars as pl
import pytest

from pipeline.stats.analyses.crs_days import add_crs_days
from tests.stats.analyses.rows import one, rows_of, value
from tests.stats.by_hand import Hand


def charted(hand: Hand, who: str, start: int, grades: list[int]) -> Hand:
    """An episode with a grade on each of its days."""
    hand.episode(who, start, start + len(grades) - 1).grade(who, max(grades))
    for day, grade in enumerate(grades, start):
        hand.grade_day(who, day, grade)
    return hand


def followed() -> Hand:
    """Ten subjects, all followed to day 28 or dead."""
    hand = Hand()
    charted(hand.subject("A"), "A", 3, [1, 2, 3, 2, 1])
    charted(hand.subject("B"), "B", 1, [1, 1])
    charted(hand, "B", 27, [2, 2, 1])  # its third day is day 29
    hand.subject("C", followed=8, DTHDY=8)
    for who in "DEFGHIJ":
        hand.subject(who)
    return hand


@pytest.mark.parametrize(
    ("variable", "mean", "most", "who"),
    [
        ("CRS_DAYS", 9 / 10, 5, 2),  # A 5, B 2 + 2
        ("CRS_DAYS_G2", 5 / 10, 3, 2),
        ("CRS_DAYS_G3", 1 / 10, 1, 1),
        ("CRS_FREE_DAYS", (23 + 24 + 7 + 7 * 28) / 10, 28, 10),
        ("DEAD_DAYS", 21 / 10, 21, 1),
    ],
)
def test_mean_and_range_of_the_completely_followed(variable, mean, most, who):
    rows = rows_of(followed(), add_crs_days)
    row = one(rows, VARIABLE=variable, STAT="mean")
    assert (row["VALUE"], row["EVENTS"], row["N"]) == (pytest.approx(mean), who, 10)
    assert 0 <= row["LOW"] < row["VALUE"] < row["HIGH"] <= 28
    top = one(rows, VARIABLE=variable, STAT="max")
    assert (top["VALUE"], top["EVENTS"]) == (most, 10)
    assert value(rows, VARIABLE="NOT_FOLLOWED") == 0


def test_crs_free_and_dead_days_add_up_to_28():
    hand = followed()
    hand.subject("K", followed=12).subject("L", followed=20).episode("L", 18).grade("L", 2)
    rows = rows_of(hand, add_crs_days).filter(STAT="mean")
    parts = rows.filter(pl.col("VARIABLE").is_in(["CRS_DAYS", "CRS_FREE_DAYS", "DEAD_DAYS"]))
    assert parts["VALUE"].sum() == pytest.approx(28)


def test_who_was_not_followed_counts_in_the_mean_as_far_as_seen_and_not_in_the_median():
    hand = followed().subject("K", followed=4).episode("K", 2).grade("K", 1)
    rows = rows_of(hand, add_crs_days)
    left_out = one(rows, VARIABLE="NOT_FOLLOWED")
    assert (left_out["VALUE"], left_out["N"]) == (1, 11)
    median = one(rows, VARIABLE="CRS_DAYS", STAT="median")
    assert (median["EVENTS"], median["N"]) == (10, 11)
    # days 1-4 over 11 subjects (K ill on 2, 3, 4), the later ones over the 10 that remain
    in_crs = [1, 2, 2, 2, *[1] * 3, *[0] * 19, 1, 1]
    want = sum(n / (11 if day <= 4 else 10) for day, n in enumerate(in_crs, 1))
    assert value(rows, VARIABLE="CRS_DAYS", STAT="mean") == pytest.approx(want)


def test_days_that_may_have_reached_the_grade_are_said_to_be_missing():
    hand = followed().subject("K").episode("K", 2, 6).grade("K", 2)  # maximum only, five days
    rows = rows_of(hand, add_crs_days)
    row = one(rows, VARIABLE="CRS_DAYS_G2", STAT="mean")
    assert row["REASON"] == "a lower bound: 5 days of CRS without a grade are not counted here"
    assert one(rows, VARIABLE="CRS_DAYS_G3", STAT="mean")["REASON"] is None
    assert one(rows, VARIABLE="CRS_DAYS", STAT="mean")["REASON"] is None


def test_without_any_grade_only_days_with_crs_are_told():
    hand = Hand().subject("U1").episode("U1", 2, 4).grade("U1", None)
    rows = rows_of(hand, add_crs_days)
    assert one(rows, VARIABLE="CRS_DAYS_G2", STAT="median")["STATUS"] == "not_available"
    row = one(rows, VARIABLE="CRS_DAYS", STAT="mean")
    assert (row["VALUE"], row["LOW"]) == (3, None)
    assert row["REASON"] == "limits not estimable, because limits need 10 subjects and there are 1"


def test_nobody_followed_to_day_28():
    hand = Hand()
    for i in range(10):
        hand.subject(f"U{i}", followed=20)
    rows = rows_of(hand, add_crs_days)
    assert (
        "nobody was followed beyond day 20" in one(rows, VARIABLE="CRS_DAYS", STAT="mean")["REASON"]
    )
    assert value(rows, VARIABLE="NOT_FOLLOWED") == 10
