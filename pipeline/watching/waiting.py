"""Notes since when each study waits for a run.

Who looks at the drops anyway (sensor and schedule) does it, so that nobody has to read them again.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from dataclasses import replace

from pipeline.assets.place import Place
from pipeline.lake.overview import Overview
from pipeline.lake.waiting import Waiting, note, noted
from pipeline.watching.stale import Work


def note_waiting(
    place: Place,
    works: Iterable[Work],
    unsure: Collection[str] = (),
    seen: Overview | None = None,
) -> None:
    """Note which studies wait; those that did so before keep their time until one is published.

    Args:
        place: the home.
        works: plans of all drops that could be read.
        unsure: studies whose drop is still being copied or cannot be read.
        seen: what the lake holds.
    """
    before, seen = noted(place.store.files), seen or Overview.of(place.store)
    now = time.time()
    after = {
        w.study: _waits(before.get(w.study), w.runs[0].reason, _version(seen, w.study), now)
        for w in works
        if w.runs and not seen.withdrawn(w.study)
    }
    after |= {
        study: _copied(before.get(study), _version(seen, study), now)
        for study in unsure
        if not seen.withdrawn(study)
    }
    if after != before:
        note(place.store.files, after)


def _waits(before: Waiting | None, why: str, version: int, now: float) -> Waiting:
    """A study that waits for a run: since the last version there was, if not since now."""
    known = before is not None and before.version == version
    return Waiting(before.since if before and known else now, why, None, version)


def _copied(before: Waiting | None, version: int, now: float) -> Waiting:
    """A study whose drop changes: what was noted of it stands."""
    if before is None or before.version != version:
        return Waiting(now, "", now, version)
    return replace(before, copying=now if before.copying is None else before.copying)


def _version(seen: Overview, study: str) -> int:
    manifest = seen.manifests.get(study)
    return 0 if manifest is None else manifest.number
