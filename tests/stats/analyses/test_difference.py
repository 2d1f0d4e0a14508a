import pytest

from pipeline.stats.analyses.difference import DIFFERENCE, Pair, add_difference
from pipeline.stats.ard import Ard, Label
from pipeline.stats.population import make_pool, make_population
from pipeline.stats.risk_difference import newcombe
from pipeline.stats.timing import derive_timing
from tests.stats.analyses.rows import one
from tests.stats.by_hand import Hand, study


def cohort(name, kind, with_crs, n, followed=28):
    hand = Hand(name, kind)
    for i in range(n):
        hand.subject(f"U{i:02}", followed=followed)
        if i < with_crs:
            hand.episode(f"U{i:02}", 2, 4 + i % 3).grade(f"U{i:02}", 1 + i % 2)
    return derive_timing(hand.tables(), study(name, cohort=kind))


def difference(car_t, bispecific):
    pool = make_pool([car_t, bispecific])
    ard = Ard(pool.roster)
    label = Label("ALL", "test", DIFFERENCE, "ASTCT2019", "collected", "Y", "A, B")
    sides = (
        make_population(pool, Label("ALL", "test", c, "ASTCT2019", "collected", "Y"), ["A", "B"])
        for c in ("car_t", "bispecific")
    )
    add_difference(Pair(label, *sides), ard)
    return ard.frames()[0]


def test_numbers_and_their_subjects():
    rows = difference(cohort("A", "car_t", 24, 30), cohort("B", "bispecific", 20, 40))
    onset = one(rows, VARIABLE="TTCRS", TIME=14.0)
    assert onset["VALUE"] == pytest.approx(24 / 30 - 20 / 40)
    assert (onset["N"], onset["EVENTS"]) == (70, 44)
    grade = one(rows, LEVEL=">=2")
    want = newcombe(12, 30, 10, 40)
    assert (grade["VALUE"], grade["LOW"], grade["HIGH"]) == pytest.approx(want)
    mean = one(rows, STAT="rmst_difference")
    assert mean["VALUE"] == pytest.approx(
        (3 * 8 + 4 * 8 + 5 * 8) / 24 - (3 * 7 + 4 * 7 + 5 * 6) / 20
    )
    assert mean["LOW"] < mean["VALUE"] < mean["HIGH"]
    # onset on day 2, so each with CRS loses 26 days
    lost = one(rows, STAT="rmtl_difference")
    assert lost["VALUE"] == pytest.approx(26 * (24 / 30 - 20 / 40))
    assert lost["LOW"] < lost["VALUE"] < lost["HIGH"]
    assert (lost["N"], lost["EVENTS"], lost["UNIT"]) == (70, 44, "days")


@pytest.mark.parametrize(
    ("car_t", "where", "reason"),
    [
        # too few with CRS for a normal interval
        (
            (19, 30),
            {"STAT": "rmst_difference"},
            "both arms need 20 subjects and there are 19 and 20",
        ),
        # too few treated, nobody followed so far, no spread
        (
            (10, 19),
            {"STAT": "rmtl_difference"},
            "both arms need 20 subjects and there are 19 and 40",
        ),
        ((24, 30, 10), {"STAT": "rmtl_difference"}, "one cohort was not followed to day 28"),
        (
            (0, 30),
            {"STAT": "rmtl_difference"},
            "in one cohort the days lost do not differ between subjects",
        ),
        # nobody followed so far
        (
            (24, 30, 10),
            {"TIME": 14.0, "VARIABLE": "TTCRS"},
            "one cohort was not followed to day 14",
        ),
        # an incidence of 1 has no limits
        ((30, 30), {"TIME": 14.0, "STAT": "cif_difference"}, "one cumulative incidence is 0 or 1"),
        # four subjects
        ((2, 4), {"TIME": 14.0, "VARIABLE": "TTCRS"}, "limits need 5 subjects and there are 4"),
    ],
)
def test_what_is_not_estimable_says_why(car_t, where, reason):
    rows = difference(cohort("A", "car_t", *car_t), cohort("B", "bispecific", 20, 40))
    assert one(rows, **where)["REASON"].endswith(reason)
