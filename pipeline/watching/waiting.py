"""Notes since when each study waits for a run.

Who looks at the drops anyway (sensor and schedule) does it, so that nobody has to read them again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable
from dataclasses import asdict

from pipeline.assets.place import Place
from pipeline.assets.staleness import WAITING, Waiting, waiting
from pipeline.lake.overview import Overview
from pipeline.watching.stale import Work


def note_waiting(
    place: Place,
    works: Iterable[Work],
    unsure: Collection[str] = (),
    seen: Overview | None = None,
) -> None:
    """Note which studies wait; those that did so before keep their time.

    Args:
        place: the home.
        works: plans of all drops that could be read.
        unsure: studies whose drop is still being copied: what was noted of them stands.
        seen: what the lake holds.
    """
    before, seen = waiting(place), seen or Overview.of(place.store)
    why = {w.study: w.runs[0].reason for w in works if w.runs and not seen.withdrawn(w.study)}
    now = time.time()
    since = {study: before[study].since if study in before else now for study in why}
    after = {study: Waiting(since[study], why[study]) for study in why}
    after |= {study: before[study] for study in unsure if study in before}
    if after != before:
        raw = {study: asdict(entry) for study, entry in after.items()}
        data = json.dumps(raw, sort_keys=True, indent=1, ensure_ascii=False)
        place.store.files.write(WAITING, data.encode())
