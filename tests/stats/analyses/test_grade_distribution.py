from pipeline.stats.analyses.grade_distribution import add_grade_distribution, worst_grades
from tests.stats.analyses.rows import one, population, rows_of, value
from tests.stats.by_hand import Hand


def test_worst_grade_of_each_subject():
    hand = Hand().subject("none")
    hand.subject("worst").episode("worst", 2, 3).grade("worst", 1)
    hand.episode("worst", 9, 12).grade("worst", 3).episode("worst", 20, 21).grade("worst", 2)
    hand.subject("known").episode("known", 2, 3).grade("known", 2)
    hand.episode("known", 9, 12).grade("known", None)
    hand.subject("unknown").episode("unknown", 2, 3).grade("unknown", None)
    hand.subject("before").episode("before", -3, -2).grade("before", 4)
    worst = worst_grades(population(hand)[0])
    assert dict(worst.select("USUBJID", "WORST").iter_rows()) == {
        "none": "0", "worst": "3", "known": "2", "unknown": "NA", "before": "0",
    }  # fmt: skip


def test_recorded_crs_without_a_grade_is_at_least_grade_1():
    hand = Hand().subject("U1").episode("U1", 2, 3).grade("U1", None)
    hand.subject("U2").episode("U2", 2, 3).grade("U2", 2).subject("U3")
    rows = rows_of(hand, add_grade_distribution)
    assert one(rows, LEVEL=">=1")["EVENTS"] == 2
    assert one(rows, LEVEL=">=2")["EVENTS"] == 1
    assert one(rows, LEVEL=">=2")["REASON"].startswith("1 subjects with CRS have no grade")


def test_grades_are_not_available_where_no_crs_has_one():
    hand = Hand().subject("U1").episode("U1", 2, 3).grade("U1", None).subject("U2")
    rows = rows_of(hand, add_grade_distribution)
    assert one(rows, LEVEL=">=3")["STATUS"] == "not_available"
    assert value(rows, LEVEL=">=3") is None
    assert value(rows, LEVEL=">=1") == 0.5
    assert value(rows, LEVEL="0") == 0.5


def test_derived_grade_0_of_a_recorded_crs_is_grade_0():
    hand = Hand().subject("U1").episode("U1", 2, 3).grade("U1", 1)
    hand.grade("U1", 0, BASIS="derived")
    hand.subject("U2").episode("U2", 2, 3).grade("U2", 2, BASIS="derived")
    rows = rows_of(hand, add_grade_distribution, basis="derived")
    assert (value(rows, LEVEL="0"), value(rows, LEVEL=">=1")) == (0.5, 0.5)


def test_by_product_each_has_its_own_denominator():
    hand = Hand().subject("U1", PRODUCT="A").subject("U2", PRODUCT="B").subject("U3", PRODUCT=None)
    hand.episode("U2", 2, 3).grade("U2", 4)
    rows = rows_of(hand, add_grade_distribution, "PRODUCT").filter(LEVEL=">=4")
    assert rows.sort("GROUP").select("GROUP", "EVENTS", "N").rows() == [
        ("A", 0, 1), ("B", 1, 1), ("not stated", 0, 1),
    ]  # fmt: skip
