import pytest

from pipeline.stats.analyses.events import ALWAYS, add_events
from tests.stats.analyses.rows import one, rows_of, value
from tests.stats.by_hand import DAY, Hand


@pytest.fixture
def hand():
    hand = Hand().subject("U1").episode("U1", 3, 5).grade("U1", 2)
    return hand.subject("U2").episode("U2", 4, 6).grade("U2", 1).subject("U3").subject("U4")


def share(rows, **where):
    row = one(rows, STAT="proportion", **where)
    return row["EVENTS"], row["N"]


def test_of_all_treated_and_severe(hand):
    hand.event("U1", "ICANS", 4, GRADE=1).event("U1", "ICANS", 6, GRADE=3)  # counts once
    hand.event("U3", "ICANS", 4, GRADE=None, UNRELATED="Y")
    rows = rows_of(hand, add_events).filter(GROUP="ICANS", VARIABLE="EVENT")
    assert share(rows, LEVEL="any") == (2, 4)
    assert share(rows, LEVEL="related") == (1, 4)
    assert share(rows, LEVEL=">=3") == (1, 4)
    assert one(rows, LEVEL=">=3")["REASON"] == "1 subjects have such an event without a grade"
    assert one(rows, LEVEL="any")["LOW"] == pytest.approx(0.0675859, abs=1e-6)


@pytest.mark.parametrize(
    ("day", "changes", "counts"),
    [
        (1, {}, 1),  # the day of the dose
        (-1, {}, 0),
        (28, {}, 1),  # the last day of follow-up
        (29, {}, 0),
        (1, {"PRECISION": "time", "START": 3600}, 0),  # an hour before the dose
        (1, {"PRECISION": "time", "START": 2 * 3600}, 1),
    ],
)
def test_from_the_first_dose_to_the_end_of_follow_up(day, changes, counts):
    hand = Hand().subject("U1")
    hand.rows["doses"][0] |= {"START": 2 * 3600, "PRECISION": "time"}
    hand.event("U1", "renal", day, **changes)
    assert share(rows_of(hand, add_events), GROUP="renal", LEVEL="any") == (counts, 1)


def test_relation_to_crs_in_time(hand):
    hand.event("U1", "renal", 4, EPISEQ=1, RELATION="with CRS", D_FROM_ONSET=1)
    hand.event("U1", "renal", 9, EPISEQ=1, RELATION="after CRS", D_FROM_ONSET=6)
    hand.event("U2", "renal", 2, EPISEQ=1, RELATION="before CRS", D_FROM_ONSET=-2)
    hand.event("U3", "renal", 2)
    rows = rows_of(hand, add_events).filter(GROUP="renal")
    relations = ("with CRS", "after CRS", "before CRS", "no CRS")
    found = [share(rows, VARIABLE="RELATION", LEVEL=r)[0] for r in relations]
    assert found == [1, 1, 1, 1]
    onset = one(rows, VARIABLE="D_FROM_ONSET", STAT="median")
    assert (onset["VALUE"], onset["N"], onset["EVENTS"]) == (1, 3, 1)
    assert [value(rows, VARIABLE="D_FROM_FIRST", STAT=s) for s in ("min", "max")] == [1, 3]


def test_an_episode_that_is_no_crs_on_this_basis_places_nothing():
    hand = Hand().subject("U1").episode("U1", 3, 5).grade("U1", 0, BASIS="derived")
    hand.event("U1", "renal", 4, EPISEQ=1, RELATION="with CRS", D_FROM_ONSET=1)
    rows = rows_of(hand, add_events, basis="derived").filter(GROUP="renal", VARIABLE="RELATION")
    assert share(rows, LEVEL="no CRS") == (1, 1)
    assert share(rows, LEVEL="with CRS") == (0, 1)


def test_that_nobody_had_a_complication_is_told_too():
    rows = rows_of(Hand().subject("U1"), add_events).filter(LEVEL="any")
    assert set(rows["GROUP"]) == set(ALWAYS)
    assert rows["VALUE"].unique().to_list() == [0]


def test_a_kind_of_another_cohort_of_the_pool_is_told_too(hand):
    hand.subject("U9", COHORT="bispecific").event("U9", "tumour lysis", 2)
    assert share(rows_of(hand, add_events), GROUP="tumour lysis", LEVEL="any") == (0, 4)


def test_days_are_of_the_first_event(hand):
    hand.event("U1", "cardiac", 9, START=8 * DAY).event("U1", "cardiac", 5)
    rows = rows_of(hand, add_events).filter(GROUP="cardiac", VARIABLE="D_FROM_DOSE")
    assert value(rows, STAT="median") == 4
