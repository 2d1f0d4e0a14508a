"""The weekly clean-up: old versions and what they alone needed, leftovers, old run records.

Annotations are not postponed here: Dagster reads them off the decorated function.
"""

import os
import time
from collections import Counter

import dagster as dg

from pipeline.assets.place import Place
from pipeline.lake.clean_up import Gone, Rule, clean_lake
from pipeline.watching.run_records import CLEAN_UP_JOB, delete_run, old_runs
from pipeline.watching.schedules import TIMEZONE
from pipeline.watching.stale import forget_gone

_DAY = 86400.0


def clean(
    place: Place, instance: dg.DagsterInstance, rule: Rule, now: float, *, dry_run: bool = False
) -> list[Gone]:
    """Clean a home by a rule.

    Args:
        place: the home.
        instance: its Dagster.
        rule: what stays.
        now: the clock, in seconds.
        dry_run: only say what would go.

    Raises:
        BusyError: another clean-up is at work.
    """
    if not dry_run:
        forget_gone(place)
    gone = clean_lake(place.store, rule, now, dry_run=dry_run)
    versions = frozenset(entry.name for entry in gone if entry.kind == "version")
    runs = old_runs(instance, place.store, now - rule.runs_days * _DAY, versions)
    for run in runs:
        if not dry_run:
            delete_run(instance, run)
        gone.append(Gone("run record", run.run_id))
    return gone


def summary(gone: list[Gone]) -> dict[str, str]:
    """Number and bytes of what went, by kind."""
    counts, sizes = Counter(g.kind for g in gone), Counter[str]()
    for entry in gone:
        sizes[entry.kind] += entry.size
    return {
        f"{kind}s": f"{n}, {sizes[kind]} bytes" if sizes[kind] else str(n)
        for kind, n in sorted(counts.items())
    }


def lines(gone: list[Gone], *, dry_run: bool) -> list[str]:
    """What went, in sum; for a dry run each thing that would go, with its bytes."""
    each = [f"{entry.kind:<12} {entry.size:>12} {entry.name}" for entry in gone if dry_run]
    sums = [f"{kind}: {what}" for kind, what in summary(gone).items()]
    return [*each, *sums, "nothing was removed" if dry_run or not gone else "removed"]


@dg.op(name="remove_what_is_old")
def _clean_up(context: dg.OpExecutionContext, place: dg.ResourceParam[Place]) -> None:
    told = summary(clean(place, context.instance, Rule.from_env(), time.time()))
    context.add_output_metadata(told)
    context.log.info("; ".join(f"{kind}: {what}" for kind, what in told.items()) or "nothing to do")


@dg.job(
    name=CLEAN_UP_JOB, description="Takes away old versions, what nobody uses, and old run records."
)
def clean_up() -> None:
    """One op, which waits for nobody."""
    _clean_up()


weekly = dg.ScheduleDefinition(
    name="weekly_clean_up",
    job=clean_up,
    cron_schedule=os.environ.get("CRSIGHT_CLEAN", "0 12 * * 0"),
    execution_timezone=TIMEZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every Sunday at noon: old versions and run records go, by the rule of retention.",
)
