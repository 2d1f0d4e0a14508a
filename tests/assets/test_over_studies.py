from __future__ import annotations

import pytest

from pipeline.assets.over_studies import finish_cohorts, missing, run_cohort_stage, used
from pipeline.assets.work import UnreadyError
from pipeline.lake.manifest import COHORTS
from pipeline.lake.store import State
from pipeline.plan import COHORT_STAGES
from tests.assets.fakes import write_drop
from tests.assets.test_work import run_all


def run_all_over_studies(here, run="c1", *, force=False):
    outcomes = {s: run_cohort_stage(here, s, run, force=force) for s in COHORT_STAGES}
    return outcomes, finish_cohorts(here, run)


@pytest.fixture
def two(here):
    for study in ("A", "B"):
        write_drop(here.inbox, study)
        run_all(here, study)
    return here


def page(here, path):
    return (here.home.published / path).read_text()


def test_no_study_at_all_gives_pages_that_say_so(here):
    run_all_over_studies(here)
    assert page(here, "index.html") == "ready: ; missing: []"


def test_the_manifest_records_which_manifests_were_used(two):
    _, manifest = run_all_over_studies(two)
    a, b = two.store.current("A"), two.store.current("B")
    assert manifest.meta["manifests"] == {
        "A": {"number": 1, "content": a.content},
        "B": {"number": 1, "content": b.content},
    }
    assert manifest.drop["A"] == a.data
    assert manifest.drop == used(two)


def test_nothing_is_computed_twice(two):
    run_all_over_studies(two)
    outcomes, manifest = run_all_over_studies(two, run="c2")
    assert all(outcome.reused for outcome in outcomes.values())
    assert manifest.number == 1


def test_one_run_uses_the_same_manifests_from_first_to_last(two):
    """A study is published while the pages over studies are being made."""
    run_cohort_stage(two, "cohorts", "c1")
    write_drop(two.inbox, "C")
    run_all(two, "C")
    run_cohort_stage(two, "cohort_pages", "c1")
    run_cohort_stage(two, "index_pages", "c1")
    manifest = finish_cohorts(two, "c1")
    assert page(two, "index.html") == "ready: A B; missing: []"
    assert manifest.drop != used(two)  # so the next plan finds it stale


def test_studies_that_are_not_ready_are_named_and_not_waited_for(two):
    two.store.set_state(State("A", "failed", ("stage crs: ValueError", "S-1 has 39.9")))
    two.store.set_state(State("X", "refused", (f"study.yaml: see {two.inbox}/X",)))
    named = {m.study: m.problems for m in missing(two, two.store.ready(), two.store.states())}
    assert named["A"] == ("stage crs: ValueError",)  # what the data say is not for a page
    assert named["X"] == ("study.yaml: see X",)  # nor where the inbox is
    run_all_over_studies(two)
    assert page(two, "index.html") == "ready: A B; missing: [('A', 'failed'), ('X', 'refused')]"


def test_a_page_stage_alone_needs_the_tables(here):
    with pytest.raises(UnreadyError, match="cohort_pages needs cohorts"):
        run_cohort_stage(here, "cohort_pages", "c1")


def test_cohort_results_are_stored_under_the_pseudo_study(two):
    run_all_over_studies(two)
    assert set(two.store.current(COHORTS).tables) == {"cohort_results", "cohort_sets"}
    assert two.stages.calls[-1] == "A+B cohorts"
