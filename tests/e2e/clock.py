"""A clock that a test moves, for real processes: libfaketime answers them in the system's stead."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest

from tests.servers import NO_SERVERS

# libfaketime 0.9.10 fails the call that Python's sleep rests on while it leaves the monotonic clock
# alone; another call sleeps as long.
_SLEEP = """\
import select
import time


def _sleep(seconds):
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        select.select([], [], [], left)


time.sleep = _sleep
"""


class Clock:
    """Runs at the usual pace from where it is put; it may only be put forward."""

    def __init__(self, folder: Path, start: dt.datetime) -> None:
        self._file = folder / "clock"
        self.set(start)

    def set(self, when: dt.datetime) -> None:
        self._put(when.timestamp() - time.time())

    def forward(self, seconds: float) -> None:
        self._put(self._ahead + seconds)

    def now(self) -> float:
        return time.time() + self._ahead

    def environment(self, env: dict[str, str]) -> dict[str, str]:
        """What makes the processes of an environment go by this clock; its sources are changed."""
        found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
        if not found:
            pytest.skip(NO_SERVERS)
        (Path(env["PYTHONPATH"]) / "sitecustomize.py").write_text(_SLEEP)
        return {
            **env,
            "LD_PRELOAD": str(found[-1]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            # To read the file at every question costs more than the runs themselves.
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # File times stay: they would move with the clock, and every file would look touched.
            "NO_FAKE_STAT": "1",
            # Days pass between two heartbeats.
            "DAGSTER_DAEMON_HEARTBEAT_TOLERANCE": "1000000000",
            "DAGSTER_GRPC_TIMEOUT_SECONDS": "600",
        }

    def _put(self, ahead: float) -> None:
        self._ahead = ahead
        new = self._file.with_suffix(".new")
        new.write_text(f"{ahead:+.3f}\n")
        new.replace(self._file)  # nobody ever reads half of it
