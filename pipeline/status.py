"""The state of every study, from what the lake holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.lake.manifest import COHORTS, Manifest, Staging
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
    known = _known(store)
    rows = [_row(store, one) for one in known if one.study != COHORTS]
    over = next((one for one in known if one.study == COHORTS), None)
    if over is not None and over.state and over.state.state != "published":
        rows.append(Row("all studies", over.state.state, _time(over.since), over.state.reason, ""))
    return rows


@dataclass(frozen=True)
class _Study:
    """What the lake holds of a study; times in seconds."""

    study: str
    state: State | None
    since: float | None
    manifest: Manifest | None
    made: float | None
    staging: Staging | None


def _known(store: Store) -> list[_Study]:
    """Everything at once: a bucket is asked a few times, not a few times for each study."""
    states, manifests, stagings = store.states_since(), store.manifests_made(), store.stagings()
    nothing = (None, None)
    return [
        _Study(s, *states.get(s, nothing), *manifests.get(s, nothing), stagings.get(s))
        for s in sorted({*states, *manifests, *stagings})
    ]


def _row(store: Store, one: _Study) -> Row:
    now = _state(store, one)
    ended = one.state if one.state and now == one.state.state else None
    why = ended.reason if ended else _NEXT.get(now, "")
    if now == "stale" and ended is None:
        why = f"{why} ({_progress(one)})"
    return Row(one.study, now, _time(one.since if ended else None), why, _last_good(one))


def _state(store: Store, one: _Study) -> str:
    if store.locks.held(one.study):
        return "running"
    ended = one.state.state if one.state else None
    if ended not in ("refused", "failed", "stale") and _unfinished(one):
        return "stale"
    return ended or "published"


def _unfinished(one: _Study) -> bool:
    # Equal to the manifest: a crash came between the swap and the tidying up.
    staged, current = one.staging, one.manifest
    return staged is not None and (current is None or staged.stages != current.stages)


def _progress(one: _Study) -> str:
    done = [stage for stage in STAGES if one.staging and stage in one.staging.stages]
    return f"made so far: {', '.join(done)}" if done else "nothing made yet"


def _last_good(one: _Study) -> str:
    if one.manifest is None or one.manifest.withdrawn:
        return ""
    return f"manifest {one.manifest.number}, {_time(one.made)}"


def _time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return dt.datetime.fromtimestamp(seconds).astimezone().isoformat(" ", "minutes")
