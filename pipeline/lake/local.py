"""Bytes under names as files below one folder, each written whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.lake.storage import Entry

_READABLE = 0o644
TEMPORARY = ".tmp-"  # begins the names of files that are being written
_HIDDEN = "."  # begins the names of temporary files


class LocalStorage:
    """Files below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, name: str) -> Path:
        """The file of a name."""
        return self.root / name

    def local(self, name: str) -> Path:
        """The file itself."""
        return self.path(name)

    def where(self, name: str) -> str:
        """The file's path."""
        return str(self.path(name))

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, None where there is none."""
        try:
            return self.path(name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes) -> None:
        """Replace a file by way of a temporary one, both brought to the disk."""
        target = self.path(name)
        write_file(target, data)
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

    def keep(self, name: str, data: bytes) -> None:
        """Write a file unless it is there; then only its time is new."""
        if not _touch(self.path(name)):
            self.write(name, data)

    def take(self, name: str, file: Path) -> None:
        """Bring a file to the disk and move it; it lies on the same one."""
        target = self.path(name)
        if _touch(target):
            file.unlink()
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
            os.fchmod(opened.fileno(), _READABLE)
        file.replace(target)
        _sync_folder(target.parent)

    def has(self, names: Iterable[str]) -> bool:
        """Whether all of these files are there."""
        return all(self.path(name).is_file() for name in names)

    def sha256s(self, names: Iterable[str]) -> dict[str, str]:
        """Hashes of files."""
        found = {name: self.path(name) for name in names}
        return {name: _sha256(path) for name, path in found.items() if path.is_file()}

    def delete(self, name: str) -> None:
        """Remove a file."""
        self.path(name).unlink(missing_ok=True)

    def names(self, folder: str) -> list[str]:
        """Sorted names in a folder, temporary files left out."""
        try:
            return sorted(p.name for p in self.path(folder).iterdir() if p.name[0] != _HIDDEN)
        except FileNotFoundError:
            return []

    def entries(self, folder: str) -> list[Entry]:
        """Files below a folder, temporary ones left out."""
        return sorted(self._below(self.path(folder)), key=lambda entry: entry.name)

    def last(self, folder: str) -> Entry | None:
        """The last file of a folder."""
        names = self.names(folder)
        return self._entry(f"{folder}/{names[-1]}") if names else None

    def last_of_each(self, folder: str) -> list[Entry]:
        """The last file of each folder in a folder."""
        found = (self.last(f"{folder}/{name}") for name in self.names(folder))
        return [entry for entry in found if entry is not None]

    def time(self, name: str) -> float:
        """When the file was last written."""
        return self.path(name).stat().st_mtime

    def tidy(self, folder: str) -> None:
        """Remove folders without files."""
        top = self.path(folder)
        if not top.is_dir():
            return
        below = sorted((p for p in top.rglob("*") if p.is_dir()), reverse=True)
        for path in (*below, top):
            if not any(path.iterdir()):
                path.rmdir()

    def _below(self, folder: Path) -> Iterator[Entry]:
        for path in folder.rglob("*"):
            if path.name[0] == _HIDDEN or not path.is_file():
                continue
            with contextlib.suppress(FileNotFoundError):  # another process took it away just now
                yield self._entry(path.relative_to(self.root).as_posix())

    def _entry(self, name: str) -> Entry:
        stat = self.path(name).stat()
        return Entry(name, stat.st_size, stat.st_mtime, mark="")


def write_file(target: Path, data: bytes) -> None:
    """Replace a file by way of a temporary one beside it."""
    _temporary(target, data).replace(target)


def _temporary(target: Path, data: bytes) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=TEMPORARY, dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        # mkstemp makes files private; these are read by others (web server, analysts).
        os.fchmod(file.fileno(), _READABLE)
    return Path(name)


def _touch(path: Path) -> bool:
    """Give a file the present time; False where there is none."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    except PermissionError:
        pass  # another user's file: there, and as good
    return True


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
