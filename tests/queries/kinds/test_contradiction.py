import pytest

from tests.queries.asked import ask, everything, moved, queries, ten, typed

SEVERE = "share of treated subjects with CRS of grade 3 or higher"


def at_odds(recorded, derived, category, system="ASTCT2019", who="U00"):
    return typed("reconciliation", {
        "USUBJID": who, "EPISEQ": 1, "SYSTEM": system, "GRADE_COLLECTED": recorded,
        "GRADE_DERIVED": derived, "DIFF": derived - recorded, "CATEGORY": category,
    })  # fmt: skip


def test_either_may_be_right():
    (row,) = ask(ten(3, 1), reconciliation=at_odds(3, 2, "derived lower"))
    assert moved(row) == (SEVERE, 0.1, 0.0, 0.1)
    assert "recorded as grade 3; its findings give grade 2" in row["QUESTION"]


def test_findings_of_grade_0_may_mean_that_it_was_none():
    (row,) = ask(ten(1, 1), reconciliation=at_odds(1, 0, "unsupported"))
    assert moved(row) == ("share of treated subjects with CRS", 0.2, 0.1, 0.2)


def test_a_difference_that_crosses_no_headline_moves_nothing():
    (row,) = ask(ten(4, 1), reconciliation=at_odds(4, 3, "derived lower"))
    assert (row["INFLUENCE"], row["HEADLINE"], row["N_HEADLINES"]) == (0, None, 0)


@pytest.mark.parametrize(
    ("category", "derived", "value", "low", "high"),
    [("derived lower", 1, 0.1, 0.1, 0.2), ("derived higher", 3, 0.2, 0.1, 0.2)],
)
def test_on_another_scale_it_says_only_which_way_the_derived_grade_may_be_wrong(
    category, derived, value, low, high
):
    hand = ten(n=10)
    for who, grade in (("U00", derived), ("U01", 3)):
        hand.episode(who, 3, 5).grade(who, grade, BASIS="derived").grade(who, 2, SYSTEM="LEE2014")
    scales = {"primary_basis": "derived", "collected_scale": "LEE2014"}
    tables = everything(hand, scales, reconciliation=at_odds(2, derived, category, "LEE2014"))
    (row,) = queries(tables, **scales).to_dicts()
    severe = SEVERE if category == "derived lower" else row["HEADLINE"]
    assert row["HEADLINE"] == severe
    assert moved(row)[1:] == (value, low, high)
