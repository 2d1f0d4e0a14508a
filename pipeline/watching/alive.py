"""Whether anybody looks at the studies, asked from outside the daemon: a dead one tells nobody."""

from __future__ import annotations

import os
from collections.abc import Mapping

import dagster as dg

from pipeline.alerts.changes import Condition
from pipeline.alerts.channels import Channel
from pipeline.alerts.outbox import Box, deliver_all, fill
from pipeline.lake.store import Store
from pipeline.local_time import local_time
from pipeline.watching.automation import WELL, last_ticks, states_of
from pipeline.watching.watch import message, tell, watch

ABOUT = "the daemon"
MEMORY = "alive.json"


def within_s() -> float:
    """Seconds within which the sensor `watch` has to have looked (CRSIGHT_ALIVE_MIN, 15)."""
    return 60 * float(os.environ.get("CRSIGHT_ALIVE_MIN") or "15")


def alive(instance: dg.DagsterInstance, now: float) -> Condition:
    """Whether the sensor `watch` looked a short while ago and came to an end.

    It stops where the daemon, its code server, its storage or the sensor itself does.

    Args:
        instance: Dagster of the home.
        now: the clock, in seconds.
    """
    states = states_of(instance, watch.name)
    if any(not state.is_running for state in states):
        return _dead(f"the sensor {watch.name} is switched off")
    ticks = [tick for state in states for tick in last_ticks(instance, state, 1, WELL)]
    if not ticks:
        return _dead("it has never looked at the studies")
    last = max(tick.timestamp for tick in ticks)
    said = f"its last look at the studies was at {local_time(last)}"
    if now - last > within_s():
        return _dead(said)
    return Condition(ABOUT, "runs", reason=said)


def unanswered(error: Exception) -> Condition:
    """What is said where Dagster's own storage does not answer."""
    return _dead(f"its storage does not answer ({type(error).__name__})")


def tell_alive(
    store: Store, condition: Condition, now: float, ways: Mapping[str, Channel]
) -> list[str]:
    """Tell once that it is dead, and once that it is back; what went wrong is the answer.

    A lake that cannot be reached remembers nothing, so then it is told every time.
    """
    found = {ABOUT: condition}
    try:
        return tell(store, found, set(), now, ways, memory=MEMORY)
    except OSError as error:
        problems = [f"the lake: {type(error).__name__}"]
    unread = {name: fill(Box(), found, set(), message) for name in ways}
    return problems + deliver_all(unread, ways, now)[1]


def _dead(reason: str) -> Condition:
    good = "What was published last stays as it is; nothing new is processed."
    return Condition(ABOUT, "does not look after the studies", bad=True, reason=reason, good=good)
