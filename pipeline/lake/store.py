"""The lake: immutable objects, numbered manifests, staging and states of every study.

lake/objects/<table>/<sha256>.parquet      a table; pages as lake/objects/pages/<sha256>.html
lake/manifests/<STUDY>/<8 digits>.json     what is published; the highest number is current
lake/staging/<STUDY>.json                  what an unfinished run has made
lake/states/<STUDY>.json                   how the last run ended

On this machine's disk, in the lake's own folder or, where the lake is in a bucket, beside it:
lake/spill/<STUDY>/                        what a running stage cannot hold in memory
lake/locks/<STUDY>.lock                    unless PostgreSQL keeps the locks
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from pipeline.lake.backends import lake_files, locks_of
from pipeline.lake.file_locks import FileLocks
from pipeline.lake.home import Home
from pipeline.lake.local import LocalStorage
from pipeline.lake.locks import Locks
from pipeline.lake.manifest import COHORTS, Manifest, Staging, inconsistencies
from pipeline.lake.objects import Objects
from pipeline.lake.state import State
from pipeline.lake.storage import Entry, Storage

Value = TypeVar("Value")
_REMEMBERED = 5000


class StaleParentError(Exception):
    """Somebody else made a manifest since this run started; theirs stands."""


class InconsistentError(Exception):
    """A manifest whose parts do not belong together."""


class LostObjectError(OSError):
    """An object that a manifest needs is not in the lake; what made it has to run again."""


class Store(Objects):
    """Everything in one lake; `folder` is what it has on this machine."""

    def __init__(
        self, folder: Path, files: Storage | None = None, locks: Locks | None = None
    ) -> None:
        super().__init__(files or LocalStorage(folder))
        self.folder = folder
        self.locks: Locks = locks or FileLocks(folder / "locks")
        self._read: dict[str, tuple[Entry, Any]] = {}

    @classmethod
    def of(cls, home: Home) -> Store:
        """The lake of a home, wherever its settings say that it is."""
        return cls(home.lake, lake_files(home), locks_of(home))

    # ---- manifests ----

    def studies(self) -> list[str]:
        """Studies that ever had a manifest, by name; the pseudo study of the cohorts is not one."""
        return [name for name in self.files.names("manifests") if name != COHORTS]

    def numbers(self, study: str) -> list[int]:
        """Numbers of a study's manifests, oldest first."""
        return [int(name[:8]) for name in self.files.names(f"manifests/{study}")]

    def at(self, study: str, number: int) -> Manifest | None:
        """A study's manifest as of a number."""
        data = self.files.read(_manifest(study, number))
        return Manifest.from_bytes(data) if data is not None else None

    def current(self, study: str) -> Manifest | None:
        """The manifest that counts: the one with the highest number."""
        last = self.files.last(f"manifests/{study}")
        found = self._parsed([last] if last else [], Manifest.from_bytes)
        return found[0][1] if found else None

    def manifests_made(self) -> dict[str, tuple[Manifest, float]]:
        """Current manifests of everything that ever had one, and when they were made.

        Studies by name, those over studies last.
        """
        found = self._parsed(self.files.last_of_each("manifests"), Manifest.from_bytes)
        found.sort(key=lambda pair: (pair[1].study == COHORTS, pair[1].study))
        return {manifest.study: (manifest, entry.time) for entry, manifest in found}

    def manifests(self) -> dict[str, Manifest]:
        """Current manifests of everything that ever had one."""
        return {study: manifest for study, (manifest, _) in self.manifests_made().items()}

    def ready(self) -> dict[str, Manifest]:
        """Current manifests of all studies that are published."""
        every = self.manifests()
        return {s: m for s, m in every.items() if s != COHORTS and not m.withdrawn}

    def promote(self, manifest: Manifest) -> Manifest:
        """Make a manifest the current one; one that says nothing new is not made.

        Raises:
            InconsistentError: a stage was made from something else than what the manifest holds.
            LostObjectError: an object of the manifest is not there.
            StaleParentError: the parent is not the current manifest any more.
            LostLockError: the study's lock was held and went.
        """
        problems = inconsistencies(manifest)
        if problems:
            raise InconsistentError(f"{manifest.study}: " + "; ".join(problems))
        if not self.has({**manifest.tables, **manifest.pages}):
            problem = "an object is missing from the lake; run again"
            raise LostObjectError(f"{manifest.study}: {problem}")
        current = self.current(manifest.study)
        if current is not None and current.content == manifest.content:
            return current
        name = _manifest(manifest.study, manifest.number)
        number = current.number if current else 0
        self.locks.confirm(manifest.study)
        if number != manifest.parent or not self.files.create(name, manifest.to_bytes()):
            raise StaleParentError(
                f"{manifest.study}: another run published meanwhile, nothing was overwritten; "
                "run again"
            )
        return manifest

    def withdraw(self, study: str) -> Manifest:
        """Put an empty manifest on top, marked as withdrawn; the older ones stay.

        Raises:
            KeyError: there is no such study.
        """
        current = self.current(study)
        if current is None:
            raise KeyError(study)
        if current.withdrawn:
            return current
        number = current.number
        return self.promote(
            Manifest(study, number + 1, number, {}, current.meta, {}, withdrawn=True)
        )

    # ---- staging ----

    def staging(self, study: str) -> Staging | None:
        """What an unfinished run has made so far."""
        data = self.files.read(_staging(study))
        return Staging.from_bytes(data) if data is not None else None

    def stagings(self) -> dict[str, Staging]:
        """What unfinished runs have made so far, by study."""
        found = self._parsed(self.files.entries("staging"), Staging.from_bytes)
        return {PurePosixPath(entry.name).stem: staging for entry, staging in found}

    def stage(self, study: str, staging: Staging) -> None:
        """Remember what a run has made so far.

        Raises:
            LostLockError: the study's lock was held and went; another run may be at work.
        """
        self.locks.confirm(study)
        self.files.write(_staging(study), staging.to_bytes())

    def unstage(self, study: str) -> None:
        """Forget it: the run is done."""
        self.files.delete(_staging(study))

    # ---- states ----

    def state(self, study: str) -> State | None:
        """How a study's last run ended."""
        data = self.files.read(_state(study))
        return State.from_bytes(data) if data is not None else None

    def states_since(self) -> dict[str, tuple[State, float]]:
        """States of all studies by name, and since when they are so."""
        found = self._parsed(self.files.entries("states"), State.from_bytes)
        return {state.study: (state, entry.time) for entry, state in found}

    def states(self) -> dict[str, State]:
        """States of all studies by name."""
        return {study: state for study, (state, _) in self.states_since().items()}

    def forget_state(self, study: str) -> None:
        """Take a state away."""
        self.files.delete(_state(study))

    def set_state(self, state: State) -> None:
        """Record a state; the same again keeps its time (`since`)."""
        if self.state(state.study) != state:
            self.files.write(_state(state.study), state.to_bytes())

    def since(self, study: str) -> float:
        """When the state was first so, in seconds of the clock."""
        return self.files.time(_state(study))

    def manifest_time(self, study: str, number: int) -> float:
        """When a manifest was made, in seconds of the clock."""
        return self.files.time(_manifest(study, number))

    def _parsed(
        self, entries: Iterable[Entry], parse: Callable[[bytes], Value]
    ) -> list[tuple[Entry, Value]]:
        """What stands under these names; read again only where its mark is another."""
        found: list[tuple[Entry, Value]] = []
        for entry in entries:
            known = self._read.get(entry.name)
            if known is None or not entry.mark or known[0] != entry:
                data = self.files.read(entry.name)
                if data is None:
                    continue  # taken away a moment ago
                known = (entry, parse(data))
                self._remember(known)
            found.append((entry, known[1]))
        return found

    def _remember(self, read: tuple[Entry, Any]) -> None:
        if len(self._read) >= _REMEMBERED:
            self._read.clear()  # a daemon lives long, and manifests become many
        if read[0].mark:
            self._read[read[0].name] = read


def _manifest(study: str, number: int) -> str:
    return f"manifests/{study}/{number:08d}.json"


def _staging(study: str) -> str:
    return f"staging/{study}.json"


def _state(study: str) -> str:
    # A refused folder may have any name; its hash makes a file name of every one of them.
    plain = study.replace("_", "").replace("-", "").isalnum() and study.isascii()
    name = study if plain and len(study) <= 32 else hashlib.sha256(study.encode()).hexdigest()
    return f"states/{name}.json"
