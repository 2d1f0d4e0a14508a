"""Whether schedules and sensors do what they are there for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

import dagster as dg
from dagster._utils.schedules import get_next_cron_tick

from pipeline.alerts.changes import Condition

if TYPE_CHECKING:
    # Every process that loads definitions would pay for it; the daemon has it anyway.
    from dagster._core.scheduler.instigation import InstigatorState, InstigatorTick

FAILED, WELL = frozenset({"FAILURE"}), frozenset({"SUCCESS", "SKIPPED"})
"""How a tick ends."""
_LATE_S = 3600.0  # a schedule's tick comes within seconds of its time
# A sensor asks again within the minute, so what passes by itself is nobody's business; a schedule's
# next tick is a night away.
_FAILURES = {"SENSOR": 3, "SCHEDULE": 1}


def at_work(instance: dg.DagsterInstance, name: str) -> bool:
    """Whether a sensor or schedule is switched on, as the daemon knows it."""
    return any(state.is_running for state in states_of(instance, name))


def automation(
    instance: dg.DagsterInstance, schedules: Sequence[dg.ScheduleDefinition], now: float
) -> Iterator[Condition]:
    """Condition of each schedule and sensor that the daemon knows.

    Args:
        instance: of the home.
        schedules: those that have to run when their time has come, even if switched off.
        now: the clock, in seconds.
    """
    ours = {schedule.name: schedule for schedule in schedules}
    for state in states_of(instance):
        name, limit = state.instigator_name, _FAILURES.get(state.instigator_type.value, 1)
        ticks = last_ticks(instance, state, limit, WELL | FAILED)
        failed = len(ticks) == limit and all(tick.status.value in FAILED for tick in ticks)
        about = f"the {state.instigator_type.value.lower()} {name}"
        if state.is_running and failed:
            yield Condition(about, "fails", bad=True, reason="the UI shows its last tick")
        elif name in ours and _overdue(ours[name], state, ticks, now):
            yield Condition(about, "has not run", bad=True, reason="its time is past by an hour")
        else:
            yield Condition(about, "runs")


def states_of(instance: dg.DagsterInstance, name: str | None = None) -> Sequence[InstigatorState]:
    """Schedules and sensors that the daemon knows, by default all."""
    # An instance in memory has no storage for them.
    states = instance.all_instigator_state() if instance.schedule_storage else []
    return [s for s in states if name in (None, s.instigator_name)]


def last_ticks(
    instance: dg.DagsterInstance, state: InstigatorState, limit: int, endings: Collection[str]
) -> Sequence[InstigatorTick]:
    """The last ticks of one that ended so, the latest first."""
    from dagster._core.scheduler.instigation import TickStatus  # noqa: PLC0415

    origin, selector = state.instigator_origin_id, state.selector_id
    asked = [TickStatus(ending) for ending in sorted(endings)]
    return instance.get_ticks(origin, selector, limit=limit, statuses=asked)


def _overdue(
    schedule: dg.ScheduleDefinition,
    state: InstigatorState,
    ticks: Sequence[InstigatorTick],
    now: float,
) -> bool:
    began: float | None = getattr(state.instigator_data, "start_timestamp", None)
    last = ticks[0].timestamp if ticks else began
    if last is None:
        return False  # the daemon has not seen it yet
    after = dt.datetime.fromtimestamp(last, dt.UTC) + dt.timedelta(minutes=1)  # not that one again
    due = get_next_cron_tick(str(schedule.cron_schedule), after, schedule.execution_timezone)
    return now > due.timestamp() + _LATE_S
