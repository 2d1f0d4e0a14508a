from __future__ import annotations

import dagster as dg
import pytest
from dagster._core.launcher import LaunchRunContext, ResumeRunContext, WorkerStatus
from dagster._core.utils import make_new_run_id
from dagster_celery.tags import DAGSTER_CELERY_TASK_ID_TAG

from pipeline.lake.dagster_yaml import Settings, dagster_yaml
from pipeline.workers import broker
from pipeline.workers.broker import add_tasks, celery_app, queue_name
from tests.watching.test_dead_runs import ORIGIN

TASK = {DAGSTER_CELERY_TASK_ID_TAG: "t-1"}


@pytest.fixture
def instance(monkeypatch, here):
    monkeypatch.setenv("CRSIGHT_BROKER", "memory://")
    monkeypatch.setenv("CRSIGHT_LOST_S", "0")
    monkeypatch.setenv("CRSIGHT_HOME", str(here.home.root))
    here.home.dagster.mkdir(parents=True)
    (here.home.dagster / "dagster.yaml").write_text(dagster_yaml(Settings(broker=True)))
    with dg.DagsterInstance.from_config(str(here.home.dagster)) as instance:
        yield instance


def run(instance, origin=ORIGIN, **tags):
    made = dg.DagsterRun(
        job_name="study", run_id=make_new_run_id(), job_code_origin=origin,
        status=dg.DagsterRunStatus.STARTED, tags={"dagster/partition": "A", **tags},
    )  # fmt: skip
    instance.run_storage.add_run(made)
    return made


def health(instance, made):
    return instance.run_launcher.check_run_worker_health(made).status


def test_a_run_is_well_as_long_as_its_study_is_held(instance, here):
    made = run(instance)
    with here.store.locks.hold("A"):
        assert health(instance, made) == WorkerStatus.RUNNING
    assert health(instance, made) == WorkerStatus.FAILED


def test_a_run_that_just_ended_is_not_resumed(instance):
    made = run(instance)
    instance.report_run_failed(made)
    assert health(instance, made) == WorkerStatus.RUNNING


def test_what_a_command_line_runs_is_not_resumed(instance):
    assert health(instance, run(instance, origin=None)) == WorkerStatus.RUNNING


@pytest.mark.parametrize(("send", "task"), [("launch", "execute_job"), ("resume", "resume_job")])
def test_a_run_is_sent_to_the_queue_of_this_code(instance, send, task):
    made, launcher = run(instance), instance.run_launcher
    context = {
        "launch": lambda: LaunchRunContext(made, workspace=None),
        "resume": lambda: ResumeRunContext(made, workspace=None),
    }[send]()
    getattr(launcher, f"{send}_run")(context)
    with launcher.celery.connection_for_read() as connection:
        message = connection.SimpleQueue(launcher.celery.amqp.queues[queue_name()]).get(timeout=5)
    assert message.headers["task"] == task
    assert made.run_id in str(message.payload)
    assert DAGSTER_CELERY_TASK_ID_TAG in instance.get_run_by_id(made.run_id).tags


def test_a_run_taken_back_is_canceled_and_interrupted(instance, monkeypatch):
    made, sent = run(instance, **TASK), []
    control = instance.run_launcher.celery.control
    monkeypatch.setattr(control, "revoke", lambda task, **how: sent.append((task, how)))
    assert instance.run_launcher.terminate(made.run_id)
    assert sent == [("t-1", {"terminate": True, "signal": "SIGINT"})]
    assert instance.get_run_by_id(made.run_id).status == dg.DagsterRunStatus.CANCELING


def test_a_run_that_ended_or_was_never_sent_cannot_be_taken_back(instance):
    ended = run(instance, **TASK)
    instance.report_run_failed(ended)
    for made in (ended, run(instance)):
        assert not instance.run_launcher.terminate(made.run_id)
    assert not instance.run_launcher.terminate(make_new_run_id())


def test_other_code_waits_for_other_workers(monkeypatch, instance):
    ours = queue_name()
    assert instance.run_launcher.default_queue == ours
    assert ours in instance.run_launcher.get_run_worker_debug_info(run(instance))
    monkeypatch.setattr(broker, "stage_code", lambda: {"crs": "another"})
    assert queue_name() != ours


def test_a_run_may_come_twice_a_resumed_one_not():
    app = celery_app("memory://")
    add_tasks(app)
    late = {name: app.tasks[name].acks_late for name in ("execute_job", "resume_job")}
    assert late == {"execute_job": True, "resume_job": False}
    assert app.conf.worker_prefetch_multiplier == 1
