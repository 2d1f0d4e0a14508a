import pytest

from pipeline.stats.timing import derive_timing
from tests.stats.by_hand import Hand, study


def row(hand: Hand, paramcd: str = "TTRECMX"):
    found = derive_timing(hand.tables(), study()).adtte.filter(PARAMCD=paramcd)
    return found.row(0, named=True) if found.height else None


@pytest.mark.parametrize(
    ("subject", "episode", "grade", "maximum", "want"),
    [
        # onset day 3, maximum day 5, recovered day 8: the day of the maximum is day 1
        ({}, {"end": 8}, 2, 5, (4, 0, 1)),
        # the maximum on the day of onset: as from onset
        ({}, {"end": 8}, 2, 3, (6, 0, 1)),
        # the maximum on the last day
        ({}, {"end": 8}, 2, 8, (1, 0, 1)),
        # a maximum charted before onset counts from onset
        ({}, {"end": 8}, 2, 2, (6, 0, 1)),
        # maximum after the recorded end, or without a day: no row
        ({}, {"end": 8}, 2, 9, None),
        ({}, {"end": 8}, 2, None, None),
        # no grade, no maximum
        ({}, {"end": 8}, None, 5, None),
        # not seen to end
        ({}, {}, 2, 5, (24, 1, 0)),
        ({}, {"CENSDY": 15}, 2, 5, (11, 1, 0)),
        # death in CRS, on the day of the maximum
        ({"DTHDY": 7, "followed": 7}, {}, 5, 7, (1, 2, 2)),
    ],
)
def test_recovery_from_the_day_of_the_maximum(subject, episode, grade, maximum, want):
    hand = Hand().subject("U1", **subject).episode("U1", 3, **episode)
    hand.grade("U1", grade, MAXDY=maximum)
    got = row(hand)
    assert (got and (got["AVAL"], got["CNSR"], got["EVCODE"])) == want


@pytest.mark.parametrize(("daily", "want"), [(None, None), (2, 4)])
def test_a_maximum_only_record_has_no_day_of_the_maximum(daily, want):
    hand = Hand().subject("U1").episode("U1", 3, 6).grade("U1", 2).grade_day("U1", 3, daily)
    got = row(hand)
    assert (got and got["AVAL"]) == want
    assert row(hand, "TTMAXGR")["CNSR"] == (0 if daily else 1)


def test_it_ends_as_the_recovery_from_onset():
    hand = Hand().subject("U1").episode("U1", 3, 8).grade("U1", 2, MAXDY=5)
    hand.episode("U1", 12, 20).grade("U1", 3, MAXDY=13)
    here, onset = row(hand), row(hand, "TTREC")
    for name in ("ADY", "CNSR", "EVNTDESC", "SRCDOM", "SRCVAR", "SRCSEQ", "EPISEQ"):
        assert here[name] == onset[name]
    assert (here["STARTDY"], here["EPISEQ"]) == (5, 1)
