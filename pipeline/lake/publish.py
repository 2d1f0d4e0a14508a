"""Brings HOME/published in line with the manifests; run again after a crash, it goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from pipeline.lake.manifest import COHORTS, Manifest
from pipeline.lake.storage import LocalStorage
from pipeline.lake.store import Store

STATUS = "status.html"  # tells times, so it is in no manifest
_LOCK = "_publish"


def publish(store: Store, published: Path, names: Iterable[str] | None = None) -> list[str]:
    """Write the pages of current manifests and take away those that nobody publishes any more.

    The last good pages of a study whose newest run failed stay: its manifest stays.

    Args:
        store: the lake.
        published: folder of the pages.
        names: studies to look at (`COHORTS` for the pages over studies), default all.

    Returns:
        Paths that were written or removed.
    """
    names = [*store.studies(), COHORTS] if names is None else names
    changed: list[str] = []
    with store.locks.hold(_LOCK):
        for name in names:
            manifest = store.current(name)
            if manifest is not None:
                changed += _bring(store, published, manifest)
    return changed


def write_status(store: Store, published: Path, page: bytes) -> None:
    """Write the one page that tells times."""
    with store.locks.hold(_LOCK):
        LocalStorage(published).write(STATUS, page)


def _bring(store: Store, published: Path, manifest: Manifest) -> list[str]:
    files = LocalStorage(published)
    changed: list[str] = []
    for path, value in sorted(manifest.pages.items()):
        if _hash(files.read(path)) != value:
            files.write(path, store.page(path, value))
            changed.append(path)
    for path in _strays(store, published, manifest):
        files.delete(path)
        changed.append(path)
    _remove_empty(published / "studies" / manifest.study)
    return changed


def _strays(store: Store, published: Path, manifest: Manifest) -> list[str]:
    """Pages of this manifest's own places that it does not have; other files are not ours."""
    if manifest.study == COHORTS:
        numbers = store.numbers(COHORTS)[:-1]
        older = [old for n in numbers[-1:] if (old := store.at(COHORTS, n)) is not None]
        known = {path for old in older for path in old.pages}
    else:
        folder = published / "studies" / manifest.study
        known = {p.relative_to(published).as_posix() for p in folder.rglob("*") if p.is_file()}
    return sorted(p for p in known - manifest.pages.keys() if (published / p).exists())


def _remove_empty(folder: Path) -> None:
    if not folder.is_dir():
        return
    below = sorted((p for p in folder.rglob("*") if p.is_dir()), reverse=True)
    for path in (*below, folder):
        if not any(path.iterdir()):
            path.rmdir()


def _hash(data: bytes | None) -> str:
    return hashlib.sha256(data).hexdigest() if data is not None else ""
