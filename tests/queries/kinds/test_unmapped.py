import pytest

from tests.queries.asked import ask, everything, moved, queries, sdtm, ten, typed


def unknown(term="NEWMAB", name="drugs", relevant="Y", **row):
    base = {"LIST": name, "RANK": 1, "TERM": term, "SRCDOM": "CM", "N_ROWS": 2, "N_SUBJECTS": 2}
    return typed("unmapped", base | {"RELEVANT": relevant} | row)


def given(*rows):
    return sdtm("CM", *(
        {"USUBJID": who, "CMSEQ": i, "ROW": i, "CMTRT": drug, "CMSTDY": day}
        for i, (who, drug, day) in enumerate(rows, 1)
    ))  # fmt: skip


def test_an_unknown_drug_may_be_tocilizumab_of_all_who_got_it_in_crs():
    drugs = given(("U00", "newmab", 4), ("U01", "Newmab ", 3), ("U02", "newmab", 20))
    hand = ten(1, 1, 1, 1).tocilizumab("U03", 1, 4)
    (row,) = ask(hand, unmapped=unknown(), sdtm_cm=drugs)
    # U02 got it long after the episode.
    assert moved(row) == ("share of subjects with CRS given tocilizumab", 0.25, 0.25, 0.75)
    assert (row["USUBJID"], row["SRCDOM"], row["ROW"], row["COLUMN"]) == (None, "CM", 1, "CMDECOD")


def test_a_term_that_is_none_of_ours_is_no_question():
    assert ask(ten(1), unmapped=unknown(relevant=None), sdtm_cm=given(("U00", "newmab", 4))) == []


@pytest.mark.parametrize(("basis", "influence"), [("collected", 0), ("derived", 20)])
def test_an_unknown_unit_may_change_derived_grades(basis, influence):
    hand = ten(n=10)
    for who in ("U00", "U01"):
        hand.episode(who, 3, 5).grade(who, 1).grade(who, 1, BASIS="derived")
    drugs = sdtm("CM", *(
        {"USUBJID": who, "CMSEQ": 1, "ROW": i, "CMTRT": "NOREPINEPHRINE", "CMDOSU": "drops / h",
         "CMSTDY": 4} for i, who in enumerate(("U00", "U01"), 1)
    ))  # fmt: skip
    choice = {"primary_basis": basis}
    unit = unknown("DROPS/H", "dose_units", ABOUT="NOREPINEPHRINE")
    tables = everything(hand, choice, unmapped=unit, sdtm_cm=drugs)
    (row,) = queries(tables, **choice).to_dicts()
    assert row["INFLUENCE"] == pytest.approx(influence)
    assert row["ROW"] == 1
