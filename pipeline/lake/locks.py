"""Locks between processes: one run per study at a time, freed when a process dies.

`file_locks.py` keeps them on one machine, `postgres_locks.py` over several.
"""

from __future__ import annotations

import os
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from contextlib import contextmanager

WAIT_S = 600.0
_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 1.0


class BusyError(Exception):
    """The lock was not to be had in time."""


class LostLockError(Exception):
    """The lock went while it was held: another run may be at work on the same things."""


class Claim(ABC):
    """One process's attempt at a lock, and its hold on it once it has it."""

    @abstractmethod
    def take(self) -> bool:
        """Take the lock if it is free."""

    @abstractmethod
    def holder(self) -> str:
        """Who has it, in words."""

    @abstractmethod
    def holds(self) -> bool:
        """Whether it is still ours."""

    @abstractmethod
    def free(self) -> None:
        """Give it back, if it was had."""


class Locks(ABC):
    """Named locks that all processes working on a home share."""

    def __init__(self) -> None:
        self._claims: dict[str, Claim] = {}

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
        claim, pause = self._claim(name), _PAUSE_S
        try:
            while not claim.take():
                holder = claim.holder()
                if time.monotonic() >= limit:
                    raise BusyError(f"{name}: another run is at work ({holder}); try again later")
                if waiting:
                    waiting(f"{name}: waiting for another run ({holder})")
                    waiting = None
                time.sleep(min(pause, max(limit - time.monotonic(), 0)))
                pause = min(pause * 1.5, _LONGEST_PAUSE_S)
            self._claims[name] = claim
            yield
        finally:
            if self._claims.get(name) is claim:
                del self._claims[name]
            claim.free()

    def confirm(self, name: str) -> None:
        """See that a lock that these `Locks` hold is still theirs; one that they never took is not.

        Raises:
            LostLockError: it went, with the connection or the file that held it.
        """
        claim = self._claims.get(name)
        if claim is not None and not claim.holds():
            raise LostLockError(
                f"{name}: the lock was lost while the run was at work; nothing was published, "
                "the next run goes on from there"
            )

    @abstractmethod
    def held(self, name: str) -> bool:
        """Whether some process holds the lock right now."""

    def since(self, name: str) -> float | None:
        """When a lock that is held was taken, in seconds of the clock; null where nobody knows."""
        del name
        return None

    @abstractmethod
    def _claim(self, name: str) -> Claim: ...


def _wait_s() -> float:
    return float(os.environ.get("CRSIGHT_LOCK_WAIT_S", WAIT_S))
