"""Watches the inbox: a new, changed or withdrawn drop shows in the reports without a hand.

Annotations are not postponed here: Dagster reads them off the decorated function.
"""

import json
import os
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import dagster as dg

from pipeline.assets.over_studies import used
from pipeline.assets.partitions import STUDIES
from pipeline.assets.place import Place
from pipeline.assets.work import heal
from pipeline.lake.drop_hashes import DropHashes
from pipeline.lake.fingerprint import SUCCESS, drop_signature
from pipeline.lake.inbox import Drop
from pipeline.lake.manifest import COHORTS, digest
from pipeline.lake.overview import Overview
from pipeline.watching.dead_runs import report_dead_runs
from pipeline.watching.jobs import COHORTS_JOB, KEY, STUDY, cohort_request, study_request
from pipeline.watching.open_runs import OPEN, open_studies
from pipeline.watching.settle import settle_s
from pipeline.watching.stale import (
    Work,
    cohort_work,
    drops_of,
    failed_before,
    forget_gone,
    refuse,
    unattended,
    work_of,
)
from pipeline.watching.waiting import note_waiting

HASHES = "drop_hashes.json"
_ATTEMPTS = 3
_READING_S = 20.0  # of a tick, which is broken off after a minute; the next one reads on


@dataclass(frozen=True)
class Sight:
    """A drop that is not known to be complete: how it looks, and since when."""

    signature: str
    since: float


def look(
    before: Sight | None, drop: Drop, now: float, hashes: DropHashes, until: float | None = None
) -> tuple[Sight | None, dict[str, str] | None]:
    """How a drop looks, unless that is remembered, and its files' hashes once it is complete.

    Args:
        before: what was seen at the last tick.
        drop: the drop.
        now: the clock, in seconds.
        hashes: of what was read before.
        until: when to stop reading, by the monotonic clock.
    """
    known = hashes.known(drop.path)
    if known is not None:
        return None, known
    signature = drop_signature(drop.path)
    sight = before if before and before.signature == signature else Sight(signature, now)
    complete = (drop.path / SUCCESS).exists() or now - sight.since >= settle_s()
    return sight, hashes.read(drop.path, until) if complete else None


@dg.sensor(
    jobs=[STUDY, COHORTS_JOB],
    minimum_interval_seconds=int(os.environ.get("CRSIGHT_SENSOR_S", "30")),
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Runs a study when its drop is new or changed, and the cohorts after that.",
)
def inbox_sensor(
    context: dg.SensorEvaluationContext, place: dg.ResourceParam[Place]
) -> dg.SensorResult:
    """Ask for runs of drops that are complete and stale, else of the cohorts where they are."""
    report_dead_runs(context.instance, place.store)
    busy = open_studies(context.instance)
    seen = Overview.of(place.store)
    forget_gone(place, seen)
    before = {k: Sight(v[0], v[1]) for k, v in json.loads(context.cursor or "{}").items()}
    works, sights = _look_around(place, seen, before)
    note_waiting(place, works, sights.keys() - {work.study for work in works}, seen)
    requests = _study_requests(context.instance, place, seen, works, busy)
    studies = [str(r.partition_key) for r in requests]
    if not requests and not busy:
        requests = _cohort_requests(context.instance, place)
    return dg.SensorResult(
        run_requests=requests,
        cursor=json.dumps({k: [v.signature, v.since] for k, v in sights.items()}, sort_keys=True),
        dynamic_partitions_requests=[STUDIES.build_add_request(studies)] if studies else [],
    )


def _look_around(
    place: Place, seen: Overview, before: Mapping[str, Sight]
) -> tuple[list[Work], dict[str, Sight]]:
    """Plans of the drops that are complete, and what is seen of the others."""
    hashes, until = DropHashes(place.store.folder / HASHES), time.monotonic() + _READING_S
    works: list[Work] = []
    sights: dict[str, Sight] = {}
    found = drops_of(place, seen)
    for drop in found:
        if drop.problems:
            refuse(place, drop)
            continue
        try:
            sight, files = look(before.get(drop.study), drop, time.time(), hashes, until)
        except OSError:  # a file that went while it was looked at stops no other study
            sight, files = Sight("", time.time()), None
        if sight is not None:
            sights[drop.study] = sight
        if files is None:
            continue
        works.append(work_of(place, drop, files=files, seen=seen))
        if not works[-1].runs and not seen.tidy(drop.study):
            heal(place, drop.study)
    hashes.save(drop.path for drop in found)
    return works, sights


def _study_requests(
    instance: dg.DagsterInstance,
    place: Place,
    seen: Overview,
    works: Iterable[Work],
    busy: Collection[str],
) -> list[dg.RunRequest]:
    due = [
        work
        for work in works
        if not unattended(place, work, seen)
        and not failed_before(place, work, seen)
        and work.study not in busy
        and not place.store.locks.held(work.study)
    ]
    attempts = _attempts(instance, [work.key for work in due])
    return [
        study_request(work, attempt, job_name=STUDY.name)
        for work in due
        if (attempt := attempts[work.key]) is not None
    ]


def _cohort_requests(instance: dg.DagsterInstance, place: Place) -> list[dg.RunRequest]:
    """One run over all studies once they are all through."""
    seen = Overview.of(place.store)  # as it is now: this tick may have refused or healed something
    if place.store.locks.held(COHORTS) or not cohort_work(place, seen):
        return []
    manifest = seen.manifests.get(COHORTS)
    number = manifest.number if manifest else 0
    key = f"{COHORTS}:{digest([used(place, seen), dict(place.code)])[:32]}:{number}"
    attempt = _attempts(instance, [key])[key]
    return [] if attempt is None else [cohort_request(key, attempt, job_name=COHORTS_JOB.name)]


def _attempts(instance: dg.DagsterInstance, keys: Sequence[str]) -> dict[str, str | None]:
    """Number of the next attempt at each key.

    None where one is under way, there were enough, or somebody took one back by hand.
    """
    held: dict[str, list[dg.DagsterRunStatus]] = {key: [] for key in keys}
    for run in instance.get_runs(dg.RunsFilter(tags={KEY: list(keys)})) if keys else ():
        held[run.tags[KEY]].append(run.status)
    over = {*OPEN, dg.DagsterRunStatus.CANCELED}
    return {
        key: None if len(runs) >= _ATTEMPTS or over & set(runs) else str(len(runs))
        for key, runs in held.items()
    }
