"""The state of every study, from what the lake holds."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.lake.manifest import COHORTS, Manifest, Staging
from pipeline.lake.store import State, Store
from pipeline.lake.waiting import Waiting, noted
from pipeline.local_time import local_time
from pipeline.plan import STAGES

_NEXT = {
    "running": "a run is at work",
    "stale": "a run stopped before it was done; the next one goes on from there",
    "new": "never run yet",
}


@dataclass(frozen=True)
class Row:
    """One study; times are local.

    Attributes:
        study: Its identifier.
        state: published, refused, failed, stale, withdrawn or running.
        since: Since when.
        why: Why, where that needs a reason.
        version: Number of the manifest whose report is shown, 0 for none.
        made: When that was made.
        waits: What is newer than that report, in words; empty where nothing is known to be.
        waits_since: Since when.
    """

    study: str
    state: str
    since: str
    why: str
    version: int = 0
    made: str = ""
    waits: str = ""
    waits_since: str = ""

    @property
    def last_good(self) -> str:
        """The manifest whose report is shown, in words."""
        return f"manifest {self.version}, {self.made}" if self.version else ""


def status(store: Store) -> list[Row]:
    """Every study with a state or a manifest, by name, then the pages over all if they failed."""
    known = _known(store)
    rows = [_row(store, one) for one in known if one.study != COHORTS]
    over = next((one for one in known if one.study == COHORTS), None)
    if over is not None and over.state and over.state.state != "published":
        rows.append(Row("all studies", over.state.state, _time(over.since), over.state.reason))
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
    waiting: Waiting | None


def _known(store: Store) -> list[_Study]:
    """Everything at once: a bucket is asked a few times, not a few times for each study."""
    states, manifests, stagings = store.states_since(), store.manifests_made(), store.stagings()
    waiting, nothing = noted(store.files), (None, None)
    return [
        _Study(
            s, *states.get(s, nothing), *manifests.get(s, nothing), stagings.get(s), waiting.get(s)
        )
        for s in sorted({*states, *manifests, *stagings, *waiting})
    ]


def _row(store: Store, one: _Study) -> Row:
    now = _state(store, one)
    ended = one.state if one.state and now == one.state.state else None
    why = ended.reason if ended else _NEXT.get(now, "")
    if now == "stale" and ended is None:
        why = f"{why} ({_progress(one)})"
    since = one.since if ended else store.locks.since(one.study) if now == "running" else None
    version, made = _last_good(one)
    row = Row(one.study, now, _time(since), why, version, made)
    return row if now == "running" else replace(row, **_waits(one, now))


def _state(store: Store, one: _Study) -> str:
    if store.locks.held(one.study):
        return "running"
    ended = one.state.state if one.state else None
    if ended not in ("refused", "failed", "stale") and _unfinished(one):
        return "stale"
    return ended or ("published" if one.manifest else "new")


def _unfinished(one: _Study) -> bool:
    # Equal to the manifest: a crash came between the swap and the tidying up.
    staged, current = one.staging, one.manifest
    return staged is not None and (current is None or staged.stages != current.stages)


def _progress(one: _Study) -> str:
    done = [stage for stage in STAGES if one.staging and stage in one.staging.stages]
    return f"made so far: {', '.join(done)}" if done else "nothing made yet"


def _last_good(one: _Study) -> tuple[int, str]:
    if one.manifest is None or one.manifest.withdrawn:
        return 0, ""
    return one.manifest.number, _time(one.made)


def _waits(one: _Study, state: str) -> dict[str, str]:
    """What the last look at the inbox found to be newer than this version."""
    found = one.waiting
    if found is None or found.version != (one.manifest.number if one.manifest else 0):
        return {}  # noted before that version was published
    if found.copying is not None:
        more = f"; before that: {found.why}" if found.why else ""
        words = f"its files are still being copied, or cannot be read{more}"
    elif state == "refused":
        words = f"refused as it is: {found.why}"
    else:
        words = f"waits for its run: {found.why}"
    return {"waits": words, "waits_since": _time(found.copying or found.since)}


def _time(seconds: float | None) -> str:
    return "" if seconds is None else local_time(seconds)
