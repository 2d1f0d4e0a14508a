"""What the Dagster UI may show of a study: the same as its pages, by `publish` in study.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.assets.place import Place
from pipeline.lake.manifest import COHORTS
from pipeline.study import Publish, StudyError, load_study


def permitted(place: Place, study: str) -> Publish:
    """`publish` of a study as its drop says now, else as it was published; of several, the closest.

    Where nobody says anything, subjects are not shown.
    """
    if study == COHORTS:
        return _closest(place)
    try:
        return load_study(place.inbox / study).publish
    except (StudyError, OSError):
        held = place.store.staging(study) or place.store.current(study)
        return _of(held.meta) if held else Publish()


def _closest(place: Place) -> Publish:
    """Of all studies that are ready: one that keeps its subjects back keeps all of them back."""
    found = [_of(manifest.meta) for manifest in place.store.ready().values()]
    if not found:
        return Publish()
    return Publish(
        subject_level=all(p.subject_level for p in found),
        min_cell=max(p.min_cell for p in found),
    )


def _of(meta: Mapping[str, Any]) -> Publish:
    return Publish.model_validate(meta.get("publish") or {})
