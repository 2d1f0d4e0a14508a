"""Which of Dagster's run records may go: old ones that neither a version nor the UI rests on."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from pathlib import Path

import dagster as dg

from pipeline.assets.run_tags import MANIFEST, PARTITION
from pipeline.lake.store import Store

CLEAN_UP_JOB = "clean_up"


def old_runs(
    instance: dg.DagsterInstance, store: Store, before: float, without: frozenset[str] = frozenset()
) -> list[dg.DagsterRun]:
    """Runs that are over and were made before a time, but for two kinds.

    Kept are those that made a version which is kept, and for each table of each study the last run
    that made it: the UI shows that one's rows and checks.

    Args:
        instance: of the home.
        store: the lake, which knows the versions.
        before: the clock, in seconds.
        without: versions that count as gone already, as the tag names them.
    """
    shown: dict[str, set[dg.AssetKey | None]] = defaultdict(set)
    old: list[dg.DagsterRun] = []
    limit = dt.datetime.fromtimestamp(before, dt.UTC)
    for record in instance.get_run_records():  # the newest first
        run = record.dagster_run
        made: set[dg.AssetKey | None] = {*(run.asset_selection or ()), *([None] * _whole(run))}
        seen = shown[run.tags.get(PARTITION, run.job_name)]
        needed = run.is_success and not made <= seen and None not in seen
        if run.is_success:
            seen |= made
        young = record.create_timestamp.astimezone(dt.UTC) >= limit
        if run.is_finished and not young and not needed and not _kept(store, run, without):
            old.append(run)
    return old


def _whole(run: dg.DagsterRun) -> bool:
    """Whether a run was of all tables of its job."""
    return not run.asset_selection and run.job_name in ("study", "over_studies")


def _kept(store: Store, run: dg.DagsterRun, without: frozenset[str]) -> bool:
    tag = run.tags.get(MANIFEST, "")
    study, _, number = tag.partition(" ")
    return bool(tag) and tag not in without and int(number) in store.numbers(study)


def delete_run(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    """Remove a run with its events and what it printed."""
    # It brings SQLAlchemy, without which definitions load.
    from dagster._core.storage.event_log import SqliteEventLogStorage  # noqa: PLC0415

    instance.delete_run(run.run_id)
    instance.compute_log_manager.delete_logs(prefix=[run.run_id])
    storage = instance.event_log_storage
    if isinstance(storage, SqliteEventLogStorage):
        shard = Path(storage.path_for_shard(run.run_id))  # Dagster empties the file and leaves it
        for file in shard.parent.glob(f"{run.run_id}.db*"):
            file.unlink(missing_ok=True)
