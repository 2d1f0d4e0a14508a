from __future__ import annotations

import dagster as dg
import pytest
from dagster._core.utils import make_new_run_id

from pipeline.assets.dead_runs import report_dead_runs


@pytest.fixture
def instance():
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def start(instance, **tags):
    run = dg.DagsterRun(
        job_name="study", run_id=make_new_run_id(), tags=tags, status=dg.DagsterRunStatus.STARTED
    )
    instance.run_storage.add_run(run)
    return run.run_id


def test_a_started_run_whose_study_nobody_holds_is_dead(instance, here):
    run_id = start(instance, **{"dagster/partition": "A"})
    assert report_dead_runs(instance, here.store, grace_s=0) == [run_id]
    assert instance.get_run_by_id(run_id).status == dg.DagsterRunStatus.FAILURE
    assert report_dead_runs(instance, here.store, grace_s=0) == []


def test_a_run_whose_study_is_held_lives(instance, here):
    start(instance, **{"dagster/partition": "A"})
    with here.store.locks.hold("A"):
        assert report_dead_runs(instance, here.store, grace_s=0) == []


def test_a_run_over_studies_is_judged_by_their_lock(instance, here):
    run_id = start(instance)
    with here.store.locks.hold("_cohorts"):
        assert report_dead_runs(instance, here.store, grace_s=0) == []
    assert report_dead_runs(instance, here.store, grace_s=0) == [run_id]
