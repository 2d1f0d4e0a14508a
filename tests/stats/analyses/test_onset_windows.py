import polars as pl
import pytest

from pipeline.stats.analyses.onset_windows import add_onset_windows
from tests.stats.analyses.rows import one, rows_of, value
from tests.stats.by_hand import DAY, Hand


def timed(hand: Hand, who: str) -> Hand:
    """Doses on days 1 and 8 at noon."""
    hand.rows["doses"][-1] |= {"START": DAY // 2, "PRECISION": "time", "DOSELVL": "SUD1"}
    return hand.dose(who, 2, 8, START=7 * DAY + DAY // 2, PRECISION="time", DOSELVL="FULL")


def bispecific() -> Hand:
    hand = Hand("B", "bispecific")
    # exactly 24 hours after the first dose; grade 2 later, 30 hours after the second
    timed(hand.subject("U1"), "U1").episode("U1", 2, 3, ONSET_H=24.0, DOSESEQ=1).grade("U1", 1)
    hand.episode("U1", 9, 11, ONSET_H=30.0, DOSESEQ=2).grade("U1", 2)
    # a minute later than 48 hours, grade 3
    timed(hand.subject("U2"), "U2").episode("U2", 3, 6, ONSET_H=48 + 1 / 60, DOSESEQ=1)
    hand.grade("U2", 3)
    # days only
    timed(hand.subject("U3"), "U3").episode("U3", 2, 4, ONSET_H=None, DOSESEQ=1).grade("U3", 2)
    # after the second dose, beyond all windows
    timed(hand.subject("U4"), "U4").episode("U4", 13, 14, ONSET_H=120.0, DOSESEQ=2).grade("U4", 1)
    # no CRS
    timed(hand.subject("U5"), "U5")
    return hand


@pytest.fixture(scope="module")
def rows():
    hand = bispecific()
    # tocilizumab on day 10 for the second episode of U1: 38 hours after the second dose
    hand.tocilizumab("U1", 2, 10, START=9 * DAY + DAY // 12, H_FROM_DOSE=38.0)
    # U2: before the second dose, and for a second episode 24 hours after it; U3 without times
    hand.tocilizumab("U2", 1, 4, START=3 * DAY + DAY // 2, H_FROM_DOSE=72.0)
    hand.episode("U2", 9, 10).grade("U2", 1)
    hand.rows["episodes"][-1] |= {"DOSESEQ": 2, "ONSET_H": 200.0}
    hand.tocilizumab("U2", 2, 9, START=8 * DAY + DAY // 2, H_FROM_DOSE=24.0)
    hand.tocilizumab("U3", 1, 3)
    # U4 had it before CRS, as prophylaxis
    hand.tocilizumab("U4", 1, 13, INTENT="prophylaxis", H_FROM_DOSE=100.0)
    return rows_of(hand, add_onset_windows)


@pytest.mark.parametrize(
    ("variable", "hours", "among", "of_treated"),
    [
        ("ONSET", 12.0, (0, 3), (0, 5)),
        ("ONSET", 24.0, (1, 3), (1, 5)),  # 24 hours are within 24 hours
        ("ONSET", 48.0, (1, 3), (1, 5)),  # a minute more than 48 is not
        ("ONSET", 72.0, (2, 3), (2, 5)),
        ("ONSET_G2", 24.0, (0, 2), (0, 5)),
        ("ONSET_G2", 48.0, (1, 2), (1, 5)),  # the second episode of U1
        ("TOCILIZUMAB", 48.0, (1, 2), (1, 5)),
        ("TOCILIZUMAB", 72.0, (2, 2), (2, 5)),
    ],
)
def test_after_all_doses(rows, variable, hours, among, of_treated):
    rows = rows.filter(pl.col("GROUPVAR").is_null(), VARIABLE=variable, TIME=hours)
    for denom, want in (("events with times", among), ("treated subjects", of_treated)):
        row = one(rows, DENOM=denom)
        assert (row["EVENTS"], row["N"]) == want
        assert row["VALUE"] == want[0] / want[1]


def test_who_has_no_times_is_counted_and_in_no_window(rows):
    rows = rows.filter(pl.col("GROUPVAR").is_null(), VARIABLE="ONSET")
    untimed = one(rows, LEVEL="no_times")
    assert (untimed["VALUE"], untimed["N"]) == (1, 4)
    row = one(rows, TIME=72.0, DENOM="treated subjects")
    assert row["REASON"] == "1 of 4 have no times and are in no window"


@pytest.mark.parametrize(
    ("groupvar", "group", "variable", "among", "of_given"),
    [
        ("DOSESEQ", "1", "ONSET", (2, 2), (2, 5)),
        # U4 late, and the second episodes of U1 (30 hours after it) and of U2 (late)
        ("DOSESEQ", "2", "ONSET", (1, 3), (1, 5)),
        ("DOSELVL", "SUD1", "ONSET", (2, 2), (2, 5)),
        ("DOSELVL", "FULL", "ONSET_G2", (1, 1), (1, 5)),
        # U2 has it after the first dose and again after the second
        ("DOSESEQ", "1", "TOCILIZUMAB", (1, 1), (1, 5)),
        ("DOSESEQ", "2", "TOCILIZUMAB", (2, 2), (2, 5)),
    ],
)
def test_by_the_dose_before(rows, groupvar, group, variable, among, of_given):
    rows = rows.filter(GROUPVAR=groupvar, GROUP=group, VARIABLE=variable, TIME=72.0)
    of_doses = "subjects given that dose, not in CRS"
    for denom, want in (("events with times", among), (of_doses, of_given)):
        row = one(rows, DENOM=denom)
        assert (row["EVENTS"], row["N"]) == want


def test_a_dose_during_crs_is_the_dose_before_tocilizumab():
    hand = Hand("B", "bispecific")
    timed(hand.subject("U1"), "U1").episode("U1", 6, 12, ONSET_H=130.0, DOSESEQ=1).grade("U1", 2)
    # 12 hours after the second dose; 180 from the one before onset
    hand.tocilizumab("U1", 1, 9, START=8 * DAY, H_FROM_DOSE=180.0)
    rows = rows_of(hand, add_onset_windows).filter(VARIABLE="TOCILIZUMAB")
    assert value(rows, GROUP="2", TIME=12.0, DENOM="events with times", GROUPVAR="DOSESEQ") == 1


def test_a_dose_given_in_crs_is_not_among_the_doses_given():
    hand = Hand("B", "bispecific")
    # CRS from day 6 to 12 spans the second dose; there is new CRS after it
    timed(hand.subject("U1"), "U1").episode("U1", 6, 12, ONSET_H=130.0, DOSESEQ=1).grade("U1", 1)
    hand.episode("U1", 15, 16, ONSET_H=60.0, DOSESEQ=2).grade("U1", 1)
    timed(hand.subject("U2"), "U2").episode("U2", 9, 10, ONSET_H=30.0, DOSESEQ=2).grade("U2", 1)
    rows = rows_of(hand, add_onset_windows).filter(
        VARIABLE="ONSET", GROUPVAR="DOSESEQ", GROUP="2", TIME=72.0
    )
    among = one(rows, DENOM="events with times")
    assert (among["EVENTS"], among["N"]) == (2, 2)
    given = one(rows, DENOM="subjects given that dose, not in CRS")
    assert (given["EVENTS"], given["N"], given["EPISODES"]) == (1, 1, "all")
    assert given["METHOD"].endswith("doses given during an ongoing episode are left out")


def test_over_all_doses_it_is_the_first_crs(rows):
    row = one(
        rows.filter(pl.col("GROUPVAR").is_null(), VARIABLE="ONSET", TIME=72.0),
        DENOM="treated subjects",
    )
    assert (row["EPISODES"], "first CRS" in row["METHOD"]) == ("first", True)


def test_no_event_no_grade_and_no_car_t():
    hand = Hand("B", "bispecific").subject("U1")
    row = one(
        rows_of(hand, add_onset_windows), VARIABLE="ONSET", TIME=24.0, DENOM="events with times"
    )
    assert row["REASON"] == "not estimable, because there are no events with times"
    hand.episode("U1", 2, 3, ONSET_H=24.0).grade("U1", None)
    row = one(rows_of(hand, add_onset_windows), VARIABLE="ONSET_G2", TIME=24.0)
    assert row["STATUS"] == "not_available"
    assert rows_of(Hand().subject("U1"), add_onset_windows).is_empty()
