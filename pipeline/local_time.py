"""Times as people read them: of the machine, to the minute, with its offset."""

from __future__ import annotations

import datetime as dt


def local_time(seconds: float) -> str:
    """A time of the clock, such as 2026-11-25 14:30+00:00."""
    return dt.datetime.fromtimestamp(seconds).astimezone().isoformat(" ", "minutes")
