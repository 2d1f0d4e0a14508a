import datetime as dt

import polars as pl
import pytest

from pipeline.stats.timing import derive_timing
from tests.stats.by_hand import Hand, study


def row(hand: Hand, paramcd: str, basis: str = "collected", who: str = "U1", **changes):
    adtte = derive_timing(hand.tables(), study(**changes)).adtte
    found = adtte.filter(
        pl.col("PARAMCD") == paramcd, pl.col("USUBJID") == who, pl.col("BASIS") == basis
    )
    return found.row(0, named=True) if found.height else None


def outcome(hand: Hand, paramcd: str = "TTCRS", **where):
    got = row(hand, paramcd, **where)
    return got["AVAL"], got["CNSR"], got["EVCODE"]


@pytest.mark.parametrize(
    ("subject", "onset", "want", "want_death_alone"),
    [
        # CRS on day 3
        ({}, 3, (3, 0, 1), (3, 0, 1)),
        # CRS on the day of the first dose is day 1
        ({}, 1, (1, 0, 1), (1, 0, 1)),
        # no CRS, followed to day 28
        ({}, None, (28, 1, 0), (28, 1, 0)),
        # CRS, death, discontinuation and end of follow-up on one day: CRS comes first
        ({"DTHDY": 5, "DSDY": 5, "followed": 5}, 5, (5, 0, 1), (5, 0, 1)),
        # death and discontinuation on one day: death
        ({"DTHDY": 5, "DSDY": 5, "followed": 5}, None, (5, 2, 2), (5, 2, 2)),
        # discontinuation and end of follow-up on one day: it competes; with death alone: censored
        ({"DSDY": 5, "followed": 5}, None, (5, 3, 3), (5, 1, 0)),
        # CRS after discontinuation: followed on where death alone competes
        ({"DSDY": 5}, 9, (5, 3, 3), (9, 0, 1)),
        # death after discontinuation
        ({"DSDY": 5, "DTHDY": 20, "followed": 20}, None, (5, 3, 3), (20, 2, 2)),
        # CRS and death after the end of follow-up do not count
        ({"DTHDY": 40}, 35, (28, 1, 0), (28, 1, 0)),
    ],
)
def test_first_crs(subject, onset, want, want_death_alone):
    hand = Hand().subject("U1", **subject)
    if onset:
        hand.episode("U1", onset, onset + 2).grade("U1", 1)
    assert outcome(hand) == want
    assert outcome(hand, "TTCRSD") == want_death_alone


def test_crs_before_the_first_dose_is_not_the_event():
    hand = Hand().subject("U1").episode("U1", -2, 1).grade("U1", 2)
    assert outcome(hand) == (28, 1, 0)
    assert row(hand, "TTREC") is None
    hand.episode("U1", 4, 6).grade("U1", 1)
    assert outcome(hand) == (4, 0, 1)
    assert row(hand, "TTREC")["EPISEQ"] == 2


def test_crs_on_day_1_but_hours_before_the_dose_is_flagged_and_does_not_count():
    hand = Hand().subject("U1").episode("U1", 1, 3, FLAGS="DOSE_DURING PRE_DOSE").grade("U1", 1)
    assert outcome(hand) == (28, 1, 0)


def test_recorded_crs_counts_without_a_grade_and_derived_crs_from_grade_1():
    hand = Hand().subject("U1").episode("U1", 4, 6).grade("U1", None)
    hand.grade("U1", 0, BASIS="derived")
    hand.subject("U2").episode("U2", 5, 6).grade("U2", 3).grade("U2", 1, BASIS="derived")
    assert outcome(hand) == (4, 0, 1)
    assert outcome(hand, basis="derived") == (28, 1, 0)
    assert outcome(hand, basis="derived", who="U2") == (5, 0, 1)


def test_a_system_that_could_grade_no_episode_has_no_times():
    hand = Hand().subject("U1").episode("U1", 4, 6).grade("U1", 1)
    hand.grade("U1", None, BASIS="derived", SYSTEM="PENN", REASON="NO_DOMAIN LB")
    assert set(derive_timing(hand.tables(), study()).adtte["SYSTEM"]) == {"ASTCT2019"}


@pytest.mark.parametrize(
    ("daily", "maximum_day", "want"),
    [
        ({3: 1, 4: 2, 5: 3}, 5, {"TTCRSG2": 4, "TTCRSG3": 5}),  # by the daily grades
        ({}, 5, {"TTCRSG2": 5, "TTCRSG3": 5}),  # by the day of the maximum
        ({}, None, {"TTCRSG2": 3, "TTCRSG3": 3}),  # maximum only: on the day of onset
        ({3: 1, 20: 3}, 5, {"TTCRSG2": 5, "TTCRSG3": 5}),  # a daily grade outside the episode
    ],
)
def test_first_grade_2_and_3(daily, maximum_day, want):
    hand = Hand().subject("U1").episode("U1", 3, 8).grade("U1", 3, MAXDY=maximum_day)
    for day, grade in daily.items():
        hand.grade_day("U1", day, grade)
    assert {p: row(hand, p)["AVAL"] for p in want} == want


def test_a_lower_grade_does_not_compete_with_grade_2_and_a_later_episode_may_reach_it():
    hand = Hand().subject("U1").episode("U1", 3, 5).grade("U1", 1)
    assert outcome(hand, "TTCRSG2") == (28, 1, 0)
    hand.episode("U1", 10, 12).grade("U1", 2)
    assert outcome(hand, "TTCRSG2") == (10, 0, 1)
    assert outcome(hand, "TTCRSG3") == (28, 1, 0)


def test_maximum_grade_is_that_of_the_worst_episode_on_its_first_day():
    hand = Hand().subject("U1").episode("U1", 3, 5).grade("U1", 1, MAXDY=3)
    hand.episode("U1", 10, 12).grade("U1", 2, MAXDY=11)
    hand.episode("U1", 20, 22).grade("U1", 2, MAXDY=20)
    assert outcome(hand, "TTMAXGR") == (11, 0, 1)
    assert row(hand, "TTMAXGR")["EPISEQ"] == 2


def test_maximum_grade_without_a_day_is_censored_at_onset():
    hand = Hand().subject("U1").episode("U1", 3, 5).grade("U1", 2, MAXDY=None)
    assert outcome(hand, "TTMAXGR") == (3, 1, 0)
    assert row(hand, "TTMAXGR")["EVNTDESC"] == "DAY OF MAXIMUM GRADE NOT RECORDED"


@pytest.mark.parametrize(
    ("subject", "episode", "grade", "want"),
    [
        # onset day 3, recovered day 6: DURATION_D = 4
        ({}, {"end": 6}, 2, (4, 0, 1)),
        # recovered on the day of onset
        ({}, {"end": 3}, 2, (1, 0, 1)),
        # ongoing at the end of follow-up
        ({}, {}, 2, (26, 1, 0)),
        # its record stops on day 15, the subject is followed on
        ({}, {"CENSDY": 15}, 2, (13, 1, 0)),
        # death ends it
        ({"DTHDY": 7, "followed": 7}, {"CENSDY": 7}, 2, (5, 2, 2)),
        # death long after the record of the episode stopped
        ({"DTHDY": 20, "followed": 20}, {"CENSDY": 7}, 2, (5, 1, 0)),
        # recovery and death on one day: death, which competes with recovery, comes first
        ({"DTHDY": 6, "followed": 6}, {"end": 6}, 2, (4, 2, 2)),
        # recovered on the day before death
        ({"DTHDY": 7, "followed": 7}, {"end": 6}, 2, (4, 0, 1)),
        # a recovery after death is no recovery
        ({"DTHDY": 5, "followed": 5}, {"end": 6}, 2, (3, 2, 2)),
        # fatal CRS, day of death not known
        ({}, {"CENSDY": 9, "END_REASON": "FATAL"}, 2, (7, 2, 2)),
        # grade 5 never counts as recovery
        ({}, {"end": 9}, 5, (26, 2, 2)),
        # a recovery after the end of follow-up
        ({"followed": 10}, {"end": 12}, 2, (8, 1, 0)),
    ],
)
def test_recovery(subject, episode, grade, want):
    hand = Hand().subject("U1", **subject).episode("U1", 3, **episode).grade("U1", grade)
    assert outcome(hand, "TTREC") == want


def test_recovery_is_of_the_first_episode():
    hand = Hand().subject("U1").episode("U1", 3, 6).grade("U1", 1)
    hand.episode("U1", 10, 20).grade("U1", 3)
    assert outcome(hand, "TTREC") == (4, 0, 1)


@pytest.mark.parametrize(
    ("toci", "want"),
    [
        ({"day": 3}, (1, 0, 1)),  # on the day of onset
        ({"day": 5}, (3, 0, 1)),
        ({"day": 5, "INTENT": "unknown"}, (3, 0, 1)),  # given during CRS
        ({"day": 5, "INTENT": "prophylaxis"}, (4, 4, 0)),  # does not count
        ({"day": 2}, (4, 4, 0)),  # before onset
        (None, (4, 4, 0)),  # recovered on day 6 without it
    ],
)
def test_first_tocilizumab_from_onset(toci, want):
    hand = Hand().subject("U1").episode("U1", 3, 6).grade("U1", 2)
    if toci:
        hand.tocilizumab("U1", 1, **toci)
    assert outcome(hand, "TTTOCI") == want


def test_each_time_says_where_it_comes_from_and_keeps_its_dates():
    hand = Hand().subject("U1", REFDT=dt.date(2024, 3, 1))
    hand.episode("U1", 3, 6, MEMBERS="AE:7 AE:9").grade("U1", 2).tocilizumab("U1", 1, 4)
    crs, recovered, toci = (row(hand, p) for p in ("TTCRS", "TTREC", "TTTOCI"))
    assert (crs["SRCDOM"], crs["SRCVAR"], crs["SRCSEQ"]) == ("AE", "AESTDY", 7)
    assert (crs["STARTDT"], crs["ADT"]) == (dt.date(2024, 3, 1), dt.date(2024, 3, 3))
    assert (recovered["SRCVAR"], recovered["SRCSEQ"]) == ("AEENDY", 9)
    assert (recovered["STARTDT"], recovered["ADT"]) == (dt.date(2024, 3, 3), dt.date(2024, 3, 6))
    assert (toci["SRCDOM"], toci["SRCVAR"], toci["SRCSEQ"]) == ("CM", "CMSTDY", 4)


def test_an_untreated_subject_has_no_times():
    hand = Hand().subject("U1").subject("U2", SAFFL=None, NDOSES=0, FUPDY=None, TRTSDY=None)
    assert set(derive_timing(hand.tables(), study()).adtte["USUBJID"]) == {"U1"}


def test_a_death_known_to_the_month_is_taken_on_its_last_possible_day():
    # the month covers days -3 to 27, so it ends 27 days after 00:00 of day 1
    hand = Hand().subject("U1", followed=27, DTHDY=-3, DTHS=27 * 86400)
    assert outcome(hand) == (27, 2, 2)


def test_a_study_without_a_stated_scale_has_crs_of_any_grade():
    hand = Hand().subject("U1").episode("U1", 3, 6)
    got = row(hand, "TTCRS", collected_scale="unknown")
    assert (got["SYSTEM"], got["AVAL"]) == ("ANY", 3)
