from pipeline.stats.analyses.time_to_maximum import add_time_to_maximum
from tests.stats.analyses.rows import one, rows_of, value
from tests.stats.by_hand import Hand


def test_both_clocks_and_who_has_no_day():
    hand = Hand()
    # worst grade on day 5, two days after onset
    hand.subject("U1").episode("U1", 3, 8).grade("U1", 2, MAXDY=5)
    # the second episode is the worse one: day 12, its first day
    hand.subject("U2").episode("U2", 2, 4).grade("U2", 1, MAXDY=2)
    hand.episode("U2", 12, 15).grade("U2", 3, MAXDY=12)
    # only the maximum was recorded; the maximum lies after follow-up; no CRS
    hand.subject("U3").episode("U3", 2, 4).grade("U3", 2, MAXDY=None)
    hand.subject("U4", followed=6).episode("U4", 5).grade("U4", 2, MAXDY=9)
    hand.subject("U5")
    rows = rows_of(hand, add_time_to_maximum)
    first = {s: value(rows, VARIABLE="TTMAXGR", STAT=s) for s in ("min", "median", "max")}
    assert first == {"min": 5, "median": 8.5, "max": 12}
    onset = one(rows, VARIABLE="ONSET_TO_MAXIMUM_D", STAT="max")
    assert (onset["VALUE"], onset["CLOCK"], onset["N"], onset["EVENTS"]) == (2, "onset", 4, 2)
    assert value(rows, VARIABLE="ONSET_TO_MAXIMUM_D", STAT="min") == 0
    without = one(rows, VARIABLE="NO_DAY_OF_MAXIMUM")
    assert (without["VALUE"], without["EVENTS"], without["N"]) == (2, 2, 4)


def test_nobody_with_crs():
    row = one(rows_of(Hand().subject("U1"), add_time_to_maximum), VARIABLE="TTMAXGR", STAT="q1")
    assert row["REASON"] == "not estimable, because no subject had CRS"
