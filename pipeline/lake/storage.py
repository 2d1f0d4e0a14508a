"""Bytes under names: what the lake and the published pages need of whatever keeps them.

Small things that change (manifests, states, pages) are read and written whole. Objects are named by
the SHA-256 of their bytes and never change: they are kept, taken from a file, and given as a local
file to polars and DuckDB, for which a copy on this machine is as good as the original.

`local.py` keeps them in a folder, `s3.py` in a bucket.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class StorageSettingError(Exception):
    """A setting leads nowhere: nothing will change by trying again."""


class StorageUnreachableError(OSError):
    """The storage did not answer; it may, later."""


@dataclass(frozen=True)
class Entry:
    """Something stored. `time` is of the clock, in seconds.

    `mark` is another one for other bytes; it is empty where only reading tells.
    """

    name: str
    size: int
    time: float
    mark: str


class Storage(Protocol):
    """Bytes under names with `/` in them."""

    def read(self, name: str) -> bytes | None:
        """The bytes, None where there are none."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Put the bytes there; a reader sees the old ones or the new ones, never a part."""
        ...

    def create(self, name: str, data: bytes) -> bool:
        """Put the bytes there unless the name is taken; False if it is."""
        ...

    def keep(self, name: str, data: bytes) -> None:
        """Have the bytes of an object there; one that lies there already counts as new again."""
        ...

    def take(self, name: str, file: Path) -> None:
        """As `keep`, of a finished file, which is moved."""
        ...

    def local(self, name: str) -> Path:
        """A file on this machine with the bytes of an object."""
        ...

    def has(self, names: Iterable[str]) -> bool:
        """Whether all of these are there."""
        ...

    def sha256s(self, names: Iterable[str]) -> dict[str, str]:
        """Hash of the bytes under each of these names, those left out that are not there."""
        ...

    def delete(self, name: str) -> None:
        """Take them away; nothing happens where there are none."""
        ...

    def names(self, folder: str) -> list[str]:
        """Sorted names directly in a folder."""
        ...

    def entries(self, folder: str) -> list[Entry]:
        """Everything below a folder, sorted by whole name."""
        ...

    def last(self, folder: str) -> Entry | None:
        """The last by name directly in a folder."""
        ...

    def last_of_each(self, folder: str) -> list[Entry]:
        """The last by name of each folder in a folder."""
        ...

    def time(self, name: str) -> float:
        """When it was written, in seconds of the clock.

        Raises:
            FileNotFoundError: there is none.
        """
        ...

    def tidy(self, folder: str) -> None:
        """Remove folders without files, this one included, where folders are things."""
        ...

    def where(self, name: str) -> str:
        """Its place in words that a person can follow."""
        ...
