from pipeline.stats.analyses.interventions import add_interventions
from tests.stats.analyses.rows import one, rows_of
from tests.stats.by_hand import Hand


def test_of_those_with_crs_and_of_all_treated():
    hand = Hand().subject("U1").episode("U1", 3, 5).grade("U1", 1).tocilizumab("U1", 1, 4)
    hand.tocilizumab("U1", 1, 5)  # a second dose counts the subject once
    hand.subject("U2").episode("U2", 3, 5).grade("U2", 1)
    hand.tocilizumab("U2", 1, 3, INTENT="prophylaxis")  # does not count
    hand.subject("U3").tocilizumab("U3", 0, 3)  # outside any episode
    hand.subject("U4")
    rows = rows_of(hand, add_interventions, ["steroid", "tocilizumab"])
    crs = one(rows, LEVEL="tocilizumab", DENOM="subjects with CRS")
    treated = one(rows, LEVEL="tocilizumab", DENOM="treated subjects")
    assert (crs["EVENTS"], crs["N"], crs["VALUE"]) == (1, 2, 0.5)
    assert (treated["EVENTS"], treated["N"], treated["VALUE"]) == (1, 4, 0.25)
    assert one(rows, LEVEL="steroid", DENOM="treated subjects")["VALUE"] == 0


def test_nobody_with_crs_is_not_zero_percent():
    rows = rows_of(Hand().subject("U1"), add_interventions, ["steroid"])
    row = one(rows, DENOM="subjects with CRS")
    assert (row["VALUE"], row["REASON"]) == (
        None,
        "not estimable, because there are no subjects with CRS",
    )
