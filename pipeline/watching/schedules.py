"""The night: every study that is stale, then the pages over studies.

Annotations are not postponed here: Dagster reads them off the decorated function.
"""

import os
import time

import dagster as dg

from pipeline.assets.partitions import STUDIES
from pipeline.assets.place import Place
from pipeline.assets.work import heal
from pipeline.lake.manifest import COHORTS
from pipeline.lake.overview import Overview
from pipeline.lake.state import State
from pipeline.watching.automation import at_work
from pipeline.watching.jobs import ALL, cohort_request, study_request
from pipeline.watching.open_runs import open_studies
from pipeline.watching.settle import settled
from pipeline.watching.stale import (
    Work,
    cohort_work,
    drops_of,
    forget_gone,
    refuse,
    unattended,
    work_of,
)
from pipeline.watching.waiting import note_waiting

CRON = os.environ.get("CRSIGHT_NIGHT", "0 2 * * *")
TIMEZONE = os.environ.get("CRSIGHT_TIMEZONE", "UTC")
WATCHER = "inbox_sensor"


@dg.schedule(
    cron_schedule=CRON,
    execution_timezone=TIMEZONE,
    job=ALL,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night: runs what is stale and nothing else.",
)
def nightly(
    context: dg.ScheduleEvaluationContext, place: dg.ResourceParam[Place]
) -> list[dg.RunRequest] | dg.SkipReason:
    """Ask for a run of every stale study, and for one of the cohorts where anything is new."""
    night = context.scheduled_execution_time.isoformat()
    return requests(context.instance, place, night) or dg.SkipReason("No study changed.")


def requests(instance: dg.DagsterInstance, place: Place, night: str) -> list[dg.RunRequest]:
    """The runs of a night, which is named in their keys: each is started once per night.

    A withdrawn study stays out, and what was refused is not tried again until drop or code change.
    The sensor starts the run over studies once they are all through; without it the night does.
    """
    busy = open_studies(instance)
    seen = Overview.of(place.store)
    forget_gone(place, seen)
    works, others = _works(place, seen)
    note_waiting(place, works, others, seen)
    due = [
        work
        for work in works
        if unattended(place, work, seen) is None
        and work.study not in busy
        and not place.store.locks.held(work.study)
    ]
    if due:
        instance.add_dynamic_partitions(str(STUDIES.name), [work.study for work in due])
    asked = [study_request(work, night) for work in due]
    # What was found just now (a bad name, a file that cannot be read) counts, too.
    if not at_work(instance, WATCHER) and (asked or cohort_work(place)):
        asked.append(cohort_request(COHORTS, night))
    return asked


def _works(place: Place, seen: Overview) -> tuple[list[Work], list[str]]:
    """Plans of the drops, and studies whose drop is still being copied or cannot be read."""
    works: list[Work] = []
    others: list[str] = []
    for drop in drops_of(place, seen):
        if drop.problems:
            refuse(place, drop)
            continue
        try:
            work = work_of(place, drop, seen=seen) if settled(drop, time.time()) else None
        except OSError as error:
            problem = f"a file of the drop cannot be read: {type(error).__name__}"
            place.store.set_state(State(drop.study, "failed", (problem,)))
            work = None
        if work is None:
            others.append(drop.study)
            continue
        works.append(work)
        if not work.runs and not seen.tidy(drop.study):
            heal(place, drop.study)
    return works, others
