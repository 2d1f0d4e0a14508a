"""Starts runs on workers, each run on one: dagster-celery's launcher, told how our runs live.

The launcher as it comes asks Celery how a run's task is. Celery says "started" for ever of a worker
that was killed, and "pending" of a resumed run that waits for a free worker. A run holds its
study's lock as long as its process lives, so that is what is asked here. Its `resume_run` does not
work (0.29.27 names the task's argument wrongly), and its `terminate` leaves a run that counts as
started.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, cast

import dagster as dg
from dagster import _check as check
from dagster._config import UserConfigSchema
from dagster._core.launcher import (
    CheckRunHealthResult,
    LaunchRunContext,
    ResumeRunContext,
    WorkerStatus,
)
from dagster._grpc.types import ExecuteRunArgs, ResumeRunArgs
from dagster._serdes import ConfigurableClassData, pack_value
from dagster_celery.config import TASK_EXECUTE_JOB_NAME, TASK_RESUME_JOB_NAME
from dagster_celery.launcher import CeleryRunLauncher
from dagster_celery.tags import DAGSTER_CELERY_TASK_ID_TAG

from pipeline.assets.place import Place
from pipeline.lake.store import Store
from pipeline.watching.dead_runs import is_dead
from pipeline.workers.broker import add_tasks, celery_app, queue_name


class StudyLauncher(CeleryRunLauncher):
    """Named in the dagster.yaml of a home with workers."""

    def __init__(self, broker: str, inst_data: ConfigurableClassData | None = None) -> None:
        """Made by Dagster from its configuration."""
        super().__init__(default_queue=queue_name(), broker=broker, inst_data=inst_data)
        self.celery = celery_app(broker)
        add_tasks(self.celery)

    @functools.cached_property
    def _store(self) -> Store:
        return Place().store

    @classmethod
    def config_type(cls) -> UserConfigSchema:
        """What dagster.yaml may say: where the broker is."""
        return {"broker": dg.Field(dg.StringSource, description="URL of the Celery broker")}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData, config_value: Mapping[str, Any]
    ) -> StudyLauncher:
        """Made by Dagster from its configuration."""
        return cls(inst_data=inst_data, **config_value)

    def launch_run(self, context: LaunchRunContext) -> None:
        """Send a run to the workers."""
        self._send(context.dagster_run, ExecuteRunArgs, TASK_EXECUTE_JOB_NAME)

    def resume_run(self, context: ResumeRunContext) -> None:
        """Send a run whose worker was lost to another one."""
        self._send(context.dagster_run, ResumeRunArgs, TASK_RESUME_JOB_NAME)

    def _send(
        self, run: dg.DagsterRun, arguments: type[ExecuteRunArgs | ResumeRunArgs], task: str
    ) -> None:
        origin = check.not_none(run.job_code_origin)
        packed = pack_value(arguments(origin, run.run_id, self._instance.get_ref(), True))
        signature = self.celery.tasks[task].si(**{f"{task}_args_packed": packed})
        self._launch_celery_task_run(run, signature, task)

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Whether a run that has started still has a process; without one monitoring resumes it."""
        if run.job_code_origin is None or not is_dead(self._instance, run, self._store):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(WorkerStatus.FAILED, "no process holds its study any more")

    def get_run_worker_debug_info(
        self, run: dg.DagsterRun, include_container_logs: bool | None = True
    ) -> str | None:
        """What is said of a run that did not start in time."""
        del run, include_container_logs
        return (
            f"No worker took it from queue {queue_name()}. Are enough workers running, with the "
            "same code as the daemon? `python -m pipeline.worker` says its queue when it starts."
        )

    def terminate(self, run_id: str) -> bool:
        """Interrupt a run as Ctrl-C does; a worker that is lost meanwhile does not get it back."""
        run = self._instance.get_run_by_id(run_id)
        task = run.tags.get(DAGSTER_CELERY_TASK_ID_TAG) if run and not run.is_finished else None
        if run is None or task is None:
            return False
        self._instance.report_run_canceling(run)
        cast("Any", self.celery.control).revoke(task, terminate=True, signal="SIGINT")
        return True
