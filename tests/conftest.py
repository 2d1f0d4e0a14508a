"""Settings and small things that all tests share."""

from __future__ import annotations

from contextlib import contextmanager

import dagster as dg
import pytest
from hypothesis import settings

from pipeline import run
from tests.assets.fakes import FakeStages, place

# A busy machine must not fail a property: how long one example takes is no property of ours.
settings.register_profile("crsight", deadline=None)
settings.load_profile("crsight")


def pytest_collection_modifyitems(items):
    """Files that start processes or a browser come first: they last longest, so that the workers of
    pytest-xdist end together on short ones (with --no-loadscope-reorder, which keeps this order).
    """
    long = {
        i.path for i in items if i.get_closest_marker("process") or i.get_closest_marker("browser")
    }
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture
def stages():
    return FakeStages()


@pytest.fixture
def here(tmp_path, stages, monkeypatch):
    """A place with an empty inbox and small stages in place of the real ones."""
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    return place(tmp_path, stages)


@pytest.fixture
def memory(monkeypatch):
    """A Dagster instance in memory in place of the home's: events on disk cost seconds per run."""
    with dg.DagsterInstance.ephemeral() as instance:

        @contextmanager
        def in_memory(_place):
            yield instance

        monkeypatch.setattr(run, "dagster_instance", in_memory)
        yield instance
