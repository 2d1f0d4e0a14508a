"""Tells people of what needs them, by mail or webhook, and shows which studies are not fresh.

A sensor over what the lake says, not over run events: so it also sees what `crsight run` did, what
never started, and what ended without a word; and after a pause it misses nothing.

Annotations are not postponed here: Dagster reads them off the decorated function.
"""

import json
import os
import time
from collections.abc import Mapping

import dagster as dg

from pipeline.alerts.changes import Condition
from pipeline.alerts.channels import Channel, channels
from pipeline.alerts.message import Message
from pipeline.alerts.outbox import Box, boxes_from_bytes, boxes_to_bytes, deliver_all, fill
from pipeline.assets.place import Place
from pipeline.assets.staleness import fresh, late
from pipeline.assets.status_page import renew_status
from pipeline.lake.manifest import digest
from pipeline.lake.store import Store
from pipeline.watching.conditions import conditions

MEMORY = "alerts.json"
_AGAIN_S = 86400.0  # a check that nobody repeats looks forgotten


@dg.sensor(
    minimum_interval_seconds=int(os.environ.get("CRSIGHT_WATCH_S", "60")),
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Alerts by mail or webhook, once per change; evaluates whether studies are fresh; "
        "renews the status page."
    ),
)
def watch(context: dg.SensorEvaluationContext, place: dg.ResourceParam[Place]) -> dg.SensorResult:
    """Look, tell what changed, and report the check where its answer is another one."""
    now = time.time()
    found, unsure = conditions(place, context.instance, now)
    for problem in tell(place.store, found, unsure, now, channels(os.environ)):
        context.log.warning(problem)
    before = json.loads(context.cursor or "{}")
    shown = renew_status(place, before.get("status", ""), now)
    seen = {"late": digest(sorted(late(place, now))), "at": now, "status": shown}
    if before.get("late") == seen["late"] and now - before["at"] < _AGAIN_S:
        cursor = json.dumps(before | {"status": shown})
        return dg.SensorResult(skip_reason="Nothing new.", cursor=cursor)
    return dg.SensorResult(asset_events=[fresh(place, now)], cursor=json.dumps(seen))


def tell(
    store: Store,
    found: Mapping[str, Condition],
    unsure: set[str],
    now: float,
    ways: Mapping[str, Channel],
    *,
    memory: str = MEMORY,
) -> list[str]:
    """Bring each channel up to date; what does not go waits in the lake for a later time.

    Args:
        store: the lake, which remembers what was told.
        found: conditions by name.
        unsure: names of which nothing can be said now.
        now: the clock, in seconds.
        ways: channels by name; what a channel that is no more was told is forgotten.
        memory: where the lake remembers it.

    Returns:
        What went wrong, in words.
    """
    held = boxes_from_bytes(store.files.read(memory))
    boxes = {name: fill(held.get(name, Box()), found, unsure, message) for name in ways}
    _remember(store, memory, held, boxes)  # before anything is sent: a crash loses nothing
    sent, problems = deliver_all(boxes, ways, now)
    _remember(store, memory, boxes, sent)
    return problems


def _remember(
    store: Store, memory: str, before: Mapping[str, Box], after: Mapping[str, Box]
) -> None:
    if dict(before) != dict(after):
        store.files.write(memory, boxes_to_bytes(after))


def message(condition: Condition) -> Message:
    """What a channel is told of it, with links as the environment gives them."""
    base = os.environ.get("CRSIGHT_URL", "").rstrip("/")
    reports = os.environ.get("CRSIGHT_REPORTS_URL", "").rstrip("/")
    links = {
        **({"run": f"{base}/runs/{condition.run}"} if base and condition.run else {}),
        **({"UI": base} if base and not condition.run else {}),
        **({"status of all studies": f"{reports}/status.html"} if reports else {}),
    }
    c = condition
    return Message(c.about, c.state, c.reason, c.good, c.run, links)
