"""Locks as files of one folder: right for processes of one machine, freed by its kernel."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from pipeline.lake.locks import Claim, Locks


class FileLocks(Locks):
    """Named lock files in one folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def held(self, name: str) -> bool:
        """Whether some process of this machine holds the lock right now."""
        path = self.folder / f"{name}.lock"
        if not path.exists():
            return False
        claim = _FileClaim(path)
        try:
            return not claim.take()
        finally:
            claim.free()

    def since(self, name: str) -> float | None:
        """When its holder signed it."""
        path = self.folder / f"{name}.lock"
        return path.stat().st_mtime if path.exists() else None

    def _claim(self, name: str) -> Claim:
        self.folder.mkdir(parents=True, exist_ok=True)
        return _FileClaim(self.folder / f"{name}.lock", signed=True)


class _FileClaim(Claim):
    def __init__(self, path: Path, *, signed: bool = False) -> None:
        self._path = path
        self._signed = signed
        self._handle = self._open()

    def take(self) -> bool:
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        if not self.holds():  # the file was removed; whoever comes next makes another one
            os.close(self._handle)
            self._handle = self._open()
            return self.take()
        if self._signed:
            os.ftruncate(self._handle, 0)
            os.pwrite(self._handle, f"process {os.getpid()}".encode(), 0)
        return True

    def holder(self) -> str:
        return os.pread(self._handle, 64, 0).decode() or "process unknown"

    def holds(self) -> bool:
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return False
        ours = os.fstat(self._handle)
        return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)

    def free(self) -> None:
        os.close(self._handle)  # which also frees the lock

    def _open(self) -> int:
        return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
