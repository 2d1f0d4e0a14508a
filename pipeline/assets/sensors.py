"""Watches the inbox: a new, changed or withdrawn drop shows in the reports without a hand.

Annotations are not postponed here: Dagster reads them off the decorated function.
"""

import json
import os
import time
from dataclasses import asdict, dataclass

import dagster as dg

from pipeline.assets.dead_runs import report_dead_runs
from pipeline.assets.jobs import COHORTS_JOB, KEY, STUDY, cohort_request, study_request
from pipeline.assets.over_studies import used
from pipeline.assets.partitions import STUDIES
from pipeline.assets.place import Place
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
from pipeline.assets.work import heal
from pipeline.lake.fingerprint import SUCCESS, drop_fingerprint, drop_signature
from pipeline.lake.inbox import Drop
from pipeline.lake.manifest import COHORTS, digest

_ATTEMPTS = 3
_OPEN = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def settle_s() -> float:
    """Seconds for which names, sizes and times must stand still (CRSIGHT_SETTLE_S, default 60)."""
    return float(os.environ.get("CRSIGHT_SETTLE_S", "60"))


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
    sights: dict[str, Sight] = {}
    requests: list[dg.RunRequest] = []
    for drop in drops_of(place):
        if drop.problems:
            refuse(place, drop)
            continue
        sights[drop.study] = look(before.get(drop.study), drop, time.time())
        requests += _study_requests(context.instance, place, drop, sights[drop.study])
    studies = [str(r.partition_key) for r in requests]
    if not requests:
        requests = _cohort_requests(context.instance, place)
    return dg.SensorResult(
        run_requests=requests,
        cursor=json.dumps({k: asdict(v) for k, v in sights.items()}, sort_keys=True),
        dynamic_partitions_requests=[STUDIES.build_add_request(studies)] if studies else [],
    )


def _study_requests(
    instance: dg.DagsterInstance, place: Place, drop: Drop, sight: Sight
) -> list[dg.RunRequest]:
    if sight.files is None:
        return []
    files = sight.files
    work = work_of(place, drop, fingerprint=lambda _: files)
    if not work.runs:
        heal(place, drop.study)
    if unattended(place, work) or failed_before(place, work) or _busy(instance, place, work):
        return []
    attempt = _attempt(instance, work.key)
    if attempt is None:
        return []
    return [study_request(work, attempt, job_name=STUDY.name)]


def _busy(instance: dg.DagsterInstance, place: Place, work: Work) -> bool:
    # A drop that changes while its study runs has another key: it waits for the run's end.
    filters = dg.RunsFilter(statuses=_OPEN, tags={"dagster/partition": work.study})
    return place.store.locks.held(work.study) or bool(instance.get_runs(filters, limit=1))


def _cohort_requests(instance: dg.DagsterInstance, place: Place) -> list[dg.RunRequest]:
    running = instance.get_runs(dg.RunsFilter(statuses=_OPEN), limit=1)
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
    """Number of the next attempt at a key; None where one is under way or there were enough."""
    runs = instance.get_runs(dg.RunsFilter(tags={KEY: key}))
    if len(runs) >= _ATTEMPTS or any(run.status in _OPEN for run in runs):
        return None
    return str(len(runs))
