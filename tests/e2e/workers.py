"""A home on PostgreSQL with a broker, a daemon and workers, each in processes of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import dagster as dg
import pytest

from pipeline.lake.home import Home
from tests.e2e.processes import environment, kill, script, start, stop, wait_until
from tests.servers import postgres, redis

DAEMON = [script("dagster-daemon"), "run", "-w", "dagster_workspace.yaml"]
WORKER = [sys.executable, "-m", "pipeline.worker", "--runs", "1"]
# Monitoring looks every few seconds; everything else is as a home is made.
QUICK = ("poll_interval_seconds: 30", "poll_interval_seconds: 3")


@dataclass
class Site:
    """What runs, and what the tests ask of it."""

    folder: Path
    home: Home
    workers: list[Popen[bytes]]
    instance: dg.DagsterInstance

    def runs(self, study: str | None = None) -> list[dg.DagsterRun]:
        """Runs of a study, or of all studies and the cohorts; the newest first."""
        tags = {"dagster/partition": study} if study else {}
        return list(self.instance.get_runs(dg.RunsFilter(tags=tags)))

    def runs_of(self, worker: Popen[bytes], status: dg.DagsterRunStatus) -> list[dg.DagsterRun]:
        """Runs in a status that a worker had last."""
        ours = [
            r for r in self.runs() if r.tags.get("crsight/worker", "").endswith(f"-{worker.pid}")
        ]
        return [run for run in ours if run.status == status]

    def said(self, run: dg.DagsterRun) -> str:
        """Everything in a run's log."""
        return "\n".join(event.message or "" for event in self.instance.all_logs(run.run_id))

    def wait(self, what, seconds: float = 900):
        """The first true answer of a question; the daemon's log where there is none."""
        return wait_until(what, seconds, log=self.folder / "daemon.log", pause=0.3)


@contextmanager
def site(sources: Path, folder: Path, count: int, **more: str) -> Generator[Site]:
    """Servers, workers and the daemon; the daemon starts last."""
    with postgres() as url, redis() as broker:
        env = environment(
            sources, folder, DAGSTER_HOME=str(folder / "home" / "dagster"), CRSIGHT_BROKER=broker,
            CRSIGHT_POSTGRES=url.replace("postgresql://", "postgresql+psycopg2://"),
            CRSIGHT_RUNS=str(count), CRSIGHT_SENSOR_S="2", CRSIGHT_SETTLE_S="0",
            CRSIGHT_NIGHT="0 0 29 2 *", **more,
        )  # fmt: skip
        with pytest.MonkeyPatch.context() as patch:
            for name in env.keys() - os.environ.keys():
                patch.setenv(name, env[name])
            home = Home(folder / "home")
            config = home.prepare() / "dagster.yaml"
            config.write_text(config.read_text().replace(*QUICK))
            workers = [start(WORKER, env, folder / f"worker{n}.log") for n in range(count)]
            daemon = start(DAEMON, env, folder / "daemon.log")
            try:
                with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
                    yield Site(folder, home, workers, instance)
            finally:
                stop(daemon)
                for worker in workers:
                    kill(worker)
