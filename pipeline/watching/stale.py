"""What a night, a sensor tick or `crsight run` has to do: the plan of every drop of the inbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.assets.over_studies import used
from pipeline.assets.place import Place
from pipeline.lake.fingerprint import drop_fingerprint
from pipeline.lake.inbox import Drop, drops
from pipeline.lake.manifest import COHORTS, digest
from pipeline.lake.overview import Overview
from pipeline.lake.state import State
from pipeline.plan import StageRun, plan, plan_cohorts


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


def drops_of(place: Place, seen: Overview | None = None) -> list[Drop]:
    """Drops of the inbox, in the light of the studies that the lake has."""
    return drops(place.inbox, seen.studies if seen else place.store.studies())


def work_of(
    place: Place,
    drop: Drop,
    *,
    force: bool = False,
    files: Mapping[str, str] | None = None,
    seen: Overview | None = None,
) -> Work:
    """The plan of one drop.

    The key says on what the plan rests: bytes of the drop, code, and the manifest at hand.

    Args:
        place: the home.
        drop: the drop.
        force: everything, whatever is on record.
        files: hashes of the drop's files, which are read where they are not given.
        seen: what the lake holds, which is asked for this study where it is not given.
    """
    files = drop_fingerprint(drop.path) if files is None else files
    manifest = seen.manifests.get(drop.study) if seen else place.store.current(drop.study)
    hashed = digest(dict(files))
    number = manifest.number if manifest else 0
    key = f"{drop.study}:{hashed[:16]}:{digest(dict(place.code))[:16]}:{number}"
    return Work(drop, hashed, plan(files, place.code, manifest, force=force), key)


def unattended(place: Place, work: Work, seen: Overview | None = None) -> str | None:
    """Why nobody should start this work without being asked; None where it should be done."""
    if not work.runs:
        return "nothing changed"
    manifest = seen.manifests.get(work.study) if seen else place.store.current(work.study)
    if manifest is not None and manifest.withdrawn:
        return f"withdrawn; `crsight run --study {work.study}` brings it back"
    if _ended(place, work, "refused", seen):
        return "refused before, and neither the drop nor the code has changed"
    return None


def failed_before(place: Place, work: Work, seen: Overview | None = None) -> bool:
    """Whether this drop failed with this code: the night tries again, the sensor does not."""
    return _ended(place, work, "failed", seen)


def cohort_work(
    place: Place, seen: Overview | None = None, *, force: bool = False
) -> list[StageRun]:
    """The plan of everything that is made over several studies."""
    seen = seen or Overview.of(place.store)
    return plan_cohorts(used(place, seen), place.code, seen.manifests.get(COHORTS), force=force)


def forget_gone(place: Place, seen: Overview | None = None) -> None:
    """Forget studies that were never published and whose drops have left the inbox."""
    if not place.inbox.is_dir():
        return  # a share that is not mounted says nothing about its drops
    seen = seen or Overview.of(place.store)
    there = {drop.study for drop in drops_of(place, seen)} | set(seen.studies) | {COHORTS}
    for study in seen.states.keys() - there:
        place.store.forget_state(study)
        place.store.unstage(study)


def refuse(place: Place, drop: Drop) -> None:
    """Record a drop that is refused for its name."""
    place.store.set_state(State(drop.study, "refused", drop.problems))


def _ended(place: Place, work: Work, how: str, seen: Overview | None) -> bool:
    state = seen.states.get(work.study) if seen else place.store.state(work.study)
    return state is not None and (state.state, state.drop, state.code) == (
        how,
        work.fingerprint,
        digest(dict(place.code)),
    )
