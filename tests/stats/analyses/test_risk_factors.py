import pytest

from pipeline.stats.analyses.risk_factors import add_risk_factors
from pipeline.stats.risk_difference import newcombe
from tests.stats.analyses.rows import one, rows_of
from tests.stats.by_hand import Hand

FLAG = {"KIND": "flag", "SRCDOM": "MH", "RISK": "Y"}


def subjects(*grades, hand=None):
    """Treated subjects A0, A1, ... of these worst grades (0: no episode)."""
    hand = hand or Hand()
    for k, grade in enumerate(grades):
        who = f"A{k}"
        hand.subject(who)
        if grade:
            hand.episode(who, 3, 5).grade(who, grade)
    return hand


def events(rows, **where):
    row = one(rows, **where)
    return row["EVENTS"], row["N"]


def test_share_and_difference_of_a_flag():
    hand = subjects(*[3, 1, 1, 1, 0], *[3, 1, 0, 0, 0, 0])
    for k in range(11):
        hand.covariate(f"A{k}", "AUTOIMMUNE", "Y" if k < 5 else "N", **FLAG)
    rows = rows_of(hand, add_risk_factors).filter(GROUPVAR="AUTOIMMUNE")
    any_crs = rows.filter(LEVEL=">=1")
    assert events(any_crs, GROUP="Y", STAT="proportion") == (4, 5)
    assert events(any_crs, GROUP="N", STAT="proportion") == (2, 6)
    row = one(any_crs, STAT="risk_difference")
    want = newcombe(4, 5, 2, 6)
    assert (row["GROUP"], row["N"], row["EVENTS"]) == ("Y", 11, 6)
    assert (row["VALUE"], row["LOW"], row["HIGH"]) == pytest.approx(tuple(want))
    assert row["METHOD"].endswith("observational, minus N")
    assert events(rows, LEVEL=">=3", GROUP="Y", STAT="proportion") == (1, 5)


def test_a_number_is_split_at_its_median_or_at_the_cut_of_the_study():
    hand = subjects(*[1] * 5, *[0] * 5)
    for k in range(10):
        hand.covariate(f"A{k}", "AGE", 40.0 + k)  # median 44.5
        hand.covariate(f"A{k}", "crp", float(k), CUT=5.0)  # 5 is at the cut
    rows = rows_of(hand, add_risk_factors).filter(LEVEL=">=1", STAT="proportion")
    age = rows.filter(GROUPVAR="AGE")
    assert [events(age, GROUP=g) for g in ("<44.5", ">=44.5")] == [(5, 5), (0, 5)]
    assert "split at 44.5 (median), reference <44.5" in age["POPULATION"][0]
    crp = rows.filter(GROUPVAR="crp")
    assert [events(crp, GROUP=g) for g in ("<5", ">=5")] == [(5, 5), (0, 5)]
    assert "split at 5 (study.yaml), reference <5" in crp["POPULATION"][0]


def test_the_commonest_level_of_a_category_is_the_reference():
    hand = subjects(*[1] * 6, *[0] * 5)
    for k in range(11):
        hand.covariate(f"A{k}", "SEX", "M" if k < 6 else "F")
    rows = rows_of(hand, add_risk_factors).filter(STAT="risk_difference", LEVEL=">=1")
    assert rows.select("GROUP", "VALUE").rows() == [("F", -1.0)]


def test_a_level_of_few_subjects_is_not_estimable():
    hand = subjects(*[1] * 4, *[0] * 6)
    for k in range(10):
        hand.covariate(f"A{k}", "HLH", "Y" if k < 4 else "N", **FLAG)
    rows = rows_of(hand, add_risk_factors).filter(LEVEL=">=1")
    few = "not estimable, because a level needs 5 subjects and there are 4"
    for stat in ("proportion", "risk_difference"):
        row = one(rows, GROUP="Y", STAT=stat)
        assert (row["VALUE"], row["STATUS"], row["REASON"]) == (None, "not_estimable", few)
    assert one(rows, GROUP="N", STAT="proportion")["VALUE"] == 0


def test_a_level_that_is_not_known_has_a_share_but_no_difference():
    hand = subjects(*[1] * 5, *[0] * 10)
    for k in range(10):
        hand.covariate(f"A{k}", "SEX", "M" if k < 5 else "F")
    rows = rows_of(hand, add_risk_factors).filter(GROUP="not known", LEVEL=">=1")
    assert rows.select("STAT", "N", "EVENTS").rows() == [("proportion", 5, 0)]


def test_what_nobody_is_known_of_is_not_available():
    hand = subjects(1, 0)
    for who in ("A0", "A1"):
        hand.covariate(who, "HLH", None, **FLAG)
    rows = rows_of(hand, add_risk_factors)
    assert rows.select("LEVEL", "STATUS").sort("LEVEL").rows() == [
        (">=1", "not_available"), (">=3", "not_available"),
    ]  # fmt: skip
    assert rows["REASON"][0] == "not available, because it is not known for anybody"


def test_crs_without_any_grade_has_no_grade_3():
    hand = subjects(0, 0, 0, 0, 0)
    hand.subject("B").episode("B", 3, 5).grade("B", None)
    for who in ("A0", "A1", "A2", "A3", "A4", "B"):
        hand.covariate(who, "SEX", "M")
    rows = rows_of(hand, add_risk_factors)
    assert one(rows, LEVEL=">=3")["STATUS"] == "not_available"
    assert events(rows, LEVEL=">=1", STAT="proportion") == (1, 6)


def test_recorded_crs_without_a_derived_grade_is_said_at_grade_1_too():
    hand = Hand()
    for k, grade in enumerate([1, 1, None, 0, 0, 1, 2, 0, 0, 0]):
        hand.subject(f"A{k}").covariate(f"A{k}", "SEX", "FM"[k // 5])
        if grade != 0:
            hand.episode(f"A{k}", 3, 5).grade(f"A{k}", grade, BASIS="derived")
    rows = rows_of(hand, add_risk_factors, basis="derived").filter(LEVEL=">=1")
    words = "imprecise: 1 subjects with recorded CRS whose derived grade is not known"
    assert rows.height == 3
    assert rows["REASON"].str.starts_with(words).all()


def test_no_derived_grade_at_all_gives_no_proportion_with_crs():
    hand = Hand()
    for k in range(10):
        hand.subject(f"A{k}").covariate(f"A{k}", "SEX", "FM"[k // 5])
    hand.episode("A0", 3, 5).grade("A0", None, BASIS="derived")
    # The study has the system: CRS before the first dose was graded.
    hand.episode("A1", -3, 1).grade("A1", 1, BASIS="derived")
    rows = rows_of(hand, add_risk_factors, basis="derived").filter(LEVEL=">=1")
    assert set(rows["STATUS"]) == {"not_available"}
