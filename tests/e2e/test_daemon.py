"""The inbox is watched: a drop shows in the reports without a hand."""

from __future__ import annotations

import time

import dagster as dg
import pytest

from pipeline.lake.home import Home
from pipeline.lake.store import Store
from tests.e2e.drops import write_drop
from tests.e2e.processes import script, start, stop, wait_until

pytestmark = pytest.mark.process
TICK_S = 2
SETTLE_S = 1


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture
def daemon(env, home, tmp_path, monkeypatch):
    """A daemon that looks often and waits little; its log is the fixture's value."""
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    env |= {
        "DAGSTER_HOME": str(home.prepare()),
        "CRSIGHT_SETTLE_S": str(SETTLE_S),
        "CRSIGHT_SENSOR_S": str(TICK_S),
    }
    (tmp_path / "inbox").mkdir()
    log = tmp_path / "daemon.log"
    command = [script("dagster-daemon"), "run", "-w", "dagster_workspace.yaml"]
    process = start(command, env, log)
    yield log
    stop(process)


def runs_of(home, study):
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        return instance.get_runs(dg.RunsFilter(tags={"dagster/partition": study}))


def ended(home, study):
    return [run.status for run in runs_of(home, study) if run.is_finished]


def test_new_same_and_changed_drop(daemon, home, tmp_path):
    store = Store(home.lake)
    front = home.published / "index.html"
    write_drop(tmp_path / "inbox", "NIGHT", grade=2)
    wait_until((home.published / "studies/NIGHT/index.html").exists, log=daemon)
    wait_until(lambda: front.exists() and "NIGHT" in front.read_text(), log=daemon)
    wait_until(lambda: ended(home, "NIGHT") == [dg.DagsterRunStatus.SUCCESS], log=daemon)

    write_drop(tmp_path / "inbox", "NIGHT", grade=2)  # new times, the same bytes
    time.sleep(SETTLE_S + 4 * TICK_S)
    assert len(runs_of(home, "NIGHT")) == 1

    write_drop(tmp_path / "inbox", "NIGHT", grade=3)
    wait_until(lambda: store.numbers("NIGHT") == [1, 2], log=daemon)
    wait_until(lambda: len(ended(home, "NIGHT")) == 2, log=daemon)
    used = store.current("NIGHT").content
    wait_until(
        lambda: store.current("_cohorts").meta["manifests"]["NIGHT"]["content"] == used, log=daemon
    )
    assert {run.status for run in runs_of(home, "NIGHT")} == {dg.DagsterRunStatus.SUCCESS}
