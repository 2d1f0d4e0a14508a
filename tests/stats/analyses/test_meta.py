import numpy as np
import pytest

from pipeline.stats.analyses.meta import add_meta
from pipeline.stats.ard import Ard, Label
from pipeline.stats.meta_analysis import pool_proportions
from pipeline.stats.population import make_pool, make_population
from pipeline.stats.proportions import clopper_pearson
from pipeline.stats.timing import derive_timing
from tests.stats.analyses.rows import one
from tests.stats.by_hand import Hand, study


def trial(name, n, with_crs, severe, *, graded=True):
    hand = Hand(name)
    for i in range(n):
        who = f"{name}-{i:02}"
        hand.subject(who)
        if i < with_crs:
            hand.episode(who, 3, 6).grade(who, (4 if i < severe else 1) if graded else None)
    return hand


def meta(*hands, basis="collected"):
    pool = make_pool([derive_timing(h.tables(), study(h.name)) for h in hands])
    ard = Ard(pool.roster)
    label = Label("ALL", "test", "car_t", "ASTCT2019", basis, "Y")
    add_meta(make_population(pool, label, [h.name for h in hands]), ard)
    return ard.frames()[0]


FIVE = [(20, 12, 2), (15, 10, 1), (30, 9, 0), (12, 8, 4), (25, 20, 3)]


def test_each_study_stands_with_exact_limits():
    rows = meta(trial("A", 20, 12, 2), trial("B", 15, 10, 1))
    row = one(rows, GROUP="A", LEVEL=">=3")
    assert (row["VALUE"], row["LOW"], row["HIGH"]) == pytest.approx(clopper_pearson(2, 20))
    assert (row["N"], row["EVENTS"]) == (20, 2)
    assert one(rows, GROUP="B", LEVEL=">=1")["VALUE"] == pytest.approx(10 / 15)


def test_fewer_than_five_studies_have_a_range_and_nothing_pooled():
    rows = meta(*(trial(f"S{i}", *x) for i, x in enumerate(FIVE[:4])))
    any_grade = {"LEVEL": ">=1"}
    assert one(rows, **any_grade, STAT="lowest")["VALUE"] == pytest.approx(0.3)
    assert one(rows, **any_grade, STAT="highest")["VALUE"] == pytest.approx(10 / 15)
    for stat in ("pooled_proportion", "prediction_interval", "tau2"):
        assert one(rows, **any_grade, STAT=stat)["REASON"] == (
            "not estimable, because pooling needs 5 studies and there are 4"
        )


def test_five_studies_are_pooled():
    rows = meta(*(trial(f"S{i}", *x) for i, x in enumerate(FIVE)))
    want = pool_proportions(np.array([x[1] for x in FIVE]), np.array([x[0] for x in FIVE]))
    pooled = one(rows, LEVEL=">=1", STAT="pooled_proportion")
    assert (pooled["VALUE"], pooled["LOW"], pooled["HIGH"]) == pytest.approx(want.proportion)
    assert (pooled["N"], pooled["EVENTS"]) == (102, 59)
    new = one(rows, LEVEL=">=1", STAT="prediction_interval")
    assert (new["LOW"], new["HIGH"]) == pytest.approx(want.prediction[1:])
    assert new["LOW"] < pooled["LOW"]
    tau2 = one(rows, LEVEL=">=1", STAT="tau2")
    assert tau2["VALUE"] == pytest.approx(want.tau2)
    assert tau2["REASON"].startswith("limits not estimable")


def test_without_any_event_nothing_is_pooled():
    rows = meta(*(trial(f"S{i}", 10, 4, 0) for i in range(5)))
    assert one(rows, LEVEL=">=3", STAT="pooled_proportion")["REASON"] == (
        "not estimable, because every study has no event, or events only"
    )
    assert one(rows, LEVEL=">=3", STAT="highest")["VALUE"] == 0


def test_a_study_without_grades_counts_for_any_crs_only():
    rows = meta(trial("A", 20, 12, 2), trial("B", 15, 10, 0, graded=False))
    assert one(rows, GROUP="B", LEVEL=">=1")["VALUE"] == pytest.approx(10 / 15)
    severe = one(rows, GROUP="B", LEVEL=">=3")
    assert severe["STATUS"] == "not_available"
    assert one(rows, LEVEL=">=3", STAT="highest")["N"] == 20


def test_only_one_study_and_it_has_no_grades():
    rows = meta(trial("A", 20, 12, 0, graded=False))
    assert rows.filter(LEVEL=">=3", STAT="lowest").is_empty()
    assert one(rows, LEVEL=">=3", STAT="tau2")["REASON"].endswith("no study has grades")


def test_recorded_crs_without_a_derived_grade_is_said_study_by_study():
    first, second = Hand("A"), Hand("B")
    for hand, grades in ((first, [1, None, None, 3]), (second, [1, 1, 2, 3])):
        for i, grade in enumerate(grades):
            who = f"{hand.name}{i}"
            hand.subject(who).episode(who, 3, 6).grade(who, grade, BASIS="derived")
    rows = meta(first, second, basis="derived").filter(LEVEL=">=1")
    row = one(rows, GROUP="A")
    assert (row["VALUE"], row["REASON"]) == (
        0.5,
        "imprecise: 2 subjects with recorded CRS whose derived grade is not known count as "
        "without CRS",
    )
    assert one(rows, GROUP="B")["REASON"] is None
    assert one(rows, STAT="lowest")["REASON"] == row["REASON"]


def test_a_study_of_which_no_derived_grade_is_known_has_no_proportion():
    hand = Hand("A").subject("A0").episode("A0", 3, 6).grade("A0", None, BASIS="derived")
    # The study has the system: CRS before the first dose was graded.
    hand.subject("A1").episode("A1", -3, 1).grade("A1", 1, BASIS="derived")
    second = Hand("B").subject("B0").episode("B0", 3, 6).grade("B0", 1, BASIS="derived")
    row = one(meta(hand, second, basis="derived"), GROUP="A", LEVEL=">=1")
    assert row["STATUS"] == "not_available"
