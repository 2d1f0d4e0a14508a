"""The night: every study that is stale, then the pages over studies.

Annotations are not postponed here: Dagster reads them off the decorated function.
"""

import os

import dagster as dg

from pipeline.assets.jobs import ALL, cohort_request, study_request
from pipeline.assets.partitions import STUDIES
from pipeline.assets.place import Place
from pipeline.assets.stale import cohort_work, drops_of, forget_gone, refuse, unattended, work_of
from pipeline.assets.work import heal
from pipeline.lake.manifest import COHORTS

CRON = os.environ.get("CRSIGHT_NIGHT", "0 2 * * *")


@dg.schedule(
    cron_schedule=CRON,
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
    """
    forget_gone(place)
    asked: list[dg.RunRequest] = []
    for drop in drops_of(place):
        if drop.problems:
            refuse(place, drop)
            continue
        work = work_of(place, drop)
        if not work.runs:
            heal(place, drop.study)
        if unattended(place, work) is None:
            instance.add_dynamic_partitions(str(STUDIES.name), [drop.study])
            asked.append(study_request(work, night))
    if asked or cohort_work(place):
        asked.append(cohort_request(COHORTS, night))
    return asked
