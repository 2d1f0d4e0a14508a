"""Makes a home's dagster.yaml from the environment: one machine as it stands, several by two URLs.

CRSIGHT_POSTGRES  where Dagster keeps runs and events (default: SQLite in the home)
CRSIGHT_BROKER    where runs wait for the workers of `python -m pipeline.worker` (default: none)
CRSIGHT_RUNS      how many runs at once: with a broker, as many as all workers together take
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

POSTGRES, BROKER, RUNS = "CRSIGHT_POSTGRES", "CRSIGHT_BROKER", "CRSIGHT_RUNS"
_DRIVER = "postgresql+psycopg2://"

_ALWAYS = """\
# Written by crsight once; edit freely, it is never overwritten.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: {runs}
# One sensor that takes long, or asks for many runs, does not keep the other one waiting.
sensors:
  use_threads: true
  num_workers: 2
schedules:
  use_threads: true
  num_workers: 2
# Runs are kept: they say who made which manifest. Ticks are not worth keeping for long.
retention:
  schedule:
    purge_after_days: {{skipped: 7, failure: 90, success: 365}}
  sensor:
    purge_after_days: {{skipped: 1, failure: 30, success: 365}}
"""
_ONE_MACHINE = """\
run_monitoring:
  enabled: true
  start_timeout_seconds: 300
  max_runtime_seconds: 21600
"""
_WORKERS = """\
# A run whose worker is lost goes on on another one; after that many times it counts as failed and
# the sensor asks for a new one.
run_monitoring:
  enabled: true
  poll_interval_seconds: 30
  start_timeout_seconds: 900
  cancel_timeout_seconds: 120
  max_runtime_seconds: 21600
  max_resume_run_attempts: 2
run_launcher:
  module: pipeline.workers.study_launcher
  class: StudyLauncher
  config:
    broker: {env: CRSIGHT_BROKER}
"""
_SQLITE = """\
# Where Dagster keeps its events itself, but for an index that stays open.
event_log_storage:
  module: pipeline.lake.event_log
  class: OpenIndexEventLog
"""
_POSTGRES = """\
storage:
  postgres:
    postgres_url: {env: CRSIGHT_POSTGRES}
"""


class SettingsError(Exception):
    """The environment contradicts itself, or the dagster.yaml that is there."""


@dataclass(frozen=True)
class Settings:
    """What of the environment decides how a dagster.yaml reads; no secret is in here."""

    postgres: bool = False
    broker: bool = False
    runs: int = 2

    @classmethod
    def from_env(cls) -> Settings:
        """The environment's settings.

        Raises:
            SettingsError: they cannot be meant so.
        """
        postgres, broker = os.environ.get(POSTGRES, ""), os.environ.get(BROKER, "")
        runs = os.environ.get(RUNS) or "2"
        if not runs.isdecimal() or int(runs) < 1:
            raise SettingsError(f"{RUNS} is {runs!r}; it is a number of runs, 1 or more")
        if postgres and not postgres.startswith(_DRIVER):
            # SQLAlchemy takes the plain scheme for another driver than Dagster brings.
            raise SettingsError(f"{POSTGRES} must begin with {_DRIVER}")
        if broker and not postgres:
            raise SettingsError(f"{BROKER} needs {POSTGRES}: workers share no SQLite")
        return cls(bool(postgres), bool(broker), int(runs))


def dagster_yaml(settings: Settings) -> str:
    """The file's text. It names the variables that hold addresses and passwords, not these."""
    return "".join(
        (
            _ALWAYS.format(runs=settings.runs),
            _WORKERS if settings.broker else _ONE_MACHINE,
            _POSTGRES if settings.postgres else _SQLITE,
        )
    )


def agree(config: Path, settings: Settings) -> None:
    """See that a dagster.yaml was made for the environment that it is used in.

    Args:
        config: the file.
        settings: of the environment.

    Raises:
        SettingsError: it was made for another one: two processes would work in two places.
    """
    named = config.read_text(encoding="utf-8")
    held: dict[str, Any] = yaml.safe_load(named) or {}
    for variable, wanted, there in (
        (POSTGRES, settings.postgres, "postgres" in held.get("storage", {})),
        (BROKER, settings.broker, "run_launcher" in held),
    ):
        if wanted and not there:
            raise SettingsError(_other(config, f"{variable} is set, and the file does not use it"))
        if there and not wanted and f"env: {variable}" in named:
            raise SettingsError(_other(config, f"the file uses {variable}, which is not set"))


def _other(config: Path, why: str) -> str:
    return (
        f"{config} was made for another configuration: {why}. "
        "Set the variables as they were, or move the file away and a new one is made."
    )
