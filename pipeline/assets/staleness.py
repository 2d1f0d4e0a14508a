"""Since when each study waits for a run, and the check that shows those that wait for too long.

One check over all studies: Dagster's freshness policies and unpartitioned checks know one state per
asset, behind which a fresh study would hide a stale one; partitioned checks are still a preview.
Runs over studies evaluate it, and the sensor `watch` without a run.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

import dagster as dg

from pipeline.assets.place import Place
from pipeline.lake.waiting import Waiting, noted
from pipeline.local_time import local_time

CHECK = "every_study_is_fresh"
ASSET = "index_pages"  # which name every study; runs of one study would have to ask, too
SAYS = "No study waits longer for its run than it may (CRSIGHT_STALE_H hours, default 36)."
_HOUR = 3600.0


def stale_h() -> float:
    """Hours that a study may wait before somebody is told (CRSIGHT_STALE_H, default 36)."""
    return float(os.environ.get("CRSIGHT_STALE_H") or "36")


def waiting(place: Place) -> dict[str, Waiting]:
    """Studies that wait for a run, as noted last; one whose drop is still copied does not yet."""
    return {study: entry for study, entry in noted(place.store.files).items() if entry.why}


def late(place: Place, now: float) -> dict[str, Waiting]:
    """Studies that wait for longer than they may."""
    found = waiting(place)
    return {s: w for s, w in sorted(found.items()) if now - w.since > stale_h() * _HOUR}


def fresh(place: Place, now: float) -> dg.AssetCheckEvaluation:
    """The check's answer, with a line for each study that waits for too long."""
    found = late(place, now)
    return dg.AssetCheckEvaluation(
        asset_key=dg.AssetKey(ASSET),
        check_name=CHECK,
        passed=not found,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"These wait for too long: {', '.join(found)}" if found else SAYS,
        metadata={
            "studies that wait": len(found),
            "since when": dg.MetadataValue.md(_table(place, found, now)),
        },
    )


def spec() -> dg.AssetCheckSpec:
    """The check as an asset declares it. It blocks nothing: nothing is wrong with what there is."""
    return dg.AssetCheckSpec(CHECK, asset=ASSET, description=SAYS)


def fresh_now(place: Place) -> dg.AssetCheckResult:
    """The check's answer within a run."""
    said = fresh(place, time.time())
    return dg.AssetCheckResult(
        passed=said.passed,
        asset_key=said.asset_key,
        check_name=said.check_name,
        severity=said.severity,
        description=said.description,
        metadata=said.metadata,
    )


def _table(place: Place, found: Mapping[str, Waiting], now: float) -> str:
    if not found:
        return "none"
    lines = ["| study | waits since | hours | why | last good version |", "|---|---|---|---|---|"]
    for study, entry in found.items():
        hours = (now - entry.since) / _HOUR
        cells = (study, local_time(entry.since), f"{hours:.0f}", entry.why, _good(place, study))
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return "\n".join(lines)


def _good(place: Place, study: str) -> str:
    manifest = place.store.current(study)
    if manifest is None or manifest.withdrawn:
        return "none"
    made = place.store.manifest_time(study, manifest.number)
    return f"number {manifest.number}, {local_time(made)}"
