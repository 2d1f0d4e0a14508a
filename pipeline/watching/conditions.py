"""How everything stands, for whoever is to be told: studies, pages over them, automation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import dagster as dg

from pipeline.alerts.changes import Condition
from pipeline.assets.place import Place
from pipeline.assets.run_tags import PARTITION
from pipeline.assets.staleness import late, stale_h, waiting
from pipeline.lake.manifest import COHORTS, digest
from pipeline.lake.state import State
from pipeline.study import STUDY_ID
from pipeline.watching.automation import automation
from pipeline.watching.clean_up import weekly
from pipeline.watching.jobs import COHORTS_JOB
from pipeline.watching.open_runs import open_studies
from pipeline.watching.schedules import nightly
from pipeline.watching.stale import cohort_work

_OVER = "the pages over all studies"
_SETTLED_S = 120.0  # a run that died is started again at once; what came of that is told
_DIED = "its run ended without a word: killed, out of memory, or it waited too long for another run"


def conditions(
    place: Place, instance: dg.DagsterInstance, now: float
) -> tuple[dict[str, Condition], set[str]]:
    """Condition of each thing by name, and the names of what is being worked on.

    Args:
        place: the home.
        instance: its Dagster.
        now: the clock, in seconds.
    """
    busy = _busy(place, instance)
    found = {study: _of_state(place, state) for study, state in place.store.states().items()}
    for study in late(place, now):
        if study not in found or not found[study].bad:
            found[study] = _waits(place, study)
    for study in _died(place, instance, now):
        if study not in found or found[study].state != "failed":
            found[study] = _bad(place, study, "failed", _DIED)
    unsure = {study for study, condition in found.items() if study in busy or not condition.state}
    named = {name_of(study): _with_run(instance, study, c) for study, c in found.items()}
    told = {c.about: c for c in (*named.values(), *automation(instance, (nightly, weekly), now))}
    return told, {name_of(study) for study in {*unsure, *busy}}


def name_of(study: str) -> str:
    """How a study is called in a message. A folder's name that is none may say anything."""
    if study == COHORTS:
        return _OVER
    known = STUDY_ID.fullmatch(study)
    return study if known else f"a folder with an unusable name ({digest(study)[:8]})"


# ---- studies ----


def _of_state(place: Place, state: State) -> Condition:
    if state.state in ("published", "withdrawn"):
        return Condition(name_of(state.study), f"is {state.state}")
    if state.state == "stale":
        return Condition(name_of(state.study), "")  # it goes on by itself, or is late some day
    # Only the first line is ours; what follows may hold values of the data.
    reason = state.problems[0] if state.problems else ""
    if not STUDY_ID.fullmatch(state.study) and state.study != COHORTS:
        reason = "a study is named by 1 to 32 letters, digits, _ or -, the first a letter or digit"
    word = "was refused" if state.state == "refused" else "failed"
    return _bad(place, state.study, word, reason.replace(f"{place.inbox}/", ""))


def _waits(place: Place, study: str) -> Condition:
    reason = f"its drop or the code is newer than what is published, for over {stale_h():g} hours"
    return _bad(place, study, "waits", reason)


def _bad(place: Place, study: str, word: str, reason: str) -> Condition:
    manifest = place.store.current(study)
    published = manifest is not None and not manifest.withdrawn
    good = f"Version {manifest.number} stays published." if manifest and published else ""
    good = good or "Nothing of it is published."
    return Condition(name_of(study), word, bad=True, reason=reason, good=good)


def _died(place: Place, instance: dg.DagsterInstance, now: float) -> Iterator[str]:
    """Studies that still wait although their last run is over, and COHORTS likewise."""
    for study in (*waiting(place), COHORTS):
        records = instance.get_run_records(_runs_of(study), limit=1)
        if not records or records[0].dagster_run.status != dg.DagsterRunStatus.FAILURE:
            continue
        over = (records[0].end_time or 0.0) < now - _SETTLED_S
        if over and (study != COHORTS or cohort_work(place)):
            yield study


def _busy(place: Place, instance: dg.DagsterInstance) -> set[str]:
    bad = [s.study for s in place.store.states().values() if s.state in ("refused", "failed")]
    held = {study for study in bad if place.store.locks.held(study)}
    return open_studies(instance) | held


def _with_run(instance: dg.DagsterInstance, study: str, condition: Condition) -> Condition:
    if not condition.bad:
        return condition
    runs = instance.get_runs(_runs_of(study), limit=1)
    return replace(condition, run=runs[0].run_id if runs else "")


def _runs_of(study: str) -> dg.RunsFilter:
    if study == COHORTS:
        return dg.RunsFilter(job_name=COHORTS_JOB.name)
    return dg.RunsFilter(tags={PARTITION: study})
