"""Takes old versions out of the lake: a rule for manifests, then what no manifest needs any more.

A run at work loses nothing. It gives every object that it makes or finds the present time, and
younger ones than the grace stay; what it goes on from stands in its staging, which counts as use.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Literal

from pipeline.lake.local import TEMPORARY
from pipeline.lake.manifest import COHORTS, Manifest, StageRecord
from pipeline.lake.store import Store

LOCK = "_clean_up"
_DAY, _HOUR = 86400.0, 3600.0

Kind = Literal["version", "object", "leftover", "run record"]


class RuleError(ValueError):
    """A setting of the rule that cannot be meant so."""


@dataclass(frozen=True)
class Rule:
    """What stays: the last `versions` of a study, those younger than `days`, and what they need.

    `runs_days` is the age of Dagster's run records; `grace_h` how long anything new is left alone.
    """

    versions: int = 30
    days: float = 90
    runs_days: float = 90
    grace_h: float = 24

    @classmethod
    def from_env(cls) -> Rule:
        """The environment's rule.

        Raises:
            RuleError: a setting is no number, or less than it may be.
        """
        versions = _number("CRSIGHT_KEEP_VERSIONS", cls.versions, 1)
        return cls(
            int(versions),
            _number("CRSIGHT_KEEP_DAYS", cls.days, 0),
            _number("CRSIGHT_KEEP_RUNS_DAYS", cls.runs_days, 0),
            _number("CRSIGHT_CLEAN_GRACE_H", cls.grace_h, 0),
        )


@dataclass(frozen=True)
class Gone:
    """Something that was removed, or would be."""

    kind: Kind
    name: str
    size: int = 0


def clean_lake(store: Store, rule: Rule, now: float, *, dry_run: bool = False) -> list[Gone]:
    """Remove old versions, unused objects and what crashes left.

    Args:
        store: the lake.
        rule: what stays.
        now: the clock, in seconds.
        dry_run: only say what would go.

    Raises:
        BusyError: another clean-up is at work.
    """
    with store.locks.hold(LOCK, wait_s=0):
        old = {study: _old(store, study, rule, now) for study in (*store.studies(), COHORTS)}
        # Manifests first: a crash in between leaves objects that nobody uses, which the next
        # clean-up finds, never a manifest without its objects.
        gone = list(_manifests(store, old, dry_run=dry_run))
        gone += _objects(store, old, now - rule.grace_h * _HOUR, dry_run=dry_run)
        return [*gone, *_leftovers(store, now - rule.grace_h * _HOUR, dry_run=dry_run)]


# ---- versions ----


def _old(store: Store, study: str, rule: Rule, now: float) -> set[int]:
    """Numbers of manifests that may go: not among the last, old, and long since replaced."""
    numbers = store.numbers(study)
    candidates = set(numbers[: -rule.versions]) - _used_over_studies(store, study)
    times = {n: store.manifest_time(study, n) for n in numbers} if candidates else {}
    followed = dict(pairwise(numbers))
    return {
        n
        for n in candidates
        if times[n] < now - rule.days * _DAY and times[followed[n]] < now - rule.grace_h * _HOUR
    }


def _used_over_studies(store: Store, study: str) -> set[int]:
    """Numbers that the pages over studies were made of, or are being made of."""
    over = (store.current(COHORTS), store.staging(COHORTS))
    chosen = [held.meta.get("manifests", {}) for held in over if held is not None]
    return {manifests[study]["number"] for manifests in chosen if study in manifests}


def _manifests(store: Store, old: dict[str, set[int]], *, dry_run: bool) -> Iterator[Gone]:
    for entry in store.files.entries("manifests"):
        path = PurePosixPath(entry.name)
        if int(path.stem) in old.get(path.parent.name, ()):
            if not dry_run:
                store.files.delete(entry.name)
            yield Gone("version", f"{path.parent.name} {int(path.stem)}", entry.size)


# ---- objects ----


def _objects(
    store: Store, old: dict[str, set[int]], before: float, *, dry_run: bool
) -> Iterator[Gone]:
    used = _used(store, old)
    for entry in store.files.entries("objects"):
        if PurePosixPath(entry.name).stem in used or entry.time >= before:
            continue
        if not dry_run:
            # The list may be minutes old: a run may have found use for the object meanwhile.
            if store.files.time(entry.name) >= before:
                continue
            store.files.delete(entry.name)
        yield Gone("object", entry.name.removeprefix("objects/"), entry.size)


def _used(store: Store, old: dict[str, set[int]]) -> set[str]:
    """Hashes that a manifest which stays, or an unfinished run, refers to."""
    # Staging first: a run that ends while this is read has its manifest by then.
    used = {v for held in store.stagings().values() for v in _hashes(held.stages.values())}
    for study in (*store.studies(), COHORTS):
        for number in store.numbers(study):
            manifest: Manifest | None = None
            if number not in old.get(study, ()):
                manifest = store.at(study, number)
            used |= set(_hashes(manifest.stages.values())) if manifest else set()
    return used


def _hashes(records: Iterable[StageRecord]) -> Iterator[str]:
    return (value for record in records for value in record.outputs.values())


# ---- what crashes leave ----


def _leftovers(store: Store, before: float, *, dry_run: bool) -> Iterator[Gone]:
    """Files that a stage or a write had begun on this machine; a study at work is left alone."""
    spills = [(p, p.relative_to(store.folder).parts[1]) for p in store.folder.glob("spill/*/**/*")]
    halves = [(path, "") for path in store.folder.rglob(f"{TEMPORARY}*")]
    for path, study in sorted(spills + halves):
        stat = path.stat()
        if not path.is_file() or stat.st_mtime >= before or (study and store.locks.held(study)):
            continue
        if not dry_run:
            path.unlink(missing_ok=True)
        yield Gone("leftover", path.relative_to(store.folder).as_posix(), stat.st_size)


def _number(name: str, default: float, least: float) -> float:
    text = os.environ.get(name) or str(default)
    try:
        value = float(text)
    except ValueError:
        value = least - 1
    if not value >= least:
        raise RuleError(f"{name} is {text!r}; it is a number, {least:g} or more")
    return value
