import polars as pl
import pytest

from pipeline.stats.analyses.state_occupation import add_state_occupation
from tests.stats.analyses.rows import one, population, rows_of, value
from tests.stats.by_hand import Hand


def mixed(n: int = 12) -> Hand:
    """Without CRS, graded and ungraded CRS, dead and lost subjects."""
    hand = Hand()
    for i in range(n):
        death = 6 + i if i % 4 == 3 else None
        hand.subject(f"U{i:02}", followed=death or (9 if i % 5 == 4 else 28), DTHDY=death)
        if i % 3:
            hand.episode(f"U{i:02}", 2, 5).grade(f"U{i:02}", i % 3)
            for day in range(2, 6) if i % 2 else ():
                hand.grade_day(f"U{i:02}", day, i % 3)
    return hand


@pytest.fixture(scope="module")
def rows():
    return rows_of(mixed(), add_state_occupation)


def test_the_states_of_each_day_add_up_to_1(rows):
    days = rows.group_by("TIME").agg(pl.col("VALUE").sum(), pl.len())
    assert days.height == 28
    assert set(days["len"]) == {7}
    assert days["VALUE"].to_list() == pytest.approx([1.0] * 28)


def test_without_censoring_before_a_day_it_is_the_proportion_of_the_members_shown(rows):
    day = rows.filter(TIME=4.0)
    assert (day["VALUE"] - day["EVENTS"] / day["N"]).abs().max() < 1e-12
    # grade 1: U01, U07; grade 2: U05, U11; maximum only: U02, U04, U08, U10
    assert dict(day.select("LEVEL", "EVENTS").iter_rows()) == {
        "no CRS yet": 4, "CRS grade 1": 2, "CRS grade 2": 2, "CRS grade 3-4": 0,
        "CRS grade not known": 4, "recovered": 0, "dead": 0,
    }  # fmt: skip


def test_the_dead_are_1_minus_kaplan_meier(rows):
    # deaths on days 9, 13, 17 (12, then 10 and 9 at risk: U04 and U09 leave after day 9)
    assert value(rows, LEVEL="dead", TIME=28.0) == pytest.approx(1 - 11 / 12 * 8 / 9 * 7 / 8)


def test_limits_and_why_there_are_none(rows):
    row = one(rows, LEVEL="CRS grade not known", TIME=4.0)
    assert 0 < row["LOW"] < row["VALUE"] < row["HIGH"] < 1
    row = one(rows, LEVEL="CRS grade 3-4", TIME=4.0)
    assert (row["VALUE"], row["LOW"]) == (0, None)
    assert row["REASON"] == "limits not estimable, because nobody is in the state"


def test_few_subjects_have_no_limits_and_nobody_no_probability():
    rows = rows_of(Hand().subject("U1", followed=10), add_state_occupation)
    row = one(rows, LEVEL="no CRS yet", TIME=3.0)
    assert row["VALUE"] == 1
    assert row["REASON"] == "limits not estimable, because limits need 5 subjects and there are 1"
    row = one(rows, LEVEL="no CRS yet", TIME=11.0)
    assert row["REASON"] == "not estimable, because nobody was followed beyond day 10"
    assert row["STATUS"] == "not_estimable"
    untreated = Hand().subject("U1", SAFFL=None, NDOSES=0, FUPDY=None, TRTSDY=None)
    row = one(rows_of(untreated, add_state_occupation), LEVEL="dead", TIME=3.0)
    assert row["REASON"] == "not estimable, because there are no treated subjects"


def test_without_any_grade_the_graded_states_are_not_available():
    hand = Hand().subject("U1").episode("U1", 2, 4).grade("U1", None)
    rows = rows_of(hand, add_state_occupation)
    row = one(rows, LEVEL="CRS grade 2", TIME=3.0)
    assert row["REASON"] == "not available, because no day of CRS has a grade"
    assert value(rows, LEVEL="CRS grade not known", TIME=3.0) == 1


def test_the_dead_are_known_after_the_end_of_collection():
    hand = Hand()
    for i in range(12):
        died = 20 + i if i < 4 else None
        hand.subject(f"U{i:02}", followed=died or 28, DTHDY=died)
    pop, ard = population(hand, ae_collection_days=14)
    add_state_occupation(pop, ard)
    rows = ard.frames()[0].filter(TIME=28.0)
    dead = one(rows, LEVEL="dead")
    assert (dead["VALUE"], dead["REASON"]) == (pytest.approx(4 / 12), None)
    assert one(rows, LEVEL="no CRS yet")["REASON"] == (
        "not estimable, because adverse events were collected to day 15 only (COLLECTION_END)"
    )


def test_the_dead_are_flagged_where_vital_status_is_not_known():
    hand = Hand()
    for i in range(12):
        died = 6 if i < 4 else None
        hand.subject(f"U{i:02}", followed=died or (10 if i < 8 else 28), DTHDY=died)
    row = one(rows_of(hand, add_state_occupation), LEVEL="dead", TIME=11.0)
    assert row["REASON"] == "imprecise: 4 of 12 censored before this day"


def test_recorded_crs_without_a_derived_grade_is_no_crs_yet():
    hand = Hand().subject("U0").episode("U0", 2, 3).grade("U0", None, BASIS="derived")
    hand.subject("U1").episode("U1", 4, 9).grade("U1", 2, BASIS="derived")
    for i in range(2, 12):
        hand.subject(f"U{i:02}")
    rows = rows_of(hand, add_state_occupation, basis="derived").filter(TIME=5.0)
    assert one(rows, LEVEL="no CRS yet")["REASON"] == (
        "imprecise: 1 subjects with recorded CRS whose derived grade is not known count as "
        "without CRS"
    )
    assert one(rows, LEVEL="dead")["REASON"].startswith("limits not estimable")
