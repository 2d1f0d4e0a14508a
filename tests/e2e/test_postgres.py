"""Dagster's storage in a real PostgreSQL: a full run, and one that is killed and gone on with."""

from __future__ import annotations

import sys

import dagster as dg
import pytest

from pipeline.lake.home import Home
from tests.e2e.drops import tree, write_drop
from tests.e2e.processes import crsight, environment, kill, start, wait_until
from tests.servers import postgres

pytestmark = pytest.mark.process
RUN = [sys.executable, "-m", "pipeline.cli", "run"]


@pytest.fixture(scope="module")
def database():
    with postgres() as url:
        yield url.replace("postgresql://", "postgresql+psycopg2://")


def result(home):
    """What a run makes for readers and for later runs."""
    published = tree(home / "published", leave_out=("status.html",))
    return published, tree(home / "lake" / "manifests"), tree(home / "lake" / "objects")


def test_killed_in_the_middle_and_run_again(database, sources, tmp_path, monkeypatch):
    """The same bytes as a run on SQLite that nobody disturbed."""
    write_drop(tmp_path / "inbox", "CRASH")
    on_sqlite = environment(sources, tmp_path, CRSIGHT_HOME=str(tmp_path / "sqlite"))
    on_postgres = environment(sources, tmp_path, CRSIGHT_POSTGRES=database, CRSIGHT_LOST_S="0")
    home, log = tmp_path / "home", tmp_path / "log"

    process = start(RUN, on_postgres, log)
    staging = home / "lake" / "staging" / "CRASH.json"
    wait_until(lambda: staging.exists() and '"subjects"' in staging.read_text(), 300, 0.01, log)
    kill(process)
    assert not (home / "lake" / "manifests" / "CRASH").exists()

    again = crsight(on_postgres, "run")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "CRASH            subjects     nothing new, taken from the record" in again.stdout
    undisturbed = crsight(on_sqlite, "run")
    assert undisturbed.returncode == 0, undisturbed.stdout + undisturbed.stderr
    assert result(home) == result(tmp_path / "sqlite")

    assert not list(home.rglob("*.db"))
    monkeypatch.setenv("CRSIGHT_POSTGRES", database)
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    of_the_study = dg.RunsFilter(tags={"dagster/partition": "CRASH"})
    with dg.DagsterInstance.from_config(str(Home(home).dagster)) as instance:
        runs = [run.status.value for run in instance.get_runs(of_the_study)]
    assert runs == ["SUCCESS", "FAILURE"]
    assert "nothing changed" in crsight(on_postgres, "run").stdout
