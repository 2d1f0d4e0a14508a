"""Runs one stage of one study: take it from the record, or compute, check, store and stage it.

Nothing here knows Dagster; the assets add its events.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.assets.pages import View
from pipeline.assets.place import Place
from pipeline.lake.fingerprint import drop_fingerprint
from pipeline.lake.locks import BusyError
from pipeline.lake.manifest import Manifest, StageRecord, Staging
from pipeline.lake.publish import publish
from pipeline.lake.spill import spill
from pipeline.lake.store import State
from pipeline.plan import MADE, STAGES, inputs_of
from pipeline.study import Study, load_study

if TYPE_CHECKING:
    from pipeline.assets.checks import Verdict
    from pipeline.table import Table

_REMARKS = ("quarantine", "notes")
QUERIES, BEFORE = "queries", "queries_before"


class UnreadyError(Exception):
    """A stage whose inputs were never made."""


class DropChangedError(OSError):
    """The drop changed while it was being read; read again, it may stand still."""


@dataclass(frozen=True)
class Outcome:
    """What a stage did. Without a record its checks failed and nothing was kept."""

    record: StageRecord | None
    reused: bool
    verdicts: list[Verdict]


def begin(place: Place, study: str, run: str) -> Staging:
    """Staging of a study for a run: that of an interrupted run is gone on with."""
    current = place.store.current(study)
    number = current.number if current else 0
    staged = place.store.staging(study)
    if staged is not None and staged.run == run:
        return staged
    if staged is not None:
        return replace(staged, run=run, parent=number)
    if current is None:
        return Staging(run, number)
    return Staging(run, number, current.drop, current.meta, current.stages)


def run_stage(place: Place, study: str, stage: str, run: str, *, force: bool = False) -> Outcome:
    """Run a stage of a study.

    Args:
        place: home, inbox and stages.
        study: the study's identifier.
        stage: one of `STAGES`.
        run: identifier of the run, which fixes the manifest that the run started from.
        force: compute even where code and inputs are those on record.

    Raises:
        StudyError, DropRefused: the drop cannot be taken.
        UnreadyError: an earlier stage was never run.
        DropChangedError: the drop did not stand still.
    """
    staging = begin(place, study, run)
    if stage == "ingest":
        drop = place.inbox / study
        meta = load_study(drop).model_dump(mode="json")
        staging = replace(staging, drop=drop_fingerprint(drop), meta=meta)
    inputs = _inputs(staging, study, stage)
    record = None if force else on_record(place, study, stage, place.code[stage], inputs)
    outcome = (
        Outcome(record, reused=True, verdicts=[])
        if record
        else _compute(place, study, stage, staging, inputs)
    )
    if outcome.record:
        stages = {**staging.stages, stage: outcome.record}
        place.store.stage(study, replace(staging, stages=stages))
    return outcome


def on_record(
    place: Place, study: str, stage: str, code: str, inputs: Mapping[str, str]
) -> StageRecord | None:
    """The record of a stage with this code and these inputs, if its objects are all there."""
    for held in (place.store.staging(study), place.store.current(study)):
        record = held.stages.get(stage) if held else None
        same = record and record.code == code and dict(record.inputs) == dict(inputs)
        if record and same and place.store.has(record.outputs):
            return record
    return None


def finish(place: Place, study: str, run: str) -> Manifest:
    """Swap in the manifest of a study whose stages are all staged, and publish its pages.

    Raises:
        UnreadyError: a stage is missing.
        InconsistentError, StaleParentError: see `Store.promote`.
    """
    staging = begin(place, study, run)
    missing = [stage for stage in STAGES if stage not in staging.stages]
    if missing:
        raise UnreadyError(f"{study}: {', '.join(missing)} not made yet")
    stages = {stage: staging.stages[stage] for stage in STAGES}
    manifest = place.store.promote(
        Manifest(study, staging.parent + 1, staging.parent, staging.drop, staging.meta, stages)
    )
    place.store.unstage(study)
    place.store.set_state(State(study, "published"))
    publish(place.store, place.published, [study])
    return manifest


def heal(place: Place, study: str) -> None:
    """Bring in order what a crash left of a study whose manifest is right: staging, state."""
    state = place.store.state(study)
    tidy = state is not None and state.state == "published" and place.store.staging(study) is None
    if tidy:
        return
    with contextlib.suppress(BusyError), place.store.locks.hold(study, wait_s=0):
        place.store.unstage(study)
        place.store.set_state(State(study, "published"))


def tables_of(place: Place, hashes: Mapping[str, str]) -> dict[str, Path]:
    """Files of the tables with these hashes."""
    return place.store.tables(hashes)


def _inputs(staging: Staging, study: str, stage: str) -> dict[str, str]:
    if stage == "ingest":
        return dict(staging.drop)
    held = staging.tables
    missing = [stage for stage in STAGES[: STAGES.index(stage)] if stage not in staging.stages]
    if missing:
        raise UnreadyError(f"{study}: {stage} needs {', '.join(missing)}, which never ran")
    tables = {name: held[name] for name in inputs_of(stage)}
    return {"study.yaml": staging.drop["study.yaml"], **tables}


def _compute(
    place: Place, study: str, stage: str, staging: Staging, inputs: dict[str, str]
) -> Outcome:
    from pipeline.assets import checks  # noqa: PLC0415  loads when it runs

    described = Study.model_validate(staging.meta)
    code = place.code[stage]
    if stage == "ingest":
        drop = place.inbox / study
        with spill(place.store, study) as folder:
            made = contract(stage, _with_changes(place, described, inputs, folder))
            if drop_fingerprint(drop) != inputs:
                raise DropChangedError(f"{study}: the drop changed while it was being read")
            return keep(place, code, inputs, made, checks.check_tables(stage, made, {}))
    given = tables_of(place, {k: v for k, v in inputs.items() if k != "study.yaml"})
    if stage == "reports":
        pages = place.pages.study(View(described, given, staging.drop))
        verdicts = checks.check_pages("study_pages", f"studies/{study}", pages)
        return keep(place, code, inputs, pages, verdicts)
    seen = _queries_before(place, study, staging.drop) if stage == "queries" else {}
    made = contract(stage, getattr(place.stages, stage)({**given, **seen}, described))
    return keep(place, code, inputs, made, checks.check_tables(stage, made, given))


def _with_changes(
    place: Place, study: Study, drop: Mapping[str, str], folder: Path
) -> dict[str, Table]:
    """What ingest makes, and what changed since the drop before."""
    from pipeline.ingest.changes import compare_remarks  # noqa: PLC0415  loads when it runs

    made = place.stages.ingest(place.inbox / study.study, study, folder)
    held = _drop_before(place, study.study, drop)
    hashes = {table: held.tables[table] for table in _REMARKS} if held else {}
    before = tables_of(place, hashes) if hashes and place.store.has(hashes) else None
    return {**made, "changes": compare_remarks(study.study, before, made)}


def _queries_before(place: Place, study: str, drop: Mapping[str, str]) -> dict[str, Path]:
    """The queries of the drop before, by which new ones are told from those still open."""
    held = _drop_before(place, study, drop)
    hashes = {QUERIES: held.tables[QUERIES]} if held and QUERIES in held.tables else {}
    there = hashes if place.store.has(hashes) else {}
    return {BEFORE: tables_of(place, there)[QUERIES]} if there else {}


def _drop_before(place: Place, study: str, drop: Mapping[str, str]) -> Manifest | None:
    """The last manifest of a study that was made from other data than these."""
    for number in reversed(place.store.numbers(study)):
        held = place.store.at(study, number)
        if held and not held.withdrawn and _data_of(held.drop) != _data_of(drop):
            return held
    return None


def _data_of(drop: Mapping[str, str]) -> dict[str, str]:
    """Files of a drop but its description."""
    return {name: value for name, value in drop.items() if name != "study.yaml"}


def contract(stage: str, made: Mapping[str, Table]) -> dict[str, Table]:
    """The tables that a stage promises; what it made on the way is not stored."""
    return {name: made[name] for name in MADE[stage] if name in made}


def keep(
    place: Place,
    code: str,
    inputs: Mapping[str, str],
    made: Mapping[str, Table] | Mapping[str, bytes],
    verdicts: list[Verdict],
) -> Outcome:
    """Store what a stage made if its checks hold; otherwise nothing is kept."""
    if not all(v.passed for v in verdicts):
        return Outcome(None, reused=False, verdicts=verdicts)
    outputs = place.store.put(made)
    return Outcome(StageRecord(code, inputs, outputs), reused=False, verdicts=verdicts)
