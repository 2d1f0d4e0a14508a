"""Runs the Dagster assets in process: what `crsight run` does, and what the tests call."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pipeline.assets.place import Place
from pipeline.assets.status_page import publish_status
from pipeline.assets.work import heal
from pipeline.lake.inbox import Drop
from pipeline.lake.locks import BusyError
from pipeline.lake.manifest import COHORTS
from pipeline.lake.publish import publish
from pipeline.lake.store import State
from pipeline.plan import StageRun
from pipeline.watching.stale import (
    Work,
    cohort_work,
    drops_of,
    forget_gone,
    refuse,
    unattended,
    work_of,
)

if TYPE_CHECKING:
    import dagster as dg

Ending = Literal["published", "unchanged", "refused", "failed", "stale", "withdrawn"]


class UnknownStudyError(Exception):
    """The inbox has no drop of this name."""


@dataclass(frozen=True)
class StudyResult:
    """How it went with one study."""

    study: str
    ending: Ending
    problems: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether everything that should be published is."""
        return self.ending not in ("refused", "failed", "stale")


@dataclass(frozen=True)
class RunSummary:
    """How it went with all studies, and with the pages over them."""

    studies: Sequence[StudyResult]
    cohorts: StudyResult = field(default_factory=lambda: StudyResult(COHORTS, "unchanged"))

    @property
    def good(self) -> bool:
        """Whether every study is published as it should be."""
        return self.cohorts.good and all(study.good for study in self.studies)


def run_inbox(place: Place, study: str | None = None, *, force: bool = False) -> RunSummary:
    """Process every study of an inbox, or one, then the pages over all studies.

    A study in which nothing changed starts no run; the published pages are brought in line with
    the manifests in any case, which heals a crash between the two.

    Args:
        place: home, inbox, stages, and who is told of progress.
        study: only this one; a withdrawn study comes back if it is named here.
        force: compute everything, whatever is on record.

    Raises:
        UnknownStudyError: the inbox has no drop of this name.
    """
    place.home.prepare()
    place.published.names("")  # a wrong address is told before the work, not after it
    forget_gone(place)
    results = [
        _run_study(place, work, asked=study is not None, force=force)
        if isinstance(work, Work)
        else work
        for work in _works(place, study, force=force)
    ]
    return RunSummary(results, run_cohorts(place, force=force))


def plan_inbox(
    place: Place, study: str | None = None, *, force: bool = False
) -> list[tuple[str, list[StageRun], str | None]]:
    """What `run_inbox` would do: per study the stages with reasons, or why it would do nothing."""
    plans: list[tuple[str, list[StageRun], str | None]] = []
    for drop in _chosen(place, study):
        if drop.problems:
            plans.append((drop.study, [], "; ".join(drop.problems)))
            continue
        work = work_of(place, drop, force=force)
        idle = _idle(place, work, asked=study is not None)
        plans.append((drop.study, [] if idle else work.runs, idle))
    return plans


def run_cohorts(place: Place, *, force: bool = False) -> StudyResult:
    """Bring the pages over studies up to date, and HOME/published in line with all manifests."""
    result = StudyResult(COHORTS, "unchanged")
    if cohort_work(place, force=force):
        result = _execute(place, COHORTS, "over_studies", None, {}, force=force)
    publish(place.store, place.published)
    publish_status(place)
    return result


def _chosen(place: Place, study: str | None) -> list[Drop]:
    found = [d for d in drops_of(place) if study in (None, d.study)]
    if study is not None and not found:
        raise UnknownStudyError(f"no folder {study!r} in {place.inbox}")
    return found


def _works(place: Place, study: str | None, *, force: bool) -> Iterator[Work | StudyResult]:
    for drop in _chosen(place, study):
        if drop.problems:
            refuse(place, drop)
            yield StudyResult(drop.study, "refused", drop.problems)
            continue
        try:
            yield work_of(place, drop, force=force)
        except OSError as error:
            yield StudyResult(drop.study, "failed", (str(error),))


def _idle(place: Place, work: Work, *, asked: bool) -> str | None:
    if not work.runs:
        return "nothing changed"
    manifest = place.store.current(work.study)
    withdrawn = manifest is not None and manifest.withdrawn
    return unattended(place, work) if withdrawn and not asked else None


def _run_study(place: Place, work: Work, *, asked: bool, force: bool) -> StudyResult:
    from pipeline.watching.jobs import KEY, keys_of, reasons  # noqa: PLC0415  loads Dagster

    idle = _idle(place, work, asked=asked)
    if idle:
        if not work.runs:
            heal(place, work.study)
        place.progress(work.study, "", idle)
        return StudyResult(work.study, "withdrawn" if work.runs else "unchanged")
    tags = {KEY: work.key, **reasons(work)}
    keys = [key for run in work.runs for key in keys_of(run.stage)]
    return _execute(place, work.study, "study", keys, tags, force=force)


def _execute(
    place: Place,
    study: str,
    job: str,
    keys: list[dg.AssetKey] | None,
    tags: dict[str, str],
    *,
    force: bool,
) -> StudyResult:
    import dagster as dg  # noqa: PLC0415

    from pipeline.assets.choices import chosen  # noqa: PLC0415
    from pipeline.definitions import build  # noqa: PLC0415

    with dagster_instance(place) as instance:
        if study != COHORTS:
            instance.add_dynamic_partitions("study", [study])
        try:
            result = (
                build(place)
                .resolve_job_def(job)
                .execute_in_process(
                    instance=instance,
                    partition_key=None if study == COHORTS else study,
                    asset_selection=keys,
                    tags={**tags, "crsight/by": "command line"},
                    run_config={
                        **chosen(force=force),
                        # Our own lines tell the progress; Dagster's log is in the UI.
                        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                    },
                    raise_on_error=True,
                )
            )
        except dg.DagsterExecutionInterruptedError as error:
            raise KeyboardInterrupt from error
        except Exception as error:
            return _failed(place, study, error)
    return StudyResult(study, "published" if result.success else "failed")


def _failed(place: Place, study: str, error: Exception) -> StudyResult:
    import dagster as dg  # noqa: PLC0415

    busy = _cause(error, BusyError)
    if busy is not None:
        return StudyResult(study, "failed", (str(busy),))
    state = place.store.state(study)
    told = _cause(error, dg.Failure) or _cause(error, OSError)
    if told is None or state is None or state.state not in ("refused", "failed", "stale"):
        # Not an error of a stage: none of them has recorded it.
        said = (type(error).__name__, " ".join(str(error).split())[:500])
        state = State(study, "failed", said)
        place.store.set_state(state)
    return StudyResult(study, state.state, state.problems)


def _cause(error: BaseException | None, kind: type[Exception]) -> BaseException | None:
    seen: set[int] = set()  # Dagster's chains of causes can bite their own tails
    while error is not None and id(error) not in seen:
        if isinstance(error, kind):
            return error
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return None


@contextmanager
def dagster_instance(place: Place) -> Generator[dg.DagsterInstance]:
    """The Dagster instance of a home, made at first use; the UI and the daemon use the same."""
    import dagster as dg  # noqa: PLC0415

    from pipeline.watching.dead_runs import report_dead_runs  # noqa: PLC0415

    # Two processes that make the same new SQLite files at once would trip over each other.
    with place.store.locks.hold("_instance"):
        instance = dg.DagsterInstance.from_config(str(place.home.prepare()))
    with instance:
        report_dead_runs(instance, place.store)
        yield instance


def withdraw(place: Place, study: str) -> None:
    """Take a study out of everything published; its tables stay in the lake.

    Raises:
        KeyError: there is no such study.
    """
    with place.store.locks.hold(study):
        place.store.withdraw(study)
        place.store.unstage(study)
        place.store.set_state(State(study, "withdrawn", ("taken out by `crsight withdraw`",)))
    run_cohorts(place)
