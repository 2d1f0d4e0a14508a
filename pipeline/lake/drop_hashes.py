"""Hashes of the files of drops, remembered by how the files look: nobody reads them at every look.

A file that was written has another size or another time of change, which no copying keeps. One that
changed a moment before it was read is not remembered: its times may be too coarse to tell.

Kept in a file on this machine. It may go at any time; then the drops are read again. What a run
records rests on the bytes, never on this.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.lake.fingerprint import drop_files, sha256_of
from pipeline.lake.local import write_file

_COARSE_S = 2.0
Look = list[int]  # size, times and place on the disk of a file


@dataclass
class _Drop:
    """Look and hash of each file that was read; `whole` where that is all of them."""

    files: dict[str, tuple[Look, str]] = field(default_factory=dict)
    whole: bool = False


class DropHashes:
    """What is remembered of each drop."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._drops = _load(file)
        self._changed = False

    def known(self, drop: Path) -> dict[str, str] | None:
        """Name and hash of every file of a drop if all look as when they were read."""
        held = self._drops.get(str(drop))
        if held is None or not held.whole:
            return None
        if {name: look for name, (look, _) in held.files.items()} != _looks(drop):
            return None
        return {name: value for name, (_, value) in held.files.items()}

    def read(self, drop: Path, until: float | None = None) -> dict[str, str] | None:
        """Name and hash of every file of a drop; only what looks another way is read.

        Args:
            drop: the folder.
            until: when to stop reading, by the monotonic clock; the next call goes on from there.

        Returns:
            None if the time did not suffice.
        """
        before = self._drops.get(str(drop), _Drop()).files
        found, kept, now = dict[str, str](), _Drop(), time.time()
        for name, look in _looks(drop).items():
            held = before.get(name)
            if held is None or held[0] != look:
                if until is not None and time.monotonic() >= until:
                    self._keep(drop, kept)
                    return None
                held = (look, sha256_of(drop / name))
            found[name] = held[1]
            if now - max(look[1:3]) / 1e9 > _COARSE_S:
                kept.files[name] = held
        kept.whole = kept.files.keys() == found.keys()
        self._keep(drop, kept)
        return found

    def save(self, drops: Iterable[Path]) -> None:
        """Write what was learned of these drops; others are forgotten."""
        there = {str(drop) for drop in drops}
        if not self._changed and self._drops.keys() <= there:
            return
        raw = {
            path: {"whole": held.whole, "files": held.files}
            for path, held in self._drops.items()
            if path in there
        }
        write_file(self._file, json.dumps(raw, sort_keys=True).encode())
        self._changed = False

    def _keep(self, drop: Path, kept: _Drop) -> None:
        if self._drops.get(str(drop)) != kept:
            self._drops[str(drop)] = kept
            self._changed = True


def _load(file: Path) -> dict[str, _Drop]:
    try:
        raw: dict[str, dict[str, Any]] = json.loads(file.read_bytes())
        return {
            path: _Drop(
                {name: (look, value) for name, (look, value) in d["files"].items()}, d["whole"]
            )
            for path, d in raw.items()
        }
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # none yet, or not ours


def _looks(drop: Path) -> dict[str, Look]:
    return {path.relative_to(drop).as_posix(): _look(path.stat()) for path in drop_files(drop)}


def _look(stat: os.stat_result) -> Look:
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
