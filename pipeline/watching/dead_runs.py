"""Runs whose process died without a word: they would hold a place in the queue for ever."""

from __future__ import annotations

import os
import time

import dagster as dg

from pipeline.assets.run_tags import PARTITION
from pipeline.lake.clean_up import LOCK as CLEAN_UP
from pipeline.lake.manifest import COHORTS
from pipeline.lake.store import Store
from pipeline.watching.run_records import CLEAN_UP_JOB

_SENT = "Celery Task ID"  # in the last word of a run that waits for a worker


def lost_s() -> float:
    """Silence after which a run whose study nobody holds is lost (CRSIGHT_LOST_S, default 60)."""
    return float(os.environ.get("CRSIGHT_LOST_S", "60"))


def report_dead_runs(instance: dg.DagsterInstance, store: Store) -> list[str]:
    """Mark as failed every dead run that nobody resumes; the sensor asks for another one.

    Returns:
        Identifiers of those runs.
    """
    filters = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])
    dead = [
        run
        for run in instance.get_runs(filters)
        if is_dead(instance, run, store) and not _resumed(instance, run)
    ]
    for run in dead:
        instance.report_run_failed(run, message="The process of this run died; it is run again.")
    return [run.run_id for run in dead]


def is_dead(instance: dg.DagsterInstance, run: dg.DagsterRun, store: Store) -> bool:
    """Whether a run that counts as started has no process any more.

    A living run holds its study's lock from first to last step. Before and after that it is given
    a grace from the last word in its log; while it waits for a worker, as long as a start may take.
    """
    if store.locks.held(_lock_of(run)):
        return False
    records = instance.get_records_for_run(run.run_id, limit=1, ascending=False).records
    if records:
        last = records[0].event_log_entry
        event = last.dagster_event
        sent = event and event.is_engine_event and _SENT in event.engine_event_data.metadata
        patience = instance.run_monitoring_start_timeout_seconds if sent else lost_s()
        if time.time() - last.timestamp < patience:
            return False
    # It may have ended between the questions.
    now = instance.get_run_by_id(run.run_id)
    return now is not None and now.status == dg.DagsterRunStatus.STARTED


def _lock_of(run: dg.DagsterRun) -> str:
    return CLEAN_UP if run.job_name == CLEAN_UP_JOB else run.tags.get(PARTITION, COHORTS)


def _resumed(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    """Whether Dagster's monitoring resumes such a run, on another worker.

    What `crsight run` started in its own process, it could not.
    """
    launched = run.job_code_origin is not None
    return (
        launched and instance.run_monitoring_enabled and instance.run_launcher.supports_resume_run
    )
