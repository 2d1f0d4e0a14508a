import pytest

from pipeline.stats.analyses.recovery_by_grade import add_recovery_by_grade
from tests.stats.analyses.rows import one, rows_of, value
from tests.stats.by_hand import Hand


@pytest.fixture(scope="module")
def rows():
    hand = Hand()
    # grade 1: recovered after 2, 3, 3, 5, 8 days; maximum on the day of onset
    for i, days in enumerate((2, 3, 3, 5, 8)):
        hand.subject(f"A{i}").episode(f"A{i}", 2, 1 + days).grade(f"A{i}", 1)
    # grade 2: 9 days, the maximum on the third of them; a worse second episode does not matter
    hand.subject("B").episode("B", 2, 10).grade("B", 2, MAXDY=4)
    hand.episode("B", 20, 22).grade("B", 4)
    # grades 3 and 4 are one group: one dies on its 4th day, one has no day of the maximum
    hand.subject("C", followed=5, DTHDY=5).episode("C", 2, CENSDY=5).grade("C", 4, MAXDY=3)
    hand.subject("D").episode("D", 2, 5).grade("D", 3, MAXDY=None)
    # grade 5 and no grade have no curve
    hand.subject("E", followed=4, DTHDY=4).episode("E", 2).grade("E", 5)
    hand.subject("F").episode("F", 2, 4).grade("F", None)
    return rows_of(hand, add_recovery_by_grade)


@pytest.mark.parametrize(
    ("variable", "group", "day", "want"),
    [
        ("TTREC", "1", 7.0, (4 / 5, 5, 4)),
        ("TTREC", "2", 7.0, (0, 1, 0)),
        ("TTREC", "2", 14.0, (1, 1, 1)),
        ("TTREC", "3-4", 7.0, (1 / 2, 2, 1)),
        # seven days from the maximum: day 4 is 1, day 10 is 7
        ("TTRECMX", "2", 7.0, (1, 1, 1)),
        ("TTRECMX", "3-4", 7.0, (0, 1, 0)),
        # all with a day of the maximum: five of grade 1, B, C, and E of grade 5
        ("TTRECMX", "any", 7.0, (5 / 8, 8, 5)),
    ],
)
def test_recovered_by_a_landmark(rows, variable, group, day, want):
    row = one(rows, VARIABLE=variable, GROUP=group, LEVEL="landmark", TIME=day)
    assert (row["VALUE"], row["N"], row["EVENTS"]) == (pytest.approx(want[0]), *want[1:])


def test_the_grouping_is_said_to_be_known_later_and_each_clock_named(rows):
    curves = rows.filter(LEVEL="landmark")
    assert curves["METHOD"].str.contains("grade known later").all()
    clocks = curves.select("VARIABLE", "CLOCK").unique().sort("CLOCK").rows()
    assert clocks == [("TTRECMX", "maximum"), ("TTREC", "onset")]
    assert set(rows["GROUPVAR"]) == {"MAXGRADE"}


def test_every_subject_with_crs_is_in_one_group(rows):
    counts = rows.filter(VARIABLE="WITH_CRS").sort("GROUP")
    assert dict(counts.select("GROUP", "VALUE").iter_rows()) == {
        "1": 5, "2": 1, "3-4": 2, "5": 1, "NA": 1,
    }  # fmt: skip
    assert set(counts["N"]) == {10}
    assert value(rows, VARIABLE="NO_DAY_OF_MAXIMUM") == 2  # D, and F without a grade


def test_without_any_grade_nothing_is_told():
    hand = Hand().subject("U1").episode("U1", 2, 4).grade("U1", None)
    rows = rows_of(hand, add_recovery_by_grade)
    row = one(rows, VARIABLE="TTREC", GROUP="2", LEVEL="landmark", TIME=7.0)
    assert row["REASON"] == "not available, because none of 1 first episodes has a grade"
    assert row["STATUS"] == "not_available"


def test_nobody_with_crs():
    rows = rows_of(Hand().subject("U1"), add_recovery_by_grade)
    row = one(rows, VARIABLE="TTREC", GROUP="2", LEVEL="landmark", TIME=7.0)
    assert row["REASON"] == "not estimable, because there is nobody"
