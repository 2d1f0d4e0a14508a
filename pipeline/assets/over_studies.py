"""Runs what is made over several studies: it reads those that are ready and names the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from pipeline.assets.pages import Missing, View
from pipeline.assets.place import Place
from pipeline.assets.status_page import publish_status
from pipeline.assets.work import Outcome, UnreadyError, begin, contract, keep, on_record
from pipeline.lake.manifest import COHORTS, Manifest, Staging, digest
from pipeline.lake.overview import Overview
from pipeline.lake.publish import publish
from pipeline.lake.store import State
from pipeline.plan import COHORT_OUTPUTS, COHORT_STAGES, code_of
from pipeline.study import Study

STATES = "_states"  # no study can be named so


def used(place: Place, seen: Overview | None = None) -> dict[str, str]:
    """Each ready study with the hash of its data, and the hash of what is said of the others."""
    seen = seen or Overview.of(place.store)
    return _used(seen.ready, [asdict(m) for m in missing(place, seen.ready, seen.states)])


def missing(
    place: Place, ready: Mapping[str, Manifest], every: Mapping[str, State]
) -> list[Missing]:
    """Studies whose last run did not end in a published manifest.

    A study that has an older good manifest is in the pages with that one and is named here too.
    """
    states = [s for s in every.values() if s.study != COHORTS]
    out = [s for s in states if s.state != "published" or s.study not in ready]
    return [_named(place, s) for s in sorted(out, key=lambda s: s.study)]


def _used(ready: Mapping[str, Manifest], others: list[dict[str, Any]]) -> dict[str, str]:
    return {**{study: m.data for study, m in ready.items()}, STATES: digest(others)}


def _named(place: Place, state: State) -> Missing:
    # What an unforeseen error says may hold values of the data: pages get its first line only,
    # which is ours. Nor does a page say where the inbox of this machine is.
    shown = state.problems[:1] if state.state == "failed" else state.problems
    inbox = f"{place.inbox}/"
    return Missing(state.study, state.state, tuple(p.replace(inbox, "") for p in shown))


def run_cohort_stage(place: Place, stage: str, run: str, *, force: bool = False) -> Outcome:
    """Run one of `COHORT_STAGES` over the studies that are ready now.

    The first stage fixes which manifests are used; the later ones of the run use the same.
    """
    staging = begin(place, COHORTS, run)
    if stage == COHORT_STAGES[0]:
        ready = place.store.ready()
        chosen = {s: {"number": m.number, "content": m.content} for s, m in ready.items()}
        others = [asdict(m) for m in missing(place, ready, place.store.states())]
        meta = {"manifests": chosen, "missing": others}
        staging = replace(staging, drop=_used(ready, others), meta=meta)
    inputs = _inputs(staging, stage)
    code = code_of(stage, place.code)
    record = None if force else on_record(place, COHORTS, stage, code, inputs)
    outcome = (
        Outcome(record, reused=True, verdicts=[])
        if record
        else _compute(place, stage, staging, inputs)
    )
    if outcome.record:
        stages = {**staging.stages, stage: outcome.record}
        place.store.stage(COHORTS, replace(staging, stages=stages))
    return outcome


def finish_cohorts(place: Place, run: str) -> Manifest:
    """Swap in the manifest of the pages over studies and publish them all."""
    staging = begin(place, COHORTS, run)
    stages = {stage: staging.stages[stage] for stage in COHORT_STAGES}
    manifest = place.store.promote(
        Manifest(COHORTS, staging.parent + 1, staging.parent, staging.drop, staging.meta, stages)
    )
    place.store.unstage(COHORTS)
    place.store.set_state(State(COHORTS, "published"))
    publish(place.store, place.published)
    publish_status(place)
    return manifest


def _inputs(staging: Staging, stage: str) -> dict[str, str]:
    before = COHORT_STAGES[: COHORT_STAGES.index(stage)]
    lacking = [s for s in before if s not in staging.stages]
    if lacking or not staging.meta:
        needed = ", ".join(lacking) or COHORT_STAGES[0]
        raise UnreadyError(f"{stage} needs {needed}, which never ran")
    tables = {t: staging.tables[t] for s in before for t in COHORT_OUTPUTS[s]}
    return {**staging.drop, **tables}


def _compute(place: Place, stage: str, staging: Staging, inputs: dict[str, str]) -> Outcome:
    from pipeline.assets import checks  # noqa: PLC0415  loads when it runs

    views = [_view(place, manifest) for manifest in _manifests(place, staging)]
    code = code_of(stage, place.code)
    if stage == "cohorts":
        made = contract(stage, place.stages.cohorts([(v.study, v.tables) for v in views]))
        return keep(place, code, inputs, made, checks.check_tables(stage, made, {}))
    pages = _pages(place, stage, staging, views)
    folder = "cohorts" if stage == "cohort_pages" else ""
    return keep(place, code, inputs, pages, checks.check_pages(stage, folder, pages))


def _pages(place: Place, stage: str, staging: Staging, views: list[View]) -> dict[str, bytes]:
    others = [
        Missing(m["study"], m["state"], tuple(m["problems"])) for m in staging.meta["missing"]
    ]
    if stage == "index_pages":
        return place.pages.index(views, others)
    tables = {t: place.store.table(t, staging.tables[t]) for t in COHORT_OUTPUTS["cohorts"]}
    return place.pages.cohorts(views, tables, others)


def _view(place: Place, manifest: Manifest) -> View:
    study = Study.model_validate(manifest.meta)
    return View(study, place.store.on_demand(manifest.tables), manifest.drop)


def _manifests(place: Place, staging: Staging) -> list[Manifest]:
    chosen = sorted(staging.meta["manifests"].items())
    found = [place.store.at(study, manifest["number"]) for study, manifest in chosen]
    return [manifest for manifest in found if manifest is not None]
