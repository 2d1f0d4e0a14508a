import pytest

from pipeline.stats.analyses.management import add_management
from tests.stats.analyses.rows import one, rows_of, value
from tests.stats.by_hand import Hand

CLASSES = ["steroid", "tocilizumab"]


@pytest.fixture
def hand():
    hand = Hand()
    for who in ("U1", "U2", "U3"):
        hand.subject(who).episode(who, 3, 5).grade(who, 1)
    hand.subject("U4")
    return hand


def given(rows, level, denom="treated subjects"):
    row = one(rows, GROUP="tocilizumab", VARIABLE="GIVEN", LEVEL=level, DENOM=denom)
    return row["EVENTS"], row["N"]


def test_why_it_was_given(hand):
    hand.tocilizumab("U1", 1, 3)
    hand.tocilizumab("U2", 1, 3, INTENT="unknown")
    hand.tocilizumab("U3", 0, 1, INTENT="prophylaxis")  # before CRS
    hand.tocilizumab("U4", 0, 1, INTENT="premedication")
    hand.tocilizumab("U4", 0, 9, INTENT="treatment")  # outside any episode
    rows = rows_of(hand, add_management, CLASSES)
    assert given(rows, "treatment", "subjects with CRS") == (1, 3)
    assert given(rows, "treatment") == (1, 4)
    assert given(rows, "given during CRS", "subjects with CRS") == (1, 3)
    assert given(rows, "prophylaxis") == (1, 4)
    assert given(rows, "premedication") == (1, 4)


@pytest.mark.parametrize(
    ("level", "n"),
    [("1", 1), ("2", 1), ("3+", 1)],
)
def test_number_of_doses_over_all_episodes(hand, level, n):
    hand.tocilizumab("U1", 1, 3)
    hand.tocilizumab("U1", 1, 4, INTENT="prophylaxis", N_DOSES=5)  # does not count
    hand.tocilizumab("U2", 1, 3).tocilizumab("U2", 1, 5, INTENT="unknown")
    hand.tocilizumab("U3", 1, 3, N_DOSES=2)
    hand.episode("U3", 15, 17).grade("U3", 2).tocilizumab("U3", 2, 15, N_DOSES=2)
    rows = rows_of(hand, add_management, CLASSES).filter(VARIABLE="N_DOSES")
    assert (one(rows, LEVEL=level)["EVENTS"], one(rows, LEVEL=level)["N"]) == (n, 3)


def test_courses_and_infusions_are_not_doses(hand):
    hand.tocilizumab("U1", 1, 3, CLASS="steroid", DRUG="dexamethasone")
    assert rows_of(hand, add_management, CLASSES).filter(VARIABLE="N_DOSES").is_empty()


def test_time_to_the_first_use(hand):
    # U1: on the day of onset, 2 days after the dose; U2: two days after onset, hours known
    hand.tocilizumab("U1", 1, 5, D_FROM_ONSET=2).tocilizumab("U1", 1, 3, D_FROM_ONSET=0)
    hand.tocilizumab("U2", 1, 5, D_FROM_ONSET=2, H_FROM_ONSET=30.0, H_FROM_DOSE=80.0)
    rows = rows_of(hand, add_management, CLASSES).filter(GROUP="tocilizumab")
    assert value(rows, VARIABLE="D_FROM_ONSET", STAT="median") == 1
    assert value(rows, VARIABLE="D_FROM_ONSET", STAT="max") == 2
    assert value(rows, VARIABLE="D_FROM_DOSE", STAT="min") == 2
    hours = one(rows, VARIABLE="H_FROM_ONSET", STAT="median")
    assert (hours["VALUE"], hours["N"], hours["EVENTS"]) == (30, 2, 1)
    assert hours["CLOCK"] == "onset"
    assert one(rows, VARIABLE="H_FROM_DOSE", STAT="median")["CLOCK"] == "last_dose"


def test_without_times_the_hours_are_not_estimable(hand):
    hand.tocilizumab("U1", 1, 3, D_FROM_ONSET=0)
    row = one(rows_of(hand, add_management, CLASSES), VARIABLE="H_FROM_ONSET", STAT="median")
    assert (row["STATUS"], row["REASON"]) == (
        "not_estimable",
        "not estimable, because H_FROM_ONSET is not known for anybody",
    )


def test_a_class_that_nobody_got_has_its_shares(hand):
    rows = rows_of(hand, add_management, CLASSES).filter(GROUP="steroid")
    assert rows["VARIABLE"].unique().to_list() == ["GIVEN"]
    assert rows["VALUE"].unique().to_list() == [0]
