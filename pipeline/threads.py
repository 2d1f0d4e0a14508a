"""Bounds the threads of a run, so that runs side by side do not crowd each other out."""

from __future__ import annotations

import os

_LIBRARIES = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def bound_threads(runs: int) -> None:
    """Put into the environment, for processes that start later, how many threads each run may use.

    That is CRSIGHT_THREADS, or where it is not set an equal share of this machine's processors.
    What is set for a library already stays.

    Args:
        runs: how many run at once on this machine.
    """
    share = max(1, len(os.sched_getaffinity(0)) // runs)
    threads = os.environ.setdefault("CRSIGHT_THREADS", str(share))
    for library in _LIBRARIES:
        os.environ.setdefault(library, threads)
