from pipeline.stats.analyses.duration import add_duration
from tests.stats.analyses.rows import one, rows_of, value
from tests.stats.by_hand import Hand


def test_duration_of_those_who_ended_and_the_number_who_did_not():
    hand = Hand().subject("U1").episode("U1", 3, 5, DURATION_H=40.0).grade("U1", 1)
    hand.subject("U2").episode("U2", 3, 7).grade("U2", 1)
    hand.subject("U3").episode("U3", 3).grade("U3", 1)
    rows = rows_of(hand, add_duration)
    days = one(rows, VARIABLE="DURATION_D", STAT="median")
    assert (days["VALUE"], days["N"], days["EVENTS"]) == (4, 3, 2)
    assert value(rows, VARIABLE="DURATION_H", STAT="max") == 40
    assert value(rows, VARIABLE="NOT_ENDED", STAT="n") == 1


def test_none_ended():
    hand = Hand().subject("U1").episode("U1", 3).grade("U1", 1)
    reason = one(rows_of(hand, add_duration), VARIABLE="DURATION_D", STAT="median")["REASON"]
    assert reason == "not estimable, because no first episode was seen to end"
