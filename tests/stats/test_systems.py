import pytest

from pipeline.stats.systems import GradedSystem, graded_systems, leading_system
from tests.stats.by_hand import Hand, study


def systems(hand, **changes):
    found = graded_systems(hand.tables()["grades"], study(**changes))
    return {(s.SYSTEM, s.BASIS): (s.PRIMARY, s.REASON) for s in found}


def one_episode():
    return Hand().subject("U1").episode("U1", 3, 6)


def test_collected_scale_and_primary_system_agree_so_collected_is_primary():
    hand = one_episode().grade("U1", 2).grade("U1", 1, BASIS="derived")
    assert systems(hand) == {
        ("ASTCT2019", "collected"): (True, None),
        ("ASTCT2019", "derived"): (False, None),
    }


def test_another_collected_scale_makes_derived_primary():
    hand = one_episode().grade("U1", 2, SYSTEM="LEE2014").grade("U1", 1, BASIS="derived")
    got = systems(hand, collected_scale="LEE2014")
    assert got["ASTCT2019", "derived"] == (True, None)
    assert got["LEE2014", "collected"] == (False, None)


def test_a_stated_basis_wins():
    hand = one_episode().grade("U1", 2).grade("U1", 1, BASIS="derived")
    assert systems(hand, primary_basis="derived")["ASTCT2019", "derived"] == (True, None)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("NO_DOMAIN LB VS", "not available, because the study has no LB or VS data"),
        ("NO_TEMPERATURE", "not available, because no temperature was taken around any episode"),
        ("OTHER", "not available, because OTHER"),
    ],
)
def test_a_primary_system_that_could_grade_nothing_stays_with_its_reason(reason, words):
    hand = one_episode().grade("U1", 2, SYSTEM="LEE2014")
    hand.grade("U1", None, BASIS="derived", REASON=reason)
    got = systems(hand, collected_scale="LEE2014")
    assert got["ASTCT2019", "derived"] == (True, words)


def test_a_study_without_crs_has_its_collected_scale():
    assert systems(Hand().subject("U1")) == {("ASTCT2019", "collected"): (True, None)}


def test_a_study_without_a_stated_scale_falls_back_on_nothing():
    got = systems(Hand().subject("U1"), collected_scale="unknown")
    assert got["ANY", "collected"] == (False, None)
    why = "not available, because the study has no CRS record to grade"
    assert got["ASTCT2019", "derived"] == (True, why)


def test_recorded_crs_without_any_grade_is_still_there():
    hand = one_episode().grade("U1", None)
    assert systems(hand)["ASTCT2019", "collected"] == (True, None)


def test_what_hardly_depends_on_grading_stands_under_the_primary_or_the_first():
    absent, other = (
        GradedSystem("A", "derived", PRIMARY=True, REASON="none"),
        GradedSystem("B", "collected", PRIMARY=False),
    )
    primary = GradedSystem("C", "derived", PRIMARY=True)
    assert leading_system([other, primary]) is primary
    assert leading_system([absent, other]) is other
    assert leading_system([absent]) is None
