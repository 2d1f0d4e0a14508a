"""Bytes under names, on a local disk: the only place that writes files for the store.

Five operations are all that the store needs, so that an object store can take its place later:
`write` replaces atomically, `create` fails where the name is taken (the compare-and-set of
manifests), `take` moves a large file in, `read` and `names`.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Protocol

_READABLE = 0o644


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

    def take(self, name: str, file: Path) -> None:
        """Move a finished file there."""
        ...

    def delete(self, name: str) -> None:
        """Take them away; nothing happens where there are none."""
        ...

    def names(self, folder: str) -> list[str]:
        """Sorted names directly in a folder."""
        ...

    def path(self, name: str) -> Path:
        """Where polars and DuckDB find it."""
        ...


class LocalStorage:
    """Files below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, name: str) -> Path:
        """The file of a name."""
        return self.root / name

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, None where there is none."""
        try:
            return self.path(name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes) -> None:
        """Replace a file by way of a temporary one, both brought to the disk."""
        target = self.path(name)
        temporary = _temporary(target, data)
        temporary.replace(target)
        _sync_folder(target.parent)

    def create(self, name: str, data: bytes) -> bool:
        """Make a file with all its bytes at once, or not at all where the name is taken."""
        target = self.path(name)
        temporary = _temporary(target, data)
        try:
            # A hard link fails on a taken name, and the name never shows half a file.
            os.link(temporary, target)
        except FileExistsError:
            return False
        finally:
            temporary.unlink()
        _sync_folder(target.parent)
        return True

    def take(self, name: str, file: Path) -> None:
        """Bring a file to the disk and move it; it lies on the same one."""
        target = self.path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
            os.fchmod(opened.fileno(), _READABLE)
        file.replace(target)
        _sync_folder(target.parent)

    def delete(self, name: str) -> None:
        """Remove a file."""
        self.path(name).unlink(missing_ok=True)

    def names(self, folder: str) -> list[str]:
        """Sorted names in a folder, temporary files left out."""
        try:
            return sorted(p.name for p in self.path(folder).iterdir() if p.name[0] != ".")
        except FileNotFoundError:
            return []


def _temporary(target: Path, data: bytes) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".tmp-", dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        # mkstemp makes files private; these are read by others (web server, analysts).
        os.fchmod(file.fileno(), _READABLE)
    return Path(name)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
