"""CRS counts while adverse events are collected: so many days after the last dose."""

from __future__ import annotations

import pytest

from pipeline.stats.analyses.onset_cif import add_onset_cif
from pipeline.stats.analyses.subjects import add_subjects
from pipeline.stats.timing import derive_timing
from tests.stats.analyses.rows import one, population
from tests.stats.by_hand import Hand, study


def adtte(hand: Hand, paramcd: str, days: int | None) -> list[tuple[float, int, str, str | None]]:
    made = derive_timing(hand.tables(), study(ae_collection_days=days)).adtte
    rows = made.filter(PARAMCD=paramcd, BASIS="collected")
    return list(rows.select("AVAL", "EVCODE", "EVNTDESC", "CNSDTDSC").iter_rows())


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (None, (20.0, 1, "CRS", None)),
        (19, (20.0, 1, "CRS", None)),
        (18, (19.0, 0, "END OF FOLLOW-UP WITHOUT CRS", "end of AE collection")),
    ],
)
def test_crs_counts_while_events_are_collected(days, expected):
    hand = Hand().subject("A", 60).episode("A", 20, 22).grade("A", 1)
    assert adtte(hand, "TTCRS", days) == [expected]


def test_the_last_dose_starts_the_window():
    hand = Hand().subject("A", 60).dose("A", 2, 15).episode("A", 40, 42).grade("A", 1)
    assert adtte(hand, "TTCRS", 25) == [(40.0, 1, "CRS", None)]


def test_an_episode_that_has_begun_is_followed_to_its_end():
    hand = Hand().subject("A", 60).episode("A", 10, 15).grade("A", 1)
    assert adtte(hand, "TTREC", 10) == [(6.0, 1, "RECOVERED FROM CRS", None)]


def test_a_death_after_the_window_does_not_compete():
    hand = Hand().subject("A", 30, DTHDY=30, DTHS=30 * 86400, FUPREAS="death")
    assert adtte(hand, "TTCRS", 14)[0][:2] == (15.0, 0)
    assert adtte(hand, "TTCRS", None)[0][:2] == (30.0, 2)


def test_nothing_is_estimated_past_the_window():
    hand = Hand()
    for i in range(12):
        hand.subject(f"S{i:02d}", 60)
        if i % 2:
            hand.episode(f"S{i:02d}", 2 + i % 4, 9).grade(f"S{i:02d}", 1)
    pop, ard = population(hand, ae_collection_days=20)
    assert pop.collected_to == 21
    add_onset_cif(pop, ard)
    where = {"VARIABLE": "TTCRS", "LEVEL": "landmark", "STAT": "cumulative_incidence"}
    rows = ard.frames()[0]
    assert one(rows, TIME=14.0, **where)["VALUE"] == pytest.approx(0.5)
    late = one(rows, TIME=28.0, **where)
    assert (late["STATUS"], late["VALUE"]) == ("not_estimable", None)
    assert "COLLECTION_END" in late["REASON"]


def test_a_pool_stops_where_its_shortest_collection_does():
    """A dose on day 8 lengthens the first study's window; the other one ends on day 15."""
    from pipeline.stats.ard import Label
    from pipeline.stats.population import make_pool, make_population

    long = Hand("S1").subject("A", 60).dose("A", 2, 8)
    short = Hand("S2").subject("B", 60).episode("B", 20, 22).grade("B", 1)
    pool = make_pool(
        [
            derive_timing(long.tables(), study("S1", ae_collection_days=28)),
            derive_timing(short.tables(), study("S2", ae_collection_days=14)),
        ]
    )
    label = Label("ALL", "test", "car_t", "ASTCT2019", "collected", None)
    pop = make_population(pool, label, ["S1", "S2"])
    assert pop.collected_to == 15
    time, code, _ = pop.onset_times("TTCRS")
    assert (time.tolist(), code.tolist()) == ([15.0, 15.0], [0, 0])


def test_deaths_and_follow_up_are_those_of_all_that_was_seen():
    """AE are collected for 14 days; the death on day 30 and the 40 days of B still count."""
    hand = Hand().subject("A", 30, DTHDY=30, DTHS=30 * 86400, FUPREAS="death").subject("B", 40)
    pop, ard = population(hand, ae_collection_days=14)
    add_subjects(pop, ard)
    rows = ard.frames()[0]
    assert one(rows, VARIABLE="deaths")["VALUE"] == 1
    assert one(rows, VARIABLE="followed", STAT="median")["VALUE"] == 40
