import pytest

from tests.queries.asked import ask, everything, held, moved, queries, ten, typed

ANY = "share of treated subjects with CRS"


def quarantine(*rows):
    return typed("quarantine", *rows)


def one(hand, *rows, **changes):
    (row,) = queries(everything(hand, changes, quarantine=quarantine(*rows)), **changes).to_dicts()
    return row


@pytest.mark.parametrize("domain", ["AE", "CE", "FA"])
def test_a_record_held_back_may_be_one_more_crs_of_any_grade(domain):
    row = one(ten(1, 1), held(domain, 7, "U05"))
    assert (row["KIND"], row["ROW"], row["SRCDOM"]) == ("QUARANTINED", 7, domain)
    assert row["INFLUENCE"] >= 10
    assert row["N_HEADLINES"] >= 5


def test_a_subject_of_dm_may_be_one_more_with_crs_or_without():
    # 2 of 10 may become 2 or 3 of 11.
    row = one(ten(1, 1, n=10), held("DM", 11, "U99"))
    assert row["KIND"] == "QUARANTINED"
    assert row["N_HEADLINES"] >= 4
    rows = ask(ten(3, n=10), quarantine=quarantine(held("DM", 11, "U99")))
    assert rows[0]["INFLUENCE"] > 0


def test_rows_of_a_subject_whom_dm_does_not_have_are_one_question_about_the_subject():
    rows = [held(d, i, "U99", "SUBJECT_NOT_IN_DM") for d, i in (("AE", 1), ("VS", 5), ("VS", 6))]
    row = one(ten(1, 1), *rows)
    assert (row["KIND"], row["USUBJID"], row["N_ROWS"]) == ("SUBJECT_NOT_IN_DM", "U99", 3)
    assert (row["SRCDOM"], row["ROW"]) == ("AE", 1)
    assert "3 rows in AE, VS" in row["QUESTION"]
    assert row["INFLUENCE"] > 0


def test_a_dose_held_back_may_be_an_earlier_first_one_so_that_crs_came_later():
    hand = ten(1, 1).episode("U05", 13, 15).grade("U05", 1)
    row = one(hand, held("EX", 3, "U05"))
    # Day 13 becomes day 15 or later: not by day 14 any more.
    assert moved(row) == ("cumulative incidence of CRS by day 14", 0.3, 0.2, 0.3)


def test_the_only_dose_of_an_untreated_subject_may_make_one_more_treated():
    hand = ten(1, 1).subject("N", SAFFL=None, NDOSES=0, FUPDY=None, TRTSDY=None)
    row = one(hand, held("EX", 3, "N"))
    assert row["INFLUENCE"] > 0


@pytest.mark.parametrize(("basis", "influence"), [("collected", 0), ("derived", 10)])
def test_a_vital_sign_held_back_can_change_a_derived_grade_only(basis, influence):
    hand = ten(n=10)
    for who in ("U00", "U01"):
        hand.episode(who, 3, 5).grade(who, 1).grade(who, 1, BASIS="derived")
    row = one(hand, held("VS", 4, "U00"), primary_basis=basis)
    assert row["INFLUENCE"] == pytest.approx(influence)


def test_a_drug_held_back_may_be_tocilizumab():
    hand = ten(1, 1).tocilizumab("U00", 1, 4)
    row = one(hand, held("CM", 4, "U01"))
    assert moved(row) == ("share of subjects with CRS given tocilizumab", 0.5, 0.5, 1.0)


def test_an_exact_repeat_is_no_question():
    rows = quarantine(held("AE", 4, "U01", "DUPLICATE_ROW"))
    assert ask(ten(1, 1), quarantine=rows) == []


def test_no_held_back_row_is_lost_and_none_is_asked_about_twice():
    rows = [
        *(held("AE", i, "U01") for i in (1, 2)), held("AE", 2, "U01", "END_BEFORE_START"),
        *(held("VS", i, "U02") for i in range(1, 6)), held("VS", 9, "U03"),
        held("AE", 7, None, "USUBJID_MISSING"), held("LB", 3, "U99", "SUBJECT_NOT_IN_DM"),
    ]  # fmt: skip
    asked = ask(ten(1, 1), quarantine=quarantine(*rows))
    counted = sorted((r["SRCDOM"], r["ROW"], r["N_ROWS"]) for r in asked)
    assert counted == [
        ("AE", 1, 1), ("AE", 2, 1), ("AE", 7, 1), ("LB", 3, 1), ("VS", 1, 5), ("VS", 9, 1),
    ]  # fmt: skip
    assert len({r["QUERYID"] for r in asked}) == len(asked)


def test_a_record_without_a_subject_may_be_anybodys():
    nobody, known = (one(ten(1, 1), held("AE", 7, who)) for who in (None, "U05"))
    assert nobody["INFLUENCE"] >= known["INFLUENCE"] > 0
