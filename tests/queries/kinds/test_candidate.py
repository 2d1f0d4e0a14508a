from pipeline.queries.kinds.candidate import ask_candidates
from pipeline.queries.known import make_known
from tests.queries.asked import ask, everything, moved, ten, typed
from tests.stats.by_hand import study

CANDIDATE = {
    "USUBJID": "U05", "CANDSEQ": 1, "SYSTEM": "ASTCT2019", "START": 172_800, "END": 259_200,
    "ASTDY": 3, "AENDY": 3, "DOSESEQ": 1, "ONSET_D": 2, "GRADE": 3, "ACCOUNT": "fever",
}  # fmt: skip
FEVER = {"USUBJID": "U05", "LADDER": "fever", "LEVEL": 1, "START": 172_800, "END": 200_000,
         "SRCDOM": "VS", "SRCSEQ": 17}  # fmt: skip


def test_signs_that_no_record_covers_may_be_one_more_crs():
    (row,) = ask(
        ten(1, 1), candidates=typed("candidates", CANDIDATE), findings=typed("findings", FEVER)
    )
    # Three with CRS instead of two, and the third may not have been seen to end.
    assert moved(row) == ("share recovered by day 7 of first CRS", 1.0, 0.6667, 1.0)
    assert (row["KIND"], row["SRCDOM"], row["SRCSEQ"]) == ("CANDIDATE", "VS", 17)


def test_of_several_systems_it_is_asked_once_with_the_grade_of_the_headlines_own():
    rows = [CANDIDATE, CANDIDATE | {"SYSTEM": "LEE2014", "GRADE": 1}]
    (row,) = ask(
        ten(1, 3), candidates=typed("candidates", *rows), findings=typed("findings", FEVER)
    )
    assert row["N_HEADLINES"] >= 2


def test_without_a_grade_it_may_be_any():
    bare = CANDIDATE | {"GRADE": None, "REASON": "NO_DOMAIN PR"}
    tables = everything(
        ten(3), candidates=typed("candidates", bare), findings=typed("findings", FEVER)
    )
    answers = ask_candidates(make_known(tables, study())).answers
    assert sorted(set(answers["GRADE"])) == [1, 2, 3, 4]
    assert set(answers["AENDY"]) == {3, None}
