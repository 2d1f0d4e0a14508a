from __future__ import annotations

import shutil

import pytest

from tests.e2e.browser import chromium
from tests.e2e.everything import build
from tests.e2e.processes import ROOT, environment
from tests.e2e.published import publish

PARTS = ("pipeline", "reports", "sql", "pyproject.toml", "requirements.lock",
         "dagster_workspace.yaml")  # fmt: skip


@pytest.fixture(scope="session")
def sources(tmp_path_factory):
    """A copy of the sources: an edit while a test runs would make everything stale."""
    root = tmp_path_factory.mktemp("sources")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(
                ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__", ".*")
            )
        else:
            shutil.copy(ROOT / part, root / part)
    return root


@pytest.fixture
def env(sources, tmp_path):
    """Of a home, an inbox and a Dagster of the test's own."""
    return environment(sources, tmp_path)


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """All pages of two studies, written to disk."""
    return publish(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="session")
def everything(tmp_path_factory, worker_id):
    """A real home of the demo, NULISA, the CDISC pilot and a drop of attacks."""
    base = tmp_path_factory.getbasetemp()
    return build((base if worker_id == "master" else base.parent) / "everything")


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found
