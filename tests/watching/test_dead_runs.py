from __future__ import annotations

import dagster as dg
import pytest
from dagster._core.code_pointer import ModuleCodePointer
from dagster._core.events import EngineEventData
from dagster._core.origin import JobPythonOrigin, RepositoryPythonOrigin
from dagster._core.utils import make_new_run_id

from pipeline.watching.dead_runs import report_dead_runs

ORIGIN = JobPythonOrigin("study", RepositoryPythonOrigin("python", ModuleCodePointer("m", "f")))


@pytest.fixture
def instance(monkeypatch):
    monkeypatch.setenv("CRSIGHT_LOST_S", "0")
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def monitored(monkeypatch, tmp_path):
    """An instance whose monitoring resumes runs."""
    monkeypatch.setenv("CRSIGHT_LOST_S", "0")
    monkeypatch.setenv("CRSIGHT_BROKER", "memory://")
    from pipeline.lake.dagster_yaml import Settings, dagster_yaml

    (tmp_path / "dagster.yaml").write_text(dagster_yaml(Settings(broker=True)))
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        yield instance


def start(instance, origin=None, **tags):
    run = dg.DagsterRun(
        job_name="study", run_id=make_new_run_id(), tags=tags, job_code_origin=origin,
        status=dg.DagsterRunStatus.STARTED,
    )  # fmt: skip
    instance.run_storage.add_run(run)
    return run.run_id


def test_a_started_run_whose_study_nobody_holds_is_dead(instance, here):
    run_id = start(instance, **{"dagster/partition": "A"})
    assert report_dead_runs(instance, here.store) == [run_id]
    assert instance.get_run_by_id(run_id).status == dg.DagsterRunStatus.FAILURE
    assert report_dead_runs(instance, here.store) == []


def test_a_run_whose_study_is_held_lives(instance, here):
    start(instance, **{"dagster/partition": "A"})
    with here.store.locks.hold("A"):
        assert report_dead_runs(instance, here.store) == []


def test_a_run_over_studies_is_judged_by_their_lock(instance, here):
    run_id = start(instance)
    with here.store.locks.hold("_cohorts"):
        assert report_dead_runs(instance, here.store) == []
    assert report_dead_runs(instance, here.store) == [run_id]


def test_a_run_that_spoke_a_moment_ago_is_still_starting(instance, here, monkeypatch):
    run_id = start(instance)
    instance.report_engine_event("here I am", instance.get_run_by_id(run_id))
    monkeypatch.setenv("CRSIGHT_LOST_S", "60")
    assert report_dead_runs(instance, here.store) == []
    monkeypatch.setenv("CRSIGHT_LOST_S", "0")
    assert report_dead_runs(instance, here.store) == [run_id]


def test_a_run_that_was_sent_may_wait_for_a_worker(instance, here):
    run_id = start(instance)
    sent = EngineEventData({"Celery Task ID": "x"})
    instance.report_engine_event("sent", instance.get_run_by_id(run_id), sent)
    assert report_dead_runs(instance, here.store) == []


def test_what_monitoring_resumes_is_left_to_it(monitored, here):
    launched, by_hand = start(monitored, ORIGIN), start(monitored)
    assert report_dead_runs(monitored, here.store) == [by_hand]
    assert monitored.get_run_by_id(launched).status == dg.DagsterRunStatus.STARTED
