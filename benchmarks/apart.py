"""Runs a measurement in a process of its own, so that peaks of memory do not add up."""

from __future__ import annotations

import importlib
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def apart(work: Callable[..., Any], *args: object) -> Any:
    """What a function of this package gives for these texts and numbers, in a new process."""
    words = json.dumps([work.__module__, work.__name__, [str(a) for a in args]])
    out = subprocess.run(
        [sys.executable, "-m", "benchmarks.apart", words],
        cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return json.loads(out.stdout.splitlines()[-1])


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def peak_mib() -> float:
    """Highest resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    module, name, texts = json.loads(sys.argv[1])
    print(json.dumps(getattr(importlib.import_module(module), name)(*texts)))
