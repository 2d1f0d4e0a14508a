from __future__ import annotations

import polars as pl
import pytest

from pipeline.lookup import NotThereError, rows_of, sources, study_of, table
from tests.assets.fakes import results_of, write_drop
from tests.assets.test_over_studies import run_all_over_studies
from tests.assets.test_work import run_all


@pytest.fixture
def store(here):
    """A has two subjects (one in its first run), B one; both are compared."""
    write_drop(here.inbox, "A", "S-1")
    run_all(here, "A", "r1")
    write_drop(here.inbox, "A", "S-1 S-2")
    run_all(here, "A", "r2")
    write_drop(here.inbox, "B", "S-3")
    run_all(here, "B")
    run_all_over_studies(here)
    return here.store


def subjects(frame):
    return frame["USUBJID"].to_list()


def test_all_studies_or_one(store):
    assert subjects(table(store, "adsl")) == ["S-1", "S-2", "S-3"]
    assert subjects(table(store, "adsl", "B")) == ["S-3"]
    assert table(store, "sdtm_dm", "A").height == 2


def test_as_of_an_earlier_run(store):
    assert subjects(table(store, "adsl", "A", 1)) == ["S-1"]
    assert subjects(table(store, "adsl", "A", 2)) == ["S-1", "S-2"]


def test_results_hold_what_was_made_over_studies(store):
    assert table(store, "results")["STUDYID"].to_list() == ["A", "B", "ALL"]
    assert table(store, "results", "ALL")["STUDYID"].to_list() == ["ALL"]
    assert table(store, "results", "A")["STUDYID"].to_list() == ["A"]
    assert table(store, "cohort_results")["STUDYID"].to_list() == ["ALL"]


def test_sources_name_everybody_behind_a_number():
    results, sets = results_of("A", ["S-1", "S-2"])
    lonely = results.with_columns(RESULTID=pl.lit("none"), SET_N=None, SET_EVENTS=None)
    got = sources(pl.concat([results, lonely.cast(results.schema)]), sets)
    assert got.rows() == [
        ("r-A", "events", "A", "S-1", 0),
        ("r-A", "events", "A", "S-2", 0),
        ("r-A", "n", "A", "S-1", 0),
        ("r-A", "n", "A", "S-2", 0),
    ]


def test_a_set_that_study_and_cohort_cite_is_listed_once(store):
    sets = table(store, "sets")
    assert sets.height == sets.unique().height > 0


def test_sources_of_a_study(store):
    assert set(table(store, "sources", "B")["USUBJID"]) == {"S-3"}
    assert set(table(store, "sources")["RESULTID"]) == {"r-A", "r-B", "r-ALL"}


def test_what_is_not_there_is_said_with_what_is(store):
    with pytest.raises(NotThereError, match="no table 'grade'; there are: sdtm_dm"):
        table(store, "grade")
    with pytest.raises(NotThereError, match="no study 'X' was published; there are: A, B, ALL"):
        table(store, "adsl", "X")
    with pytest.raises(NotThereError, match="A has no run 7; its runs are 1, 2"):
        table(store, "adsl", "A", 7)


def test_a_withdrawn_study_is_in_no_table_but_its_earlier_runs_are(store):
    store.withdraw("A")
    assert subjects(table(store, "adsl")) == ["S-3"]
    with pytest.raises(NotThereError, match="A was withdrawn; its runs were 1, 2"):
        table(store, "adsl", "A")
    assert subjects(table(store, "adsl", "A", 2)) == ["S-1", "S-2"]


def test_an_empty_lake(here):
    with pytest.raises(NotThereError, match="was not made yet"):
        table(here.store, "adsl")


def test_the_study_of_a_subject(store):
    study, manifest = study_of(store, "S-3")
    assert study == "B"
    assert rows_of(store, manifest, "episodes", "S-3").height == 1
    with pytest.raises(NotThereError, match=r"no subject 'S-9' in the published studies \(A, B\)"):
        study_of(store, "S-9")
