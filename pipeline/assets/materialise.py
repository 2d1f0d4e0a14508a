"""Turns a stage into Dagster assets: specs and checks of its tables, and the events of a run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import dagster as dg

from pipeline.assets.checks import PAGE_RULES, Verdict, rules
from pipeline.assets.metadata import describe, table_metadata
from pipeline.assets.place import Place
from pipeline.assets.work import Outcome, UnreadyError
from pipeline.lake.fingerprint import drop_fingerprint
from pipeline.lake.manifest import COHORTS, digest
from pipeline.lake.parquet import row_count
from pipeline.lake.store import InconsistentError, StaleParentError, State
from pipeline.plan import MADE
from pipeline.study import StudyError

OWNERS = ["team:trial-safety"]
_HELD = "Taken from the record; held when it was made."
FORCE = "crsight/force"  # run tag: compute even what is on record
_RETRIES = 3
_LONGEST = 500  # letters of an unforeseen error's message

Bad = Literal["refused", "failed", "stale"]
Event = dg.AssetCheckResult | dg.MaterializeResult[Any]


def table_specs(
    stage: str, group: str, kinds: set[str], deps: list[str], code: str
) -> list[dg.AssetSpec]:
    """One asset per table of a stage."""
    return [
        dg.AssetSpec(
            table,
            deps=deps,
            description=describe(table),
            group_name=group,
            kinds=kinds,
            owners=OWNERS,
            code_version=code[:12],
        )
        for table in MADE[stage]
    ]


def table_checks(stage: str) -> list[dg.AssetCheckSpec]:
    """One blocking check per rule of a stage."""
    return [
        dg.AssetCheckSpec(rule.name, asset=rule.table, description=rule.says, blocking=True)
        for rule in rules(stage)
    ]


def page_checks(asset: str) -> list[dg.AssetCheckSpec]:
    """Blocking checks of an asset that is pages."""
    return [
        dg.AssetCheckSpec(f"{asset}_{rule}", asset=asset, description=says, blocking=True)
        for rule, says in PAGE_RULES.items()
    ]


def forced(context: dg.AssetExecutionContext) -> bool:
    """Whether the run was asked to compute what is on record, too."""
    return context.run.tags.get(FORCE) == "true"


@dataclass(frozen=True)
class Task:
    """A stage of a study (or of `COHORTS`) in a place."""

    place: Place
    study: str
    stage: str


def materialise(
    context: dg.AssetExecutionContext,
    task: Task,
    work: Callable[[], Outcome],
    done: Callable[[], object] | None = None,
) -> Iterator[Event]:
    """Run a stage and tell Dagster: verdicts first, then tables or pages with their hashes.

    A drop that cannot be taken, or a failed check, ends the run at once and without retries;
    an error of the file system is tried again after a pause that doubles.

    Args:
        context: of the asset.
        task: what is run, and where.
        work: runs it.
        done: what follows the last stage of a run: the manifest is swapped in.
    """
    start = time.monotonic()
    try:
        outcome = work()
        if outcome.record and done:
            done()
    except Exception as error:
        _fail(task, _ending(error), _problems(task.stage, error))
        raise _told(context, task.stage, error) from error
    broken = [f"{v.table}: {v.message}" for v in outcome.verdicts if not v.passed]
    yield from _verdicts(task.stage, outcome)
    if broken:
        _fail(task, "failed", [f"stage {task.stage}: a check failed", *broken])
        raise dg.Failure("\n".join(broken), allow_retries=False)
    took = time.monotonic() - start
    task.place.progress(task.study, task.stage, _summary(task, outcome, took))
    yield from _materialisations(task, outcome)


def _verdicts(stage: str, outcome: Outcome) -> Iterator[dg.AssetCheckResult]:
    verdicts = outcome.verdicts
    if outcome.reused:
        verdicts = [Verdict(n, t, passed=True, message=_HELD) for n, t in _check_names(stage)]
    for v in verdicts:
        yield dg.AssetCheckResult(
            passed=v.passed, asset_key=v.table, check_name=v.name, description=v.message
        )


def _check_names(stage: str) -> list[tuple[str, str]]:
    asset = page_asset(stage)
    if asset:
        return [(f"{asset}_{rule}", asset) for rule in PAGE_RULES]
    return [(rule.name, rule.table) for rule in rules(stage)]


def page_asset(stage: str) -> str | None:
    """Asset of a stage that makes pages, None where it makes tables."""
    if MADE[stage]:
        return None
    return "study_pages" if stage == "reports" else stage


def _materialisations(task: Task, outcome: Outcome) -> Iterator[dg.MaterializeResult[Any]]:
    outputs = outcome.record.outputs if outcome.record else {}
    asset = page_asset(task.stage)
    if asset:
        pages = dg.MetadataValue.md("\n".join(f"- {path}" for path in outputs))
        yield dg.MaterializeResult(
            asset_key=asset,
            data_version=dg.DataVersion(digest(outputs)),
            metadata={
                "pages": pages,
                "published": dg.MetadataValue.path(str(task.place.home.published)),
                "reused": outcome.reused,
            },
        )
        return
    for table, value in outputs.items():
        shown = table_metadata(table, task.place.store.table(table, value))
        yield dg.MaterializeResult(
            asset_key=table,
            data_version=dg.DataVersion(value),
            metadata={**shown, "reused": outcome.reused},
        )


def _summary(task: Task, outcome: Outcome, took: float) -> str:
    outputs = outcome.record.outputs if outcome.record else {}
    if outcome.reused:
        return "nothing new, taken from the record"
    if page_asset(task.stage):
        return f"{len(outputs)} pages, {took:.1f} s"
    rows = sum(row_count(task.place.store.table(t, value)) for t, value in outputs.items())
    return f"{rows} rows in {len(outputs)} tables, {took:.1f} s"


# ---- failures ----


def _told(context: dg.AssetExecutionContext, stage: str, error: Exception) -> Exception:
    if isinstance(error, OSError):
        return dg.RetryRequested(max_retries=_RETRIES, seconds_to_wait=2**context.retry_number)
    return dg.Failure("\n".join(_problems(stage, error)), allow_retries=False)


def _ending(error: Exception) -> Bad:
    if isinstance(error, InconsistentError | StaleParentError):
        return "stale"  # nothing is wrong with the study; it only has to run in whole again
    return "refused" if _refusal(error) else "failed"


def _refusal(error: Exception) -> bool:
    # DropRefused by its name: importing ingest would load it into every process that has assets.
    return isinstance(error, StudyError) or type(error).__name__ == "DropRefused"


def _problems(stage: str, error: Exception) -> list[str]:
    if isinstance(error, StudyError):
        return [f"study.yaml: {problem}" for problem in error.problems]
    if _refusal(error):
        return [str(problem) for problem in getattr(error, "problems", [error])]
    if isinstance(error, StaleParentError | InconsistentError | UnreadyError):
        return [str(error)]
    return [f"stage {stage}: {type(error).__name__}", " ".join(str(error).split())[:_LONGEST]]


def _fail(task: Task, state: Bad, problems: list[str]) -> None:
    place, study = task.place, task.study
    place.progress(study, task.stage, f"{state}: {problems[-1]}")
    drop = place.inbox / study
    seen = digest(drop_fingerprint(drop)) if study != COHORTS and drop.is_dir() else ""
    code = digest(dict(place.code))
    place.store.set_state(State(study, state, tuple(problems), seen, code))
