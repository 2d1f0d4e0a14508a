from __future__ import annotations

import os

import pytest

from pipeline.threads import bound_threads

BOUNDS = ("CRSIGHT_THREADS", "POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


@pytest.fixture
def environment(monkeypatch):
    given = {name: value for name, value in os.environ.items() if name not in BOUNDS}
    monkeypatch.setattr(os, "environ", given)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    return given


@pytest.mark.parametrize(("runs", "each"), [(1, "8"), (3, "2"), (8, "1"), (9, "1")])
def test_runs_share_the_processors(environment, runs, each):
    bound_threads(runs)
    assert [environment[name] for name in BOUNDS] == [each] * 4


def test_the_owner_says_how_many(environment):
    environment |= {"CRSIGHT_THREADS": "5", "POLARS_MAX_THREADS": "3"}
    bound_threads(3)
    assert [environment[name] for name in BOUNDS] == ["5", "3", "5", "5"]
