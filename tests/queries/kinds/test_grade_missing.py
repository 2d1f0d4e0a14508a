from pipeline.queries.kinds.grade_missing import ask_grades
from pipeline.queries.known import make_known
from tests.queries.asked import ask, everything, moved, queries, ten
from tests.stats.by_hand import study


def answers(hand, **changes):
    asked = ask_grades(make_known(everything(hand, changes), study(**changes)))
    return sorted(asked.answers["GRADE"].to_list())


def test_a_recorded_grade_may_be_1_to_4():
    assert answers(ten(None, 1)) == [1, 2, 3, 4]


def test_grade_5_is_admissible_only_for_a_subject_who_died():
    hand = ten(1)
    hand.subject("D", DTHDY=9).episode("D", 4, END_REASON="DEATH").grade("D", None)
    assert answers(hand) == [1, 2, 3, 4, 5]


def test_fatal_crs_without_a_grade_has_no_other_than_5():
    hand = ten(1, n=9)
    hand.subject("D", DTHDY=9).episode("D", 4, END_REASON="FATAL").grade("D", None)
    assert answers(hand) == [5]
    (row,) = ask(hand)
    assert moved(row)[1:] == (0.0, 0.1, 0.1)


def test_a_derived_grade_may_be_0_too_so_that_the_episode_is_none():
    hand = ten(n=10)
    for who, grade in (("U00", 1), ("U01", None)):
        hand.episode(who, 3, 5).grade(who, grade, BASIS="derived").grade(who, 1)
    assert answers(hand, primary_basis="derived") == [0, 1, 2, 3, 4]
    (row,) = queries(
        everything(hand, {"primary_basis": "derived"}), primary_basis="derived"
    ).to_dicts()
    # An episode without a derived grade does not count, so any grade adds a subject with CRS.
    assert moved(row) == ("share of treated subjects with CRS", 0.1, 0.1, 0.2)


def test_one_query_per_episode_without_a_grade():
    rows = ask(ten(None, 2, None, None))
    assert [(r["KIND"], r["USUBJID"]) for r in rows] == [
        ("GRADE_MISSING", who) for who in ("U00", "U02", "U03")
    ]
