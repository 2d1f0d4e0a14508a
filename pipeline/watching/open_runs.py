"""Which studies a run waits for, starts or works on."""

from __future__ import annotations

import dagster as dg

from pipeline.assets.run_tags import PARTITION
from pipeline.lake.manifest import COHORTS

OPEN = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def open_studies(instance: dg.DagsterInstance) -> set[str]:
    """Studies of open runs, by one question; `COHORTS` for any run that is of no study.

    Ask before looking into the lake: what ends in between is then seen as done, not as to be done.
    """
    runs = instance.get_runs(dg.RunsFilter(statuses=OPEN))
    return {run.tags.get(PARTITION, COHORTS) for run in runs}
