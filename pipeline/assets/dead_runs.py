"""Runs whose process died without a word: they would hold a place in the queue for ever."""

from __future__ import annotations

import time

import dagster as dg

from pipeline.assets.resources import PARTITION
from pipeline.lake.manifest import COHORTS
from pipeline.lake.store import Store

_GRACE_S = 60.0


def report_dead_runs(
    instance: dg.DagsterInstance, store: Store, grace_s: float = _GRACE_S
) -> list[str]:
    """Mark as failed every run that counts as started but whose study nobody holds.

    A living run holds its study's lock from first to last step; the grace covers its start.

    Returns:
        Identifiers of those runs.
    """
    dead: list[str] = []
    filters = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])
    for record in instance.get_run_records(filters):
        run = record.dagster_run
        young = record.start_time is not None and time.time() - record.start_time < grace_s
        if young or store.locks.held(run.tags.get(PARTITION, COHORTS)):
            continue
        instance.report_run_failed(run, message="The process of this run died; it is run again.")
        dead.append(run.run_id)
    return dead
