"""Onset from the last dose before it, in days and, where both have clock times, in hours."""

from __future__ import annotations

from pipeline.stats.timing import derive_timing
from tests.stats.by_hand import Hand, study


def rows(hand: Hand, paramcd: str) -> list[tuple[int, float, float | None, int]]:
    made = derive_timing(hand.tables(), study()).adtte.filter(PARAMCD=paramcd, BASIS="collected")
    return list(made.select("STARTDY", "AVAL", "AVALH", "CNSR").iter_rows())


def test_the_clock_starts_at_the_dose_before_onset():
    hand = Hand().subject("A").dose("A", 2, 8)
    hand.episode("A", 10, 12, DOSESEQ=2, ONSET_D=2, ONSET_H=41.5, ONSET_H_FIRST=209.5).grade("A", 1)
    assert rows(hand, "TTCRSLD") == [(8, 3.0, 41.5, 0)]
    assert rows(hand, "TTCRS") == [(1, 10.0, 209.5, 0)]


def test_without_clock_times_there_are_no_hours():
    hand = Hand().subject("A").episode("A", 3, 5).grade("A", 1)
    assert rows(hand, "TTCRSLD") == [(1, 3.0, None, 0)]
    assert rows(hand, "TTREC") == [(3, 3.0, None, 0)]


def test_hours_of_recovery():
    hand = Hand().subject("A").episode("A", 3, 5, DURATION_H=46.0).grade("A", 1)
    assert rows(hand, "TTREC") == [(3, 3.0, 46.0, 0)]


def test_a_censored_time_has_no_hours():
    hand = Hand().subject("A").episode("A", 3, None, DURATION_H=None).grade("A", 1)
    assert rows(hand, "TTREC")[0][2:] == (None, 1)


def test_who_had_no_crs_has_no_dose_before_it():
    assert rows(Hand().subject("A"), "TTCRSLD") == []


def test_only_the_first_episode_counts_and_none_before_the_first_dose():
    hand = Hand().subject("A")
    hand.episode("A", -2, 1, ONSET_D=None, DOSESEQ=None, FLAGS="PRE_DOSE").grade("A", 1)
    hand.episode("A", 4, 6, ONSET_D=3).grade("A", 1).episode("A", 9, 10, ONSET_D=8).grade("A", 2)
    assert rows(hand, "TTCRSLD") == [(1, 4.0, None, 0)]
