"""What a night, a sensor tick or `crsight run` has to do: the plan of every drop of the inbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.assets.over_studies import used
from pipeline.assets.place import Place
from pipeline.lake.fingerprint import drop_fingerprint
from pipeline.lake.inbox import Drop, drops
from pipeline.lake.manifest import COHORTS, digest
from pipeline.lake.store import State
from pipeline.plan import StageRun, plan, plan_cohorts

Fingerprint = Callable[[Path], Mapping[str, str]]


@dataclass(frozen=True)
class Work:
    """A study's drop, the hash of its bytes, and the stages that it needs."""

    drop: Drop
    fingerprint: str
    runs: list[StageRun]
    key: str

    @property
    def study(self) -> str:
        """The study's identifier."""
        return self.drop.study


def drops_of(place: Place) -> list[Drop]:
    """Drops of the inbox, in the light of the studies that the lake has."""
    return drops(place.inbox, place.store.studies())


def work_of(
    place: Place, drop: Drop, *, force: bool = False, fingerprint: Fingerprint = drop_fingerprint
) -> Work:
    """The plan of one drop.

    The key says on what the plan rests: bytes of the drop, code, and the manifest at hand.
    """
    files = fingerprint(drop.path)
    manifest = place.store.current(drop.study)
    seen = digest(dict(files))
    number = manifest.number if manifest else 0
    key = f"{drop.study}:{seen[:16]}:{digest(dict(place.code))[:16]}:{number}"
    return Work(drop, seen, plan(files, place.code, manifest, force=force), key)


def unattended(place: Place, work: Work) -> str | None:
    """Why nobody should start this work without being asked; None where it should be done."""
    if not work.runs:
        return "nothing changed"
    manifest = place.store.current(work.study)
    if manifest is not None and manifest.withdrawn:
        return f"withdrawn; `crsight run --study {work.study}` brings it back"
    if _ended(place, work, "refused"):
        return "refused before, and neither the drop nor the code has changed"
    return None


def failed_before(place: Place, work: Work) -> bool:
    """Whether this drop failed with this code: the night tries again, the sensor does not."""
    return _ended(place, work, "failed")


def cohort_work(place: Place, *, force: bool = False) -> list[StageRun]:
    """The plan of everything that is made over several studies."""
    return plan_cohorts(used(place), place.code, place.store.current(COHORTS), force=force)


def forget_gone(place: Place) -> None:
    """Forget studies that were never published and whose drops have left the inbox."""
    if not place.inbox.is_dir():
        return  # a share that is not mounted says nothing about its drops
    there = {drop.study for drop in drops_of(place)} | set(place.store.studies()) | {COHORTS}
    for study in place.store.states().keys() - there:
        place.store.forget_state(study)
        place.store.unstage(study)


def refuse(place: Place, drop: Drop) -> None:
    """Record a drop that is refused for its name."""
    place.store.set_state(State(drop.study, "refused", drop.problems))


def _ended(place: Place, work: Work, how: str) -> bool:
    state = place.store.state(work.study)
    return state is not None and (state.state, state.drop, state.code) == (
        how,
        work.fingerprint,
        digest(dict(place.code)),
    )
