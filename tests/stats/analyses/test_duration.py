import polars as pl
import pytest

from pipeline.stats.analyses.duration import add_duration
from tests.stats.analyses.rows import one, rows_of, value
from tests.stats.by_hand import Hand


def ungrouped(rows):
    return rows.filter(pl.col("GROUPVAR").is_null())


def test_duration_of_those_who_ended_and_the_number_who_did_not():
    hand = Hand().subject("U1").episode("U1", 3, 5, DURATION_H=40.0).grade("U1", 1)
    hand.subject("U2").episode("U2", 3, 7).grade("U2", 1)
    hand.subject("U3").episode("U3", 3).grade("U3", 1)
    rows = ungrouped(rows_of(hand, add_duration))
    days = one(rows, VARIABLE="DURATION_D", STAT="median")
    assert (days["VALUE"], days["N"], days["EVENTS"]) == (4, 3, 2)
    assert value(rows, VARIABLE="DURATION_H", STAT="max") == 40
    assert value(rows, VARIABLE="NOT_ENDED", STAT="n") == 1


def test_none_ended():
    hand = Hand().subject("U1").episode("U1", 3).grade("U1", 1)
    row = one(ungrouped(rows_of(hand, add_duration)), VARIABLE="DURATION_D", STAT="median")
    assert row["REASON"] == "not estimable, because no first episode was seen to end"


@pytest.mark.parametrize(
    ("group", "n", "longest", "ongoing"),
    [("1", 2, 3, 0), ("2", 1, None, 1), ("3-4", 2, 9, 1), ("5", 1, None, 1), ("NA", 1, None, 0)],
)
def test_by_maximum_grade_of_the_first_episode(group, n, longest, ongoing):
    hand = Hand()
    for who, end, grade in (
        ("A", 4, 1), ("B", 5, 1), ("C", None, 2), ("D", 11, 3), ("E", None, 4), ("F", 9, 5),
        ("G", 4, None),
    ):  # fmt: skip
        hand.subject(who).episode(who, 3, end).grade(who, grade)
    hand.episode("A", 15, 25).grade("A", 4)
    rows = rows_of(hand, add_duration).filter(GROUPVAR="MAXGRADE", GROUP=group)
    left = one(rows, VARIABLE="NOT_ENDED")
    assert (left["N"], left["VALUE"], left["EVENTS"]) == (n, ongoing, ongoing)
    assert "grade known later" in left["POPULATION"]
    if group in ("1", "2", "3-4"):
        assert value(rows, VARIABLE="DURATION_D", STAT="max") == longest
    else:
        assert rows.filter(VARIABLE="DURATION_D").is_empty()


def test_without_any_grade_the_groups_are_not_available():
    hand = Hand().subject("U1").episode("U1", 3, 5).grade("U1", None)
    rows = rows_of(hand, add_duration)
    row = one(rows, VARIABLE="DURATION_D", STAT="median", GROUP="1")
    assert row["STATUS"] == "not_available"
    assert value(ungrouped(rows), VARIABLE="DURATION_D", STAT="median") == 3
