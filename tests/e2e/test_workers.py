"""Whole studies as runs on two workers, one of which is killed: nothing lost, nothing twice.

CRSIGHT_WORKERS_STUDIES sets how many studies; `make soak` takes twenty.
"""

from __future__ import annotations

import os
import sys

import dagster as dg
import pytest
from dagster._grpc.types import ExecuteRunArgs
from dagster._serdes import pack_value

from pipeline.lake.store import Store
from pipeline.workers.broker import celery_app, queue_name
from tests.e2e.drops import tree, write_drop
from tests.e2e.processes import environment, kill, start
from tests.e2e.workers import site

pytestmark = pytest.mark.process
STUDIES = [f"S{n:02}" for n in range(1, int(os.environ.get("CRSIGHT_WORKERS_STUDIES", "4")) + 1)]
RUN = [sys.executable, "-m", "pipeline.cli", "run"]
SUCCESS, STARTED = dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.STARTED


def result(home):
    """What readers see, and on what it stands."""
    published = tree(home / "published", leave_out=("status.html",))
    return published, tree(home / "lake" / "manifests"), tree(home / "lake" / "objects")


def deliver_again(run, instance):
    """As the broker does with what a worker did not confirm in time."""
    args = ExecuteRunArgs(run.job_code_origin, run.run_id, instance.get_ref(), True)
    celery_app(os.environ["CRSIGHT_BROKER"]).send_task(
        "execute_job",
        kwargs={"execute_job_args_packed": pack_value(args)},
        routing_key=f"{queue_name()}.execute_job",
    )


def covers_all(store):
    over = store.current("_cohorts")
    return over is not None and set(over.meta["manifests"]) == set(STUDIES)


def test_a_worker_is_killed_in_the_middle(sources, tmp_path):
    for number, study in enumerate(STUDIES):
        (write_drop(tmp_path / "inbox", study, grade=1 + number % 4) / "_SUCCESS").touch()
    alone = environment(sources, tmp_path, CRSIGHT_HOME=str(tmp_path / "one"))
    with site(sources, tmp_path, 2, CRSIGHT_LOST_S="20") as here:
        stays, dies = here.workers
        here.wait(lambda: here.runs_of(dies, SUCCESS) and here.runs_of(stays, SUCCESS))
        (hit,) = here.wait(lambda: here.runs_of(dies, STARTED))
        kill(dies)
        deliver_again(hit, here.instance)
        # It takes its time until the worker counts as lost: time for the other machine.
        one_machine = start(RUN, alone, tmp_path / "one.log")

        store = Store(here.home.lake)
        here.wait(lambda: covers_all(store))
        here.wait(lambda: all(run.is_finished for run in here.runs()))
        assert {study: store.numbers(study) for study in STUDIES} == {s: [1] for s in STUDIES}
        assert [[r.status for r in here.runs(s)] for s in STUDIES] == [[SUCCESS]] * len(STUDIES)
        assert "Launching a new run worker to resume run" in here.said(hit)
        assert "Ignoring a" in here.said(hit)  # what was delivered again
        assert hit.run_id in {run.run_id for run in here.runs_of(stays, SUCCESS)}

    assert one_machine.wait(900) == 0, (tmp_path / "one.log").read_text()
    assert result(here.home.root) == result(tmp_path / "one")
