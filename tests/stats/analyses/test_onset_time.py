from pipeline.stats.analyses.onset_time import add_onset_time
from tests.stats.analyses.rows import one, rows_of, value
from tests.stats.by_hand import Hand


def test_each_clock_is_apart_and_hours_need_both_times():
    hand = Hand()
    hand.subject("U1").episode("U1", 3, 5, ONSET_D=0, ONSET_H=5.5).grade("U1", 2, MAXDY=4)
    hand.subject("U2").episode("U2", 9, 11, ONSET_D=2).grade("U2", 1).tocilizumab("U2", 1, 10)
    hand.subject("U3")
    rows = rows_of(hand, add_onset_time)
    assert value(rows, VARIABLE="ONSET_D_FIRST", STAT="median") == 5  # days elapsed: 2 and 8
    assert value(rows, VARIABLE="ONSET_D", STAT="max") == 2
    hours = one(rows, VARIABLE="ONSET_H", STAT="median")
    assert (hours["VALUE"], hours["N"], hours["EVENTS"], hours["UNIT"]) == (5.5, 2, 1, "hours")
    worst = one(rows, VARIABLE="TTMAXGR", STAT="min")
    assert (worst["VALUE"], worst["EPISODES"]) == (4, "worst")
    assert value(rows, VARIABLE="TTTOCI", STAT="median") == 2
    unknown = one(rows, VARIABLE="ONSET_H_FIRST", STAT="median")["REASON"]
    assert unknown == "not estimable, because ONSET_H_FIRST is not known for anybody"


def test_only_the_first_episode_counts():
    hand = Hand().subject("U1").episode("U1", 3, 5).grade("U1", 2)
    hand.episode("U1", 12, 15).grade("U1", 2)
    row = one(rows_of(hand, add_onset_time), VARIABLE="ONSET_D_FIRST", STAT="max")
    assert (row["VALUE"], row["EPISODES"]) == (2, "first")
