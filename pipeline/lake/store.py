"""The lake: immutable objects, numbered manifests, staging and states of every study.

lake/objects/<table>/<sha256>.parquet      a table; pages as lake/objects/pages/<sha256>.html
lake/manifests/<STUDY>/<8 digits>.json     what is published; the highest number is current
lake/staging/<STUDY>.json                  what an unfinished run has made
lake/states/<STUDY>.json                   how the last run ended
lake/spill/<STUDY>/                        what a running stage cannot hold in memory
lake/locks/<STUDY>.lock
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

import polars as pl

from pipeline.lake.locks import Locks
from pipeline.lake.manifest import COHORTS, Manifest, Staging, inconsistencies
from pipeline.lake.parquet import to_parquet
from pipeline.lake.storage import LocalStorage, Storage
from pipeline.table import Table


class StaleParentError(Exception):
    """Somebody else made a manifest since this run started; theirs stands."""


class InconsistentError(Exception):
    """A manifest whose parts do not belong together."""


@dataclass(frozen=True)
class State:
    """How the last run of a study ended, and on what (`drop`, `code`): the same fails again."""

    study: str
    state: Literal["published", "refused", "failed", "stale", "withdrawn"]
    problems: tuple[str, ...] = ()
    drop: str = ""
    code: str = ""

    @property
    def reason(self) -> str:
        """The problems, one per line."""
        return "\n".join(self.problems)

    def to_bytes(self) -> bytes:
        """JSON with sorted keys."""
        return json.dumps(asdict(self), sort_keys=True, indent=1, ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> State:
        """Read what `to_bytes` wrote."""
        raw = json.loads(data)
        raw["problems"] = tuple(raw["problems"])
        return cls(**raw)


class Store:
    """Everything below one lake folder."""

    def __init__(self, lake: Path, files: Storage | None = None) -> None:
        self.files: Storage = files or LocalStorage(lake)
        self.locks = Locks(lake / "locks")

    # ---- objects ----

    def put_table(self, name: str, table: Table) -> str:
        """Store a table; the answer is its hash. A file is moved, not read into memory."""
        if isinstance(table, pl.DataFrame):
            return self._put(name, ".parquet", to_parquet(table))
        with table.open("rb") as file:
            value = hashlib.file_digest(file, "sha256").hexdigest()
        target = _object(name, value, ".parquet")
        if not self.files.path(target).exists():
            self.files.take(target, table)
        return value

    def put_page(self, path: str, data: bytes) -> str:
        """Store a page; the answer is its hash."""
        return self._put("pages", PurePosixPath(path).suffix, data)

    def table(self, name: str, value: str) -> Path:
        """The Parquet file of a table's hash."""
        return self.files.path(_object(name, value, ".parquet"))

    def page(self, path: str, value: str) -> bytes:
        """The bytes of a page's hash, proved against it.

        Raises:
            OSError: the object is gone or is not what its name says.
        """
        data = self.files.read(_object("pages", value, PurePosixPath(path).suffix))
        if data is None or hashlib.sha256(data).hexdigest() != value:
            raise OSError(f"{path}: object {value} is missing from the lake or was changed there")
        return data

    def has(self, outputs: Mapping[str, str]) -> bool:
        """Whether the objects of these outputs are all there."""
        return all(
            self.files.path(
                _object("pages", value, PurePosixPath(name).suffix)
                if "." in name
                else _object(name, value, ".parquet")
            ).exists()
            for name, value in outputs.items()
        )

    def _put(self, folder: str, ending: str, data: bytes) -> str:
        value = hashlib.sha256(data).hexdigest()
        name = _object(folder, value, ending)
        if not self.files.path(name).exists():
            self.files.write(name, data)
        return value

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
        numbers = self.numbers(study)
        return self.at(study, numbers[-1]) if numbers else None

    def ready(self) -> dict[str, Manifest]:
        """Current manifests of all studies that are published."""
        every = {study: self.current(study) for study in self.studies()}
        return {s: m for s, m in every.items() if m is not None and not m.withdrawn}

    def promote(self, manifest: Manifest) -> Manifest:
        """Make a manifest the current one; one that says nothing new is not made.

        Raises:
            InconsistentError: a stage was made from something else than what the manifest holds.
            StaleParentError: the parent is not the current manifest any more.
        """
        problems = inconsistencies(manifest)
        if problems:
            raise InconsistentError(f"{manifest.study}: " + "; ".join(problems))
        current = self.current(manifest.study)
        if current is not None and current.content == manifest.content:
            return current
        name = _manifest(manifest.study, manifest.number)
        number = current.number if current else 0
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

    # ---- staging and states ----

    def staging(self, study: str) -> Staging | None:
        """What an unfinished run has made so far."""
        data = self.files.read(f"staging/{study}.json")
        return Staging.from_bytes(data) if data is not None else None

    def stage(self, study: str, staging: Staging) -> None:
        """Remember what a run has made so far."""
        self.files.write(f"staging/{study}.json", staging.to_bytes())

    def unstage(self, study: str) -> None:
        """Forget it: the run is done."""
        self.files.delete(f"staging/{study}.json")

    def state(self, study: str) -> State | None:
        """How a study's last run ended."""
        data = self.files.read(_state(study))
        return State.from_bytes(data) if data is not None else None

    def states(self) -> dict[str, State]:
        """States of all studies by name."""
        files = [self.files.read(f"states/{name}") for name in self.files.names("states")]
        found = [State.from_bytes(data) for data in files if data is not None]
        return {state.study: state for state in found}

    def forget_state(self, study: str) -> None:
        """Take a state away."""
        self.files.delete(_state(study))

    def set_state(self, state: State) -> None:
        """Record a state; the same again keeps its time (`since`)."""
        if self.state(state.study) != state:
            self.files.write(_state(state.study), state.to_bytes())

    def since(self, study: str) -> float:
        """When the state was first so, in seconds of the system's clock."""
        return self.files.path(_state(study)).stat().st_mtime

    def manifest_time(self, study: str, number: int) -> float:
        """When a manifest was made, in seconds of the system's clock."""
        return self.files.path(_manifest(study, number)).stat().st_mtime


def _object(folder: str, value: str, ending: str) -> str:
    return f"objects/{folder}/{value}{ending}"


def _manifest(study: str, number: int) -> str:
    return f"manifests/{study}/{number:08d}.json"


def _state(study: str) -> str:
    # A refused folder may have any name; its hash makes a file name of every one of them.
    plain = study.replace("_", "").replace("-", "").isalnum() and study.isascii()
    name = study if plain and len(study) <= 32 else hashlib.sha256(study.encode()).hexdigest()
    return f"states/{name}.json"
