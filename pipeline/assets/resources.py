"""The study's lock, held from a run's first step to its last; and what every asset needs."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator

import dagster as dg

from pipeline.assets.place import Place
from pipeline.assets.run_tags import PARTITION, WORKER
from pipeline.lake.manifest import COHORTS, digest

RESOURCES = {"place", "study_lock", "choices"}  # that every asset needs


class StaleWorkerError(Exception):
    """The code on disk is not that with which the worker started."""


@dg.resource(
    required_resource_keys={"place", "choices"}, description="One run per study at a time."
)
def study_lock(init: dg.InitResourceContext) -> Iterator[None]:
    """Wait for other runs of the same study, then keep them out until this run is over.

    Raises:
        BusyError: another run held the study for too long.
        StaleWorkerError: what this run makes would be recorded under other code's name.
    """
    place: Place = init.resources.place
    worker, code = os.environ.get("CRSIGHT_WORKER"), os.environ.get("CRSIGHT_WORKER_CODE")
    if worker and code != digest(dict(place.code)):
        raise StaleWorkerError(f"worker {worker} must be started again: its code has changed")
    study = init.run.tags.get(PARTITION, COHORTS) if init.run else COHORTS
    waiting = functools.partial(place.progress, study, "wait")
    with place.store.locks.hold(study, init.resources.choices.wait_s, waiting):
        if worker and init.instance and init.run:
            init.instance.add_run_tags(init.run.run_id, {WORKER: worker})
        yield
