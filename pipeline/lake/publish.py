"""Brings the published pages in line with the manifests; run again after a crash, it goes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from pipeline.lake.manifest import COHORTS, Manifest
from pipeline.lake.storage import Storage
from pipeline.lake.store import Store

STATUS = "status.html"  # tells times, so it is in no manifest
_LOCK = "_publish"


def publish(store: Store, published: Storage, names: Iterable[str] | None = None) -> list[str]:
    """Write the pages of current manifests and take away those that nobody publishes any more.

    The last good pages of a study whose newest run failed stay: its manifest stays.

    Args:
        store: the lake.
        published: what keeps the pages.
        names: studies to look at (`COHORTS` for the pages over studies), default all.

    Returns:
        Paths that were written or removed.
    """
    wanted = None if names is None else list(names)
    changed: list[str] = []
    seen: dict[str, Manifest] = {}
    with store.locks.hold(_LOCK):
        # Looked at again afterwards: should the lock fail us, the last writer still sees the newest
        # manifests, and its pages are theirs.
        while (now := _manifests(store, wanted)) != seen:
            changed += _bring(store, published, {n: m for n, m in now.items() if m != seen.get(n)})
            seen = now
    return changed


def write_status(store: Store, published: Storage, page: bytes) -> None:
    """Write the one page that tells times."""
    with store.locks.hold(_LOCK):
        published.write(STATUS, page)


def _manifests(store: Store, names: list[str] | None) -> dict[str, Manifest]:
    if names is None:
        return store.manifests()
    found = {name: store.current(name) for name in names}
    return {name: manifest for name, manifest in found.items() if manifest is not None}


def _bring(store: Store, published: Storage, manifests: Mapping[str, Manifest]) -> list[str]:
    pages = [(path, v) for m in manifests.values() for path, v in sorted(m.pages.items())]
    there = published.sha256s(path for path, _ in pages)
    changed: list[str] = []
    for path, value in pages:
        if there.get(path) != value:
            published.write(path, store.page(path, value))
            changed.append(path)
    known = _of_studies(published, manifests.keys() - {COHORTS})
    if COHORTS in manifests:
        known |= _of_cohorts_before(store, published)
    for path in sorted(known - {path for path, _ in pages}):
        published.delete(path)
        changed.append(path)
    for name in manifests:
        published.tidy(f"studies/{name}")
    return changed


def _of_studies(published: Storage, studies: Set[str]) -> set[str]:
    """What lies in the folders of these studies; other files are not ours."""
    if not studies:
        return set()
    # Of many studies, all at once: in a bucket one listing is as dear as another.
    folder = "studies" if len(studies) > 1 else f"studies/{next(iter(studies))}"
    found = (entry.name for entry in published.entries(folder))
    return {name for name in found if name.split("/")[1] in studies}


def _of_cohorts_before(store: Store, published: Storage) -> set[str]:
    """What lies where the cohorts' manifest before the current one had pages."""
    before = store.numbers(COHORTS)[:-1][-1:]
    older = [old for n in before if (old := store.at(COHORTS, n)) is not None]
    return set(published.sha256s(path for old in older for path in old.pages))
