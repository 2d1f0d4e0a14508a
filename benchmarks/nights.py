"""Nights over many small studies: runs that the schedule asks for, steps that ran, seconds."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import dagster as dg

from benchmarks.apart import timed
from benchmarks.study import write_drop
from pipeline.assets.place import Place
from pipeline.definitions import build
from pipeline.lake.home import Home
from pipeline.run import dagster_instance
from pipeline.simulate.products import DEMO
from pipeline.watching.schedules import nightly

SUBJECTS = 12
CHANGED = 3
WORKERS = 2
# Its own lines are not needed.
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def nights(folder: Path, counts: list[int]) -> str:
    """First night, one with nothing changed, one with three changed studies."""
    lines = ["| studies | night | runs | steps | s |", "|---:|---|---:|---:|---:|"]
    for n in counts:
        inbox, home = folder / f"inbox-{n}", folder / f"home-{n}"
        for number in range(n):
            _drop(inbox, number, seed=number)
        for night, name in enumerate(("first", "nothing changed", f"{CHANGED} changed")):
            if night == 2:
                for number in range(0, n, max(1, n // CHANGED))[:CHANGED]:
                    _drop(inbox, number, seed=n + number)
            found: list[int] = []
            seconds = timed(lambda at=night: found.extend(_night(inbox, home, at)))  # noqa: B023
            lines.append(f"| {n} | {name} | {len(found)} | {sum(found)} | {seconds:.0f} |")
    return "\n".join(lines)


def _drop(inbox: Path, number: int, seed: int) -> None:
    study = f"NIGHT{number:03d}"
    write_drop(replace(DEMO[number % len(DEMO)], study=study, n=SUBJECTS), inbox, seed)
    (inbox / study / "_SUCCESS").touch()  # complete at once: a drop just written waits to settle


def _night(inbox: Path, home: Path, night: int) -> list[int]:
    """Steps of each run of a night: the studies side by side, then what is made over them."""
    asked = _asked(inbox, home, night)
    studies = [r for r in asked if r["partition_key"]]
    over = [r for r in asked if not r["partition_key"]]
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        made = pool.map(_run, [str(inbox)] * len(studies), [str(home)] * len(studies), studies)
        steps = list(made)
    return [*steps, *(_run(str(inbox), str(home), request) for request in over)]


def _asked(inbox: Path, home: Path, night: int) -> list[dict[str, Any]]:
    """What the schedule asks for; the sensor, which would start the last run, is off."""
    place = _place(str(inbox), str(home))
    with dagster_instance(place) as instance:
        context = dg.build_schedule_context(
            instance, scheduled_execution_time=datetime(2026, 1, 1 + night, 2, tzinfo=UTC)
        )
        found = nightly(context, place=place)
    if isinstance(found, dg.SkipReason):
        return []
    return [
        {
            "partition_key": request.partition_key,
            "tags": dict(request.tags),
            "assets": [key.to_user_string() for key in request.asset_selection or ()],
        }
        for request in found
    ]


@cache
def _place(inbox: str, home: str) -> Place:
    return Place(home=Home(Path(home)), inbox=Path(inbox))


def _run(inbox: str, home: str, request: dict[str, Any]) -> int:
    """Do one of the runs in this process; the steps that succeeded, by Dagster's event log."""
    os.environ.setdefault("CRSIGHT_THREADS", "1")
    place = _place(inbox, home)
    study = request["partition_key"]
    with dagster_instance(place) as instance:
        job = build(place).resolve_job_def("study" if study else "over_studies")
        result = job.execute_in_process(
            instance=instance, partition_key=study, tags=request["tags"], run_config=QUIET,
            asset_selection=[dg.AssetKey(name) for name in request["assets"]],
        )  # fmt: skip
        return instance.get_run_stats(result.run_id).steps_succeeded
