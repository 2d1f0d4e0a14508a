"""A home at night: daemon, code server, receivers of alerts, and the clock that they go by."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import dagster as dg
import yaml

from pipeline.lake.home import Home
from pipeline.lake.store import Store
from tests.alerts.receivers import Hook, Mailbox, mail_server, web_address
from tests.e2e.clock import Clock
from tests.e2e.drops import write_drop
from tests.e2e.processes import environment, free_port, start, stop, wait_until
from tests.servers import answers

TICK_S = 2
SETTLE_S = 3600  # long against what a slow machine takes between two looks
UI = "https://crsight.example.org"
PATIENCE_S = 300

# Dagster's daemon, which looks for work every second; by itself it waits for the next five seconds
# of sensors and the next minute of schedules, for most of the time that these tests would take.
DAEMON = """
import dagster._daemon.sensor
import dagster._scheduler.scheduler
from dagster._daemon.cli import cli

dagster._daemon.sensor.MIN_INTERVAL_LOOP_TIME = 1
dagster._scheduler.scheduler._get_next_scheduler_iteration_time = lambda start: start + 1
cli()
"""

# A fault in a stage that only studies of this title meet; its message holds a value of the data.
BUG = """

_derive = derive_subjects


def derive_subjects(tables, study):
    if study.title == "Meets a fault":
        raise ValueError("S-1 had 38.6 C")
    return _derive(tables, study)
"""


@dataclass
class Shift:
    """A home with a daemon, and the clock that it goes by."""

    folder: Path
    clock: Clock
    box: Mailbox
    hook: Hook

    def __post_init__(self) -> None:
        self.inbox, self.home = self.folder / "inbox", Home(self.folder / "home")
        self.env: dict[str, str] = {}
        self.command: list[str] = []
        self.store, self.log = Store(self.home.lake), self.folder / "daemon.log"

    def start_daemon(self) -> None:
        self.daemon = start(self.command, self.env, self.log)

    def stop_daemon(self) -> None:
        stop(self.daemon)

    def drop(self, study: str, grade: int, *, title: str = "Three subjects") -> Path:
        """Copy a drop in; the host that copies goes by the same clock."""
        drop = write_drop(self.inbox, study, grade)
        described = drop / "study.yaml"
        described.write_text(described.read_text().replace("Three subjects", title))
        self.touched(drop)
        return drop

    def touched(self, drop: Path) -> None:
        for path in drop.iterdir():
            os.utime(path, (self.clock.now(), self.clock.now()))

    def looked(self, times: int = 3) -> None:
        """Wait until the sensor has looked a few times more."""
        before = self._looks()
        self.until(lambda: self._looks() >= before + times)

    def _looks(self) -> int:
        return self.log.read_text().count("Checking for new runs for sensor: inbox_sensor")

    def forward(self, seconds: float) -> None:
        """Put the clock forward once nobody is at work: to a run it would seem to take so long."""
        self.quiet()
        self.clock.forward(seconds)

    def settle(self) -> None:
        """Let a drop stand still for long enough, in the sensor's eyes."""
        self.forward(SETTLE_S + 1)

    def until(self, what: Callable[[], object]) -> None:
        wait_until(what, seconds=PATIENCE_S, pause=0.5, log=self.log)

    def runs(self, study: str) -> list[dg.DagsterRun]:
        """Runs of a study that are over, oldest first; waits while one is at work."""
        found = self.instance.get_runs(dg.RunsFilter(tags={"dagster/partition": study}))
        return found[::-1]

    def steps(self, study: str | None = None) -> list[list[str]]:
        """Steps that each run of a study (or of everything) started, oldest first."""
        kind = dg.DagsterEventType.STEP_START
        tags = {"dagster/partition": study} if study else {}
        runs = self.instance.get_runs(dg.RunsFilter(tags=tags))[::-1]
        return [[e.dagster_event.step_key for e in self.instance.all_logs(r.run_id, of_type=kind)]
                for r in runs]  # fmt: skip

    def quiet(self) -> None:
        """Wait until no run is at work and nothing more is asked for."""

        def idle() -> bool:
            return all(run.is_finished for run in self.instance.get_runs())

        self.until(idle)
        self.looked(2)
        self.until(idle)

    def night(self) -> None:
        """Go to the next two o'clock and wait for the schedule's tick."""
        day = dt.datetime.fromtimestamp(self.clock.now(), dt.UTC) + dt.timedelta(days=1)
        two = day.replace(hour=2, minute=0, second=1, microsecond=0)
        before = self.nights()
        self.quiet()
        self.clock.set(two)
        self.until(lambda: len(self.nights()) > len(before))
        self.quiet()

    def nights(self) -> list[str]:
        """How the ticks of the schedule ended."""
        states = [s for s in self.instance.all_instigator_state() if s.instigator_name == "nightly"]
        ticks = [t for s in states for t in
                 self.instance.get_ticks(s.instigator_origin_id, s.selector_id)]  # fmt: skip
        return [tick.status.value for tick in ticks if tick.is_completed]

    @cached_property
    def instance(self) -> dg.DagsterInstance:
        """Opened once: the tests ask often, on the processors that the runs need."""
        return dg.DagsterInstance.from_config(str(self.home.dagster))

    def page(self, path: str) -> str:
        file = self.home.published / path
        return file.read_text() if file.exists() else ""

    def state(self, study: str) -> str:
        state = self.store.state(study)
        return state.state if state else ""


@contextmanager
def working(sources: Path, folder: Path) -> Generator[Shift]:
    """A daemon at work in a folder, from a copy of the sources with a fault in it."""
    (folder / "inbox").mkdir()
    faulty = folder / "sources"
    shutil.copytree(sources, faulty)
    with (faulty / "pipeline" / "subjects" / "subjects.py").open("a") as file:
        file.write(BUG)
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    clock = Clock(folder, tomorrow.replace(hour=20, minute=0))
    with ExitStack() as stack:
        box, hook = stack.enter_context(mail_server()), stack.enter_context(web_address())
        shift = Shift(folder, clock, box, hook)
        env = shift.env = clock.environment(environment(faulty, folder, **_settings(shift)))
        port = free_port()
        server = ["-m", "dagster", "api", "grpc", "-m", "pipeline.definitions", "-h", "127.0.0.1"]
        # A server of its own: one that the daemon starts ends itself when the clock jumps.
        process = start([sys.executable, *server, "-p", str(port)], env, folder / "server.log")
        stack.callback(stop, process)
        wait_until(lambda: answers(port), log=folder / "server.log")
        place = {"host": "127.0.0.1", "port": port, "location_name": "crsight"}
        workspace = folder / "workspace.yaml"
        workspace.write_text(yaml.safe_dump({"load_from": [{"grpc_server": place}]}))
        shift.command = [sys.executable, "-c", DAEMON, "run", "-w", str(workspace)]
        shift.start_daemon()
        stack.callback(shift.stop_daemon)
        shift.looked(1)
        shift.quiet()  # the front page of an empty home
        stack.callback(shift.instance.dispose)
        yield shift


def _settings(shift: Shift) -> dict[str, str]:
    dagster = os.environ.pop("DAGSTER_HOME", None)
    home = str(shift.home.prepare())
    if dagster:
        os.environ["DAGSTER_HOME"] = dagster
    config = shift.home.dagster / "dagster.yaml"
    settings = yaml.safe_load(config.read_text())
    # In a day that passes at a stroke no run has hung.
    settings["run_monitoring"] |= dict.fromkeys(
        ("start_timeout_seconds", "max_runtime_seconds"), 10**7
    )
    config.write_text(yaml.safe_dump(settings))
    return {
        "DAGSTER_HOME": home,
        "CRSIGHT_LOST_S": str(10**7),
        "CRSIGHT_SETTLE_S": str(SETTLE_S),
        "CRSIGHT_SENSOR_S": str(TICK_S),
        "CRSIGHT_WATCH_S": str(TICK_S),
        "CRSIGHT_ALERT_MAIL": shift.box.url,
        "CRSIGHT_ALERT_WEBHOOK": shift.hook.url,
        "CRSIGHT_URL": UI,
        "CRSIGHT_REPORTS_URL": f"{UI}/reports",
    }
