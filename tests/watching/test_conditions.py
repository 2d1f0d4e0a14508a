from __future__ import annotations

import time

import dagster as dg
import pytest
from dagster._core.utils import make_new_run_id

from pipeline.lake.inbox import Drop
from pipeline.lake.manifest import COHORTS
from pipeline.lake.state import State
from pipeline.watching.conditions import conditions
from pipeline.watching.stale import work_of
from pipeline.watching.waiting import note_waiting
from tests.assets.fakes import write_drop
from tests.assets.test_over_studies import run_all_over_studies
from tests.assets.test_work import run_all

HOUR = 3600.0


@pytest.fixture
def instance():
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def add_run(instance, status, study=None, job="study"):
    run = dg.DagsterRun(
        job, make_new_run_id(), tags={"dagster/partition": study} if study else {}, status=status
    )
    instance.run_storage.add_run(run)
    return run.run_id


def fail(instance, study=None, job="study"):
    """A run that fails by Dagster's own word, with its times."""
    run_id = add_run(instance, dg.DagsterRunStatus.STARTED, study, job)
    instance.report_run_failed(instance.get_run_by_id(run_id))
    return run_id


def bad(here, instance, now=None):
    found, _ = conditions(here, instance, now or time.time())
    return {c.about: (c.state, c.reason, c.good) for c in found.values() if c.bad}


def test_a_failed_study_is_told_with_our_line_only_and_its_run(here, instance):
    write_drop(here.inbox, "A")
    run_all(here)
    here.store.set_state(State("A", "failed", ("stage crs: a check failed", "episodes: S-1 bad")))
    run_id = add_run(instance, dg.DagsterRunStatus.FAILURE, "A")
    found, unsure = conditions(here, instance, time.time())
    assert bad(here, instance) == {
        "A": ("failed", "stage crs: a check failed", "Version 1 stays published.")
    }
    assert (found["A"].run, unsure) == (run_id, set())


def test_a_refused_drop_is_told_without_the_place_of_the_inbox(here, instance):
    here.store.set_state(State("B", "refused", (f"{here.inbox}/B/dm.csv is empty", "more")))
    assert bad(here, instance) == {
        "B": ("was refused", "B/dm.csv is empty", "Nothing of it is published.")
    }


def test_the_name_of_a_folder_that_is_none_is_kept_back(here, instance):
    here.store.set_state(State("Jane Doe", "refused", ("folder name 'Jane Doe': …",)))
    ((name, said),) = bad(here, instance).items()
    assert name.startswith("a folder with an unusable name (")
    assert "Jane" not in f"{name} {said}"


def test_a_failed_run_over_studies_has_a_name(here, instance):
    here.store.set_state(State(COHORTS, "failed", ("stage cohorts: ValueError",)))
    assert bad(here, instance)["the pages over all studies"][0] == "failed"


def test_published_and_withdrawn_are_not_bad(here, instance):
    for study in ("A", "B"):
        write_drop(here.inbox, study)
        run_all(here, study)
    here.store.set_state(State("B", "withdrawn"))
    found, _ = conditions(here, instance, time.time())
    assert {c.about: c.state for c in found.values()} == {"A": "is published", "B": "is withdrawn"}


@pytest.mark.parametrize("how", ["starting", "locked", "stale"])
def test_nothing_is_said_of_what_is_under_way(here, instance, how):
    here.store.set_state(State("A", "stale" if how == "stale" else "failed", ("x",)))
    if how == "starting":
        add_run(instance, dg.DagsterRunStatus.STARTING, "A")
    if how == "locked":
        with here.store.locks.hold("A"):
            assert conditions(here, instance, 0)[1] == {"A"}
    else:
        assert conditions(here, instance, 0)[1] == {"A"}


def wait(here, study="A"):
    write_drop(here.inbox, study)
    note_waiting(here, [work_of(here, Drop(study, here.inbox / study))])


def test_a_study_that_waits_too_long_is_told_unless_its_failure_is(here, instance):
    wait(here)
    assert bad(here, instance) == {}
    later = time.time() + 37 * HOUR
    assert bad(here, instance, later)["A"][0] == "waits"
    here.store.set_state(State("A", "failed", ("x",)))
    assert bad(here, instance, later)["A"][0] == "failed"


def test_a_run_that_died_is_told_once_nobody_started_it_again(here, instance):
    wait(here)
    run_id = fail(instance, "A")
    assert bad(here, instance) == {}  # the sensor tries again
    later = time.time() + 121
    state, reason, _ = bad(here, instance, later)["A"]
    assert (state, reason.split(":")[0]) == ("failed", "its run ended without a word")
    assert conditions(here, instance, later)[0]["A"].run == run_id
    run_all(here)
    note_waiting(here, [work_of(here, Drop("A", here.inbox / "A"))])
    assert bad(here, instance, later) == {}  # the command line has done it


def test_a_run_over_studies_that_died_is_told_while_there_is_work(here, instance):
    fail(instance, job="over_studies")
    later = time.time() + 121
    assert "the pages over all studies" in bad(here, instance, later)
    run_all_over_studies(here)
    assert bad(here, instance, later) == {}
