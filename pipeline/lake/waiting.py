"""What the last look at the inbox noted of drops that are newer than what is published."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pipeline.lake.storage import Storage

WAITING = "waiting.json"


@dataclass(frozen=True)
class Waiting:
    """A study whose published version is not of its drop or code.

    Attributes:
        since: Since when, in seconds of the clock.
        why: What differs; empty where the drop is not complete yet, so that nobody knows.
        copying: Since when the drop is known to be changing; null where it stands still.
        version: Number of the manifest that it was held against, 0 for none.
    """

    since: float
    why: str
    copying: float | None = None
    version: int = 0


def noted(files: Storage) -> dict[str, Waiting]:
    """Everything that was noted last, by study."""
    data = files.read(WAITING)
    raw: dict[str, dict[str, Any]] = json.loads(data) if data else {}
    return {study: Waiting(**entry) for study, entry in raw.items()}


def note(files: Storage, entries: Mapping[str, Waiting]) -> None:
    """Note this in place of what was noted before."""
    raw = {study: asdict(entry) for study, entry in entries.items()}
    data = json.dumps(raw, sort_keys=True, indent=1, ensure_ascii=False)
    files.write(WAITING, data.encode())
