"""Whether a drop is complete or still being copied, at one look."""

from __future__ import annotations

import os

from pipeline.lake.fingerprint import SUCCESS, drop_files
from pipeline.lake.inbox import Drop


def settle_s() -> float:
    """Seconds for which names, sizes and times must stand still (CRSIGHT_SETTLE_S, default 60)."""
    return float(os.environ.get("CRSIGHT_SETTLE_S", "60"))


def settled(drop: Drop, now: float) -> bool:
    """Whether a drop has its mark of completeness or no file was touched for `settle_s`.

    The time of the last change of an entry counts too: a copy may keep the times of the original.
    """
    if (drop.path / SUCCESS).exists():
        return True
    stats = [path.stat() for path in drop_files(drop.path)]
    newest = max((max(s.st_mtime, s.st_ctime) for s in stats), default=0.0)
    return now - newest >= settle_s()
