import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.queries.asked import ANSWER
from pipeline.queries.headlines import HEADLINES
from pipeline.queries.influence import Tried, baseline, within_collection
from pipeline.queries.known import make_known
from pipeline.queries.outcomes import derive_outcomes
from pipeline.queries.queries import derive_queries, headline_rows
from pipeline.queries.subjects_anew import units_of
from tests.queries.asked import ask, everything, held, moved, queries, ten, typed, with_statistics
from tests.stats.by_hand import Hand, study
from tests.stats.conftest import mixed

SEVERE = "share of treated subjects with CRS of grade 3 or higher"
ANY = "share of treated subjects with CRS"


def test_one_unknown_grade_of_ten_subjects_could_lift_2_of_10_to_3_of_10():
    (row,) = ask(ten(3, 3, 1, 1, None))
    assert moved(row) == (SEVERE, 0.2, 0.2, 0.3)
    assert row["INFLUENCE"] == pytest.approx(10)
    assert (row["KIND"], row["USUBJID"], row["SRCDOM"], row["SRCSEQ"]) == (
        "GRADE_MISSING", "U04", "AE", 1,
    )  # fmt: skip
    assert (row["RANK"], row["STATUS"], row["N_HEADLINES"]) == (1, "new", 1)


def test_nothing_missing_nothing_asked():
    assert ask(ten(3, 1, 2)) == []


def test_no_subject_at_all_or_none_treated():
    assert ask(Hand()) == []
    assert ask(Hand().subject("U1", SAFFL=None, NDOSES=0, FUPDY=None, TRTSDY=None)) == []


def test_what_moves_most_comes_first_and_what_moves_nothing_last():
    hand = ten(3, None, 1, 1, 1)
    hand.episode("U01", 20, 22).grade("U01", 4)
    hand.episode("U02", 20, 22).grade("U02", None)
    rows = ask(hand)
    # U01 is severe by the other episode whatever the answer; U02 may become severe.
    assert [(r["USUBJID"], r["EPISEQ"], round(r["INFLUENCE"], 1)) for r in rows] == [
        ("U02", 2, 10.0), ("U01", 1, 0.0),
    ]  # fmt: skip
    assert rows[1]["HEADLINE"] is None


def test_the_order_of_rows_changes_no_byte():
    tables = everything(ten(3, None, None, 1), quarantine=typed("quarantine", held("AE", 3, "U07")))
    turned = {name: frame.reverse() for name, frame in tables.items()}
    assert_frame_equal(queries(tables), queries(turned), check_exact=True)


def test_a_query_of_the_drop_before_is_open_another_is_new():
    before = derive_queries(everything(ten(3, None)), study())["queries"]
    now = derive_queries(everything(ten(3, None, None)), study(), before)["queries"]
    status = dict(now.select("USUBJID", "STATUS").iter_rows())
    assert status == {"U01": "open", "U02": "new"}


def test_the_same_query_keeps_its_name_whatever_the_answers_to_others():
    first = queries(everything(ten(3, None)))
    later = queries(everything(ten(1, None, 4)))
    assert first["QUERYID"].to_list() == later["QUERYID"].to_list()


def test_where_no_grade_is_known_at_all_the_share_is_moved_by_all_it_could_be():
    rows = ask(ten(None, None))
    assert [moved(r) for r in rows] == [(SEVERE, None, 0.0, 0.1)] * 2
    assert [round(r["INFLUENCE"], 6) for r in rows] == [10, 10]


def test_a_query_in_one_cohort_moves_that_cohort_alone():
    hand = Hand(cohort=None)
    for i in range(4):
        hand.subject(f"A{i}", COHORT="car_t").subject(f"B{i}", COHORT="bispecific")
    for who in ("A0", "B0", "B1"):
        hand.episode(who, 2, 4).grade(who, None if who == "B0" else 1)
    cohorts = {"cohort": {"x": "car_t", "y": "bispecific"}}
    (row,) = queries(everything(hand, cohorts), **cohorts).to_dicts()
    assert (row["COHORT"], moved(row)) == ("bispecific", (SEVERE, 0.0, 0.0, 0.25))


@pytest.mark.parametrize("basis", ["collected", "derived"])
@pytest.mark.parametrize("cohort", ["car_t", "bispecific"])
def test_without_an_answer_every_headline_is_the_number_in_results(cohort, basis):
    """Event by event the same statistics as on the page, for subjects with every outcome."""
    named = study(primary_basis=basis, ae_collection_days=None)
    tables = with_statistics(mixed("S1", cohort), {"primary_basis": basis})
    known = make_known(tables, named)
    none = units_of(pl.DataFrame(schema=ANSWER))
    outcomes = derive_outcomes(known, known.pair, none)
    tried = within_collection(Tried(none, none, outcomes, basis))
    rows = headline_rows(tables["results"], "ASTCT2019", basis)
    assert rows["PLACE"].to_list() == list(range(len(HEADLINES)))
    for place, value in rows.select("PLACE", "VALUE").iter_rows():
        found = baseline(HEADLINES[place], tried.subjects, basis)
        assert found == pytest.approx(value, abs=1e-12), HEADLINES[place].name


def test_the_influence_is_that_of_running_all_statistics_again_with_the_answer():
    """A grade, an end, a further CRS and a moved onset, each put into the tables by hand."""
    hand = ten(3, None, 2, 1, 1, 2)
    hand.episode("U06", 6, None, END_REASON="ONGOING").grade("U06", 2)
    by = {(r["KIND"], r["USUBJID"]): r for r in ask(hand)}

    def again(change):
        other = ten(3, None, 2, 1, 1, 2)
        change(other)
        rows = headline_rows(with_statistics(other)["results"], "ASTCT2019", "collected")
        return dict(rows.select("PLACE", "VALUE").iter_rows())

    places = {h.words: i for i, h in enumerate(HEADLINES)}

    def graded(other):
        other.rows["grades"][1]["GRADE"] = 4
        other.episode("U06", 6, None, END_REASON="ONGOING").grade("U06", 2)

    row = by["GRADE_MISSING", "U01"]
    assert again(graded)[places[row["HEADLINE"]]] == pytest.approx(row["HIGH"])
    row = by["END_MISSING", "U06"]
    ends = [
        again(lambda o, end=end: o.episode("U06", 6, end).grade("U06", 2))[places[row["HEADLINE"]]]
        for end in (6, 12, 28)
    ]
    assert min(ends) == pytest.approx(row["LOW"])
    assert max(ends) == pytest.approx(row["HIGH"])
