"""Watches the inbox: a new, changed or withdrawn drop shows in the reports without a hand.

Annotations are not postponed here: Dagster reads them off the decorated function.
"""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import dagster as dg

from pipeline.assets.dead_runs import report_dead_runs
from pipeline.assets.jobs import COHORTS_JOB, KEY, STUDY, cohort_request, study_request
from pipeline.assets.open_runs import OPEN, busy
from pipeline.assets.over_studies import used
from pipeline.assets.partitions import STUDIES
from pipeline.assets.place import Place
from pipeline.assets.settle import settle_s
from pipeline.assets.stale import (
    Work,
    cohort_work,
    drops_of,
    failed_before,
    forget_gone,
    refuse,
    unattended,
    work_of,
)
from pipeline.assets.staleness import note_waiting
from pipeline.assets.work import heal
from pipeline.lake.fingerprint import SUCCESS, drop_fingerprint, drop_signature
from pipeline.lake.inbox import Drop
from pipeline.lake.manifest import COHORTS, digest

_ATTEMPTS = 3


@dataclass(frozen=True)
class Sight:
    """A drop as seen at a tick: since when it looks so, and its files' hashes once it stood still.

    The hashes are remembered so that a tick need not read every drop again.
    """

    signature: str
    since: float
    files: dict[str, str] | None = None


def look(before: Sight | None, drop: Drop, now: float) -> Sight:
    """The drop now, in the light of what was seen before."""
    signature = drop_signature(drop.path)
    sight = before if before and before.signature == signature else Sight(signature, now)
    complete = (drop.path / SUCCESS).exists() or now - sight.since >= settle_s()
    if complete and sight.files is None:
        return Sight(signature, sight.since, drop_fingerprint(drop.path))
    return sight


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
    forget_gone(place)
    before = {k: Sight(**v) for k, v in json.loads(context.cursor or "{}").items()}
    sights = _look_around(place, before)
    works = _works(place, sights)
    note_waiting(place, works, {study for study, sight in sights.items() if not sight.files})
    asked = (_study_request(context.instance, place, work) for work in works)
    requests = [request for request in asked if request]
    studies = [str(r.partition_key) for r in requests]
    if not requests:
        requests = _cohort_requests(context.instance, place)
    return dg.SensorResult(
        run_requests=requests,
        cursor=json.dumps({k: asdict(v) for k, v in sights.items()}, sort_keys=True),
        dynamic_partitions_requests=[STUDIES.build_add_request(studies)] if studies else [],
    )


def _look_around(place: Place, before: Mapping[str, Sight]) -> dict[str, Sight]:
    sights: dict[str, Sight] = {}
    for drop in drops_of(place):
        if drop.problems:
            refuse(place, drop)
            continue
        try:
            sights[drop.study] = look(before.get(drop.study), drop, time.time())
        except OSError:  # a file that went while it was looked at stops no other study
            sights[drop.study] = Sight("", time.time())
    return sights


def _works(place: Place, sights: Mapping[str, Sight]) -> list[Work]:
    """Plans of the drops that are complete."""
    works: list[Work] = []
    for drop in drops_of(place):
        sight = sights.get(drop.study)
        files = sight.files if sight else None
        if files is None:
            continue
        works.append(work_of(place, drop, fingerprint=lambda _, files=files: files))
        if not works[-1].runs:
            heal(place, drop.study)
    return works


def _study_request(instance: dg.DagsterInstance, place: Place, work: Work) -> dg.RunRequest | None:
    unasked = unattended(place, work) or failed_before(place, work)
    if unasked or busy(instance, place, work.study):
        return None
    attempt = _attempt(instance, work.key)
    return None if attempt is None else study_request(work, attempt, job_name=STUDY.name)


def _cohort_requests(instance: dg.DagsterInstance, place: Place) -> list[dg.RunRequest]:
    running = instance.get_runs(dg.RunsFilter(statuses=OPEN), limit=1)
    if running or place.store.locks.held(COHORTS) or not cohort_work(place):
        return []  # one run over all studies once they are all through
    manifest = place.store.current(COHORTS)
    number = manifest.number if manifest else 0
    key = f"{COHORTS}:{digest([used(place), dict(place.code)])[:32]}:{number}"
    attempt = _attempt(instance, key)
    if attempt is None:
        return []
    return [cohort_request(key, attempt, job_name=COHORTS_JOB.name)]


def _attempt(instance: dg.DagsterInstance, key: str) -> str | None:
    """Number of the next attempt at a key.

    None where one is under way, there were enough, or somebody took one back by hand.
    """
    runs = instance.get_runs(dg.RunsFilter(tags={KEY: key}))
    settled = (*OPEN, dg.DagsterRunStatus.CANCELED)
    if len(runs) >= _ATTEMPTS or any(run.status in settled for run in runs):
        return None
    return str(len(runs))
