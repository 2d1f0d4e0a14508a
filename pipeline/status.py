"""The state of every study, from what the lake holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.lake.manifest import COHORTS, Manifest
from pipeline.lake.store import State, Store
from pipeline.plan import STAGES

_NEXT = {
    "running": "a run is at work",
    "stale": "a run stopped before it was done; the next one goes on from there",
}


@dataclass(frozen=True)
class Row:
    """One study: its state, since when (local time), why, and the last good manifest."""

    study: str
    state: str
    since: str
    why: str
    last_good: str


def status(store: Store) -> list[Row]:
    """Every study with a state or a manifest, by name, then the pages over all if they failed."""
    states = store.states()
    names = sorted({*states, *store.studies(), *_staged(store)} - {COHORTS})
    rows = [_row(store, name, states.get(name)) for name in names]
    over = states.get(COHORTS)
    if over is not None and over.state != "published":
        since = _time(store.since(COHORTS))
        rows.append(Row("all studies", over.state, since, over.reason, ""))
    return rows


def _row(store: Store, name: str, state: State | None) -> Row:
    current = store.current(name)
    now = _state(store, name, state)
    why = state.reason if state and now == state.state else _NEXT.get(now, "")
    since = store.since(name) if state and now == state.state else None
    if now == "stale" and since is None:
        why = f"{why} ({_progress(store, name)})"
    return Row(name, now, _time(since), why, _last_good(store, name, current))


def _state(store: Store, name: str, state: State | None) -> str:
    if store.locks.held(name):
        return "running"
    ended = state.state if state else None
    if ended not in ("refused", "failed", "stale") and _unfinished(store, name):
        return "stale"
    return ended or "published"


def _unfinished(store: Store, name: str) -> bool:
    staged, current = store.staging(name), store.current(name)
    # Equal to the manifest: a crash came between the swap and the tidying up.
    return staged is not None and (current is None or staged.stages != current.stages)


def _progress(store: Store, name: str) -> str:
    staged = store.staging(name)
    done = [stage for stage in STAGES if staged and stage in staged.stages]
    return f"made so far: {', '.join(done)}" if done else "nothing made yet"


def _last_good(store: Store, name: str, current: Manifest | None) -> str:
    if current is None or current.withdrawn:
        return ""
    return f"manifest {current.number}, {_time(store.manifest_time(name, current.number))}"


def _staged(store: Store) -> list[str]:
    return [name.removesuffix(".json") for name in store.files.names("staging")]


def _time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return dt.datetime.fromtimestamp(seconds).astimezone().isoformat(" ", "minutes")
