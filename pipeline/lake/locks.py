"""Locks between processes: one run per study at a time, freed by the system when a process dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

WAIT_S = 600.0
_PAUSE_S = 0.1


class BusyError(Exception):
    """The lock was not to be had in time."""


class Locks:
    """Named lock files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def hold(
        self, name: str, wait_s: float | None = None, waiting: Callable[[str], None] | None = None
    ) -> Generator[None]:
        """Hold a lock for the length of the block.

        Args:
            name: what is locked, a study's identifier.
            wait_s: how long to wait for another holder (default CRSIGHT_LOCK_WAIT_S, else 600).
            waiting: told once, in words, that there is somebody to wait for.

        Raises:
            BusyError: another process still held it at the end of that time.
        """
        limit = time.monotonic() + (_wait_s() if wait_s is None else wait_s)
        handle = self._open(name)
        try:
            while not _try(handle):
                holder = _holder(handle)
                if time.monotonic() >= limit:
                    raise BusyError(f"{name}: another run is at work ({holder}); try again later")
                if waiting:
                    waiting(f"{name}: waiting for another run ({holder})")
                    waiting = None
                time.sleep(_PAUSE_S)
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"process {os.getpid()}".encode(), 0)
            yield
        finally:
            os.close(handle)  # which also frees the lock

    def held(self, name: str) -> bool:
        """Whether some process holds the lock right now."""
        if not (self.folder / f"{name}.lock").exists():
            return False
        handle = self._open(name)
        try:
            return not _try(handle)
        finally:
            os.close(handle)

    def _open(self, name: str) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        return os.open(self.folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)


def _wait_s() -> float:
    return float(os.environ.get("CRSIGHT_LOCK_WAIT_S", WAIT_S))


def _try(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(handle: int) -> str:
    return os.pread(handle, 64, 0).decode() or "process unknown"
