"""Which studies somebody is at work on: a run that waits, starts or runs, or a held lock."""

from __future__ import annotations

import dagster as dg

from pipeline.assets.place import Place
from pipeline.assets.resources import PARTITION

OPEN = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def busy(instance: dg.DagsterInstance, place: Place, study: str) -> bool:
    """Whether a study is being worked on; another drop of it waits for the end of that."""
    filters = dg.RunsFilter(statuses=OPEN, tags={PARTITION: study})
    return place.store.locks.held(study) or bool(instance.get_runs(filters, limit=1))
