"""Copies of a bucket's objects on this machine's disk, so that each is fetched once.

An object is named by its hash and never changes, so a copy is never out of date.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

_GB = 1_000_000_000
_IN_USE_S = 6 * 3600.0  # no step of a run reads a file that long after it was asked for


def limit_from_env() -> int:
    """Bytes that the copies may take (CRSIGHT_CACHE_GB, default 20)."""
    return int(float(os.environ.get("CRSIGHT_CACHE_GB", "20")) * _GB)


class Cache:
    """A folder of copies; those not used for longest go when there are too many bytes."""

    def __init__(self, folder: Path, limit: int | None = None) -> None:
        self.folder = folder
        self._limit = limit_from_env() if limit is None else limit
        self._unseen = self._limit  # bytes added since the folder was last looked through

    def find(self, name: str) -> Path | None:
        """The copy of an object, None where there is none."""
        path = self.folder / name
        try:
            os.utime(path)
        except FileNotFoundError:
            return None
        return path

    def add(self, name: str, parts: Iterable[bytes]) -> Path:
        """Make the copy of an object from its bytes.

        Raises:
            OSError: the bytes are not those that the object's name says.
        """
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".tmp-", dir=target.parent)
        total = hashlib.sha256()
        with os.fdopen(handle, "wb") as file:
            for part in parts:
                total.update(part)
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        if total.hexdigest() != PurePosixPath(name).stem:
            Path(temporary).unlink()
            raise OSError(f"{name}: the object was changed in the lake")
        return self.adopt(name, Path(temporary))

    def adopt(self, name: str, file: Path) -> Path:
        """Make a finished file the copy of an object."""
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        size = file.stat().st_size
        file.replace(target)
        self._unseen += size
        if self._unseen > self._limit / 10:
            self._unseen = 0
            self._make_room()
        return target

    def _make_room(self) -> None:
        found = [(p.stat(), p) for p in self.folder.rglob("*") if p.is_file()]
        used = sum(stat.st_size for stat, _ in found)
        before = time.time() - _IN_USE_S
        for stat, path in sorted(found, key=lambda pair: (pair[0].st_mtime, pair[1])):
            left_by_a_crash = path.name.startswith(".tmp-")
            if stat.st_mtime > before or not (left_by_a_crash or used > self._limit):
                continue
            path.unlink(missing_ok=True)
            used -= stat.st_size
