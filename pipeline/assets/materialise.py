"""Runs a stage for Dagster and tells it what came out: verdicts, tables, pages and failures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import dagster as dg

from pipeline.assets.checks import Verdict
from pipeline.assets.links import links
from pipeline.assets.metadata import table_metadata
from pipeline.assets.permits import permitted
from pipeline.assets.place import Place
from pipeline.assets.rules import Rule, page_rules, rules
from pipeline.assets.run_tags import made_by
from pipeline.assets.work import Outcome, UnreadyError
from pipeline.lake.fingerprint import drop_fingerprint
from pipeline.lake.locks import BusyError, LostLockError
from pipeline.lake.manifest import COHORTS, Manifest, digest
from pipeline.lake.parquet import row_count
from pipeline.lake.store import InconsistentError, StaleParentError, State
from pipeline.plan import MADE
from pipeline.study import StudyError

_HELD = "Taken from the record; it held when that was made."
_RETRIES = 3
_LONGEST = 500  # letters of an unforeseen error's message
# What says whose row it is, or leads to it: shown only where subjects may be.
_WHOSE = ("USUBJID", "EPISEQ", "DOSESEQ")

Bad = Literal["refused", "failed", "stale"]
Event = dg.AssetCheckResult | dg.MaterializeResult[Any]


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
    done: Callable[[], Manifest] | None = None,
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
            _sign(context, done())
    except Exception as error:
        _fail(task, _ending(error), _problems(task.stage, error))
        raise _told(context, task.stage, error) from error
    broken = [f"{v.table}: {v.message}" for v in outcome.verdicts if not v.passed]
    yield from _verdicts(task, outcome)
    if broken:
        _fail(task, "failed", [f"stage {task.stage}: a check failed", *broken])
        raise dg.Failure("\n".join(broken), allow_retries=False)
    took = time.monotonic() - start
    task.place.progress(task.study, task.stage, _summary(task, outcome, took))
    yield from _materialisations(task, outcome, took)


def _sign(context: dg.AssetExecutionContext, manifest: Manifest) -> None:
    """Write on the run which version it published; the clean-up keeps such runs."""
    tag = made_by(manifest.study, manifest.number)
    context.instance.add_run_tags(context.run.run_id, tag)


def _verdicts(task: Task, outcome: Outcome) -> Iterator[dg.AssetCheckResult]:
    verdicts = outcome.verdicts
    if outcome.reused:
        verdicts = [
            Verdict(r.name, r.table, passed=True, message=f"{r.says} {_HELD}")
            for r in _rules(task.stage)
        ]
    for v in verdicts:
        yield dg.AssetCheckResult(
            passed=v.passed,
            asset_key=v.table,
            check_name=v.name,
            description=v.message,
            metadata=_where(task, v),
        )


def _rules(stage: str) -> list[Rule]:
    asset = page_asset(stage)
    return page_rules(asset) if asset else rules(stage)


def _where(task: Task, verdict: Verdict) -> dict[str, Any]:
    """Of which study, how many rows break a rule, and where the first are if it may be shown."""
    counted = {
        # Dagster shows a check's last verdict whichever partition it is of.
        "study": "all that are ready" if task.study == COHORTS else task.study,
        "rows that break it": verdict.rows,
    }
    if verdict.passed:
        return counted
    subjects = permitted(task.place, task.study).subject_level
    places = [
        ", ".join(f"{k} {v}" for k, v in place.items() if subjects or not _whose(k))
        for place in verdict.places
    ]
    lines = [f"- {place}" for place in dict.fromkeys(places) if place]
    return {**counted, **({"places": dg.MetadataValue.md("\n".join(lines))} if lines else {})}


def _whose(column: str) -> bool:
    return column in _WHOSE or column.endswith("SEQ")


def page_asset(stage: str) -> str | None:
    """Asset of a stage that makes pages, None where it makes tables."""
    if MADE[stage]:
        return None
    return "study_pages" if stage == "reports" else stage


def _materialisations(
    task: Task, outcome: Outcome, took: float
) -> Iterator[dg.MaterializeResult[Any]]:
    outputs = outcome.record.outputs if outcome.record else {}
    # Of what is taken from the record no time is told: it would be that of a look-up.
    ran = {"from the record": True} if outcome.reused else {"stage run time (s)": round(took, 2)}
    asset = page_asset(task.stage)
    if asset:
        yield dg.MaterializeResult(
            asset_key=asset,
            data_version=dg.DataVersion(digest(outputs)),
            metadata={**_pages(task, outputs), **ran},
        )
        return
    publish = permitted(task.place, task.study)
    for table, value in outputs.items():
        shown = table_metadata(table, task.place.store.table(table, value), publish)
        yield dg.MaterializeResult(
            asset_key=table, data_version=dg.DataVersion(value), metadata={**shown, **ran}
        )


def _pages(task: Task, outputs: Mapping[str, str]) -> dict[str, Any]:
    """The pages that a reader opens first, and the list of all."""
    return {
        **links(task.place.home, task.study, outputs),
        "pages": dg.MetadataValue.md("\n".join(f"- {path}" for path in outputs)),
        "page count": len(outputs),
    }


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
    if isinstance(error, OSError | BusyError):
        return dg.RetryRequested(max_retries=_RETRIES, seconds_to_wait=2**context.retry_number)
    return dg.Failure("\n".join(_problems(stage, error)), allow_retries=False)


def _ending(error: Exception) -> Bad:
    if isinstance(error, InconsistentError | StaleParentError | LostLockError):
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
    if isinstance(error, StaleParentError | InconsistentError | LostLockError | UnreadyError):
        return [str(error)]
    return [f"stage {stage}: {type(error).__name__}", " ".join(str(error).split())[:_LONGEST]]


def _fail(task: Task, state: Bad, problems: list[str]) -> None:
    place, study = task.place, task.study
    place.progress(study, task.stage, f"{state}: {problems[-1]}")
    drop = place.inbox / study
    seen = digest(drop_fingerprint(drop)) if study != COHORTS and drop.is_dir() else ""
    code = digest(dict(place.code))
    place.store.set_state(State(study, state, tuple(problems), seen, code))
