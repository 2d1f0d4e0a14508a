"""Seconds until Dagster's definitions are loaded, beside Dagster alone: every process pays them."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from benchmarks.apart import ROOT, timed

RUNS = 7
CODE = {
    "the interpreter": "pass",
    "import dagster": "import dagster",
    "import pipeline.definitions": "import pipeline.definitions",
    "with a step's libraries": "import pipeline.definitions, pipeline.assets.materialise",
}


class Cost(NamedTuple):
    """Of one process, by the clock and of the processors."""

    wall: float
    cpu: float


def load(_folder: Path, _rows: list[int]) -> str:
    """The table; in turns, so that whatever else the machine does meets all alike."""
    costs: dict[str, list[Cost]] = {what: [] for what in CODE}
    for _ in range(RUNS):
        for what, code in CODE.items():
            costs[what].append(once(code))
    middle = {what: median(found) for what, found in costs.items()}
    alone = middle["import dagster"]
    lines = [
        f"Fresh processes, median of {RUNS}; the ratio is to Dagster alone.",
        "",
        "| what is loaded | s | ratio | CPU s | ratio |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {what} | {c.wall:.2f} | {c.wall / alone.wall:.2f} "
        f"| {c.cpu:.2f} | {c.cpu / alone.cpu:.2f} |"
        for what, c in middle.items()
    ]
    return "\n".join(lines)


def once(code: str) -> Cost:
    """What a new process costs that does this."""
    before = _cpu()
    wall = timed(lambda: subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True))
    return Cost(wall, _cpu() - before)


def median(costs: list[Cost]) -> Cost:
    """Of each figure by itself."""
    return Cost(statistics.median(c.wall for c in costs), statistics.median(c.cpu for c in costs))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
