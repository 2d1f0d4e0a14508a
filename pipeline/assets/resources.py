"""The study's lock, held from a run's first step to its last."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from pipeline.assets.place import Place
from pipeline.lake.manifest import COHORTS

PARTITION = "dagster/partition"
RESOURCES = {"place", "study_lock"}  # that every asset needs


@dg.resource(required_resource_keys={"place"}, description="One run per study at a time.")
def study_lock(init: dg.InitResourceContext) -> Iterator[None]:
    """Wait for other runs of the same study, then keep them out until this run is over.

    Raises:
        BusyError: another run held the study for too long.
    """
    place: Place = init.resources.place
    study = init.run.tags.get(PARTITION, COHORTS) if init.run else COHORTS
    with place.store.locks.hold(study, waiting=lambda text: place.progress(study, "wait", text)):
        yield
