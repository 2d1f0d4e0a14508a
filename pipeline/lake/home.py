"""Where a home keeps its things: lake, published, dagster, and the inbox beside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

DAGSTER_YAML = """\
# Written by crsight once; edit freely, it is never overwritten.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 2
run_monitoring:
  enabled: true
  start_timeout_seconds: 300
  max_runtime_seconds: 21600
# Runs are kept: they say who made which manifest. Ticks are not worth keeping for long.
retention:
  schedule:
    purge_after_days: {skipped: 7, failure: 90, success: 365}
  sensor:
    purge_after_days: {skipped: 1, failure: 30, success: 365}
"""


@dataclass(frozen=True)
class Home:
    """The folders of one installation."""

    root: Path

    @classmethod
    def from_env(cls) -> Home:
        """CRSIGHT_HOME, default ./var/demo."""
        return cls(Path(os.environ.get("CRSIGHT_HOME") or "var/demo").resolve())

    @property
    def lake(self) -> Path:
        """Objects, manifests, staging, states and locks."""
        return self.root / "lake"

    @property
    def published(self) -> Path:
        """The pages as they are served or mailed."""
        return self.root / "published"

    @property
    def dagster(self) -> Path:
        """Dagster's own storage: DAGSTER_HOME where that is set."""
        return Path(os.environ.get("DAGSTER_HOME") or self.root / "dagster").resolve()

    def prepare(self) -> Path:
        """Make the folders and, once, a dagster.yaml; the answer is Dagster's home."""
        for folder in (self.lake, self.published, self.dagster):
            folder.mkdir(parents=True, exist_ok=True)
        config = self.dagster / "dagster.yaml"
        try:
            with config.open("x", encoding="utf-8") as file:
                file.write(DAGSTER_YAML)
        except FileExistsError:
            pass  # the owner's settings stay
        return self.dagster


def inbox_from_env() -> Path:
    """CRSIGHT_INBOX, default ./var/inbox: what schedule and sensor read."""
    return Path(os.environ.get("CRSIGHT_INBOX") or "var/inbox").resolve()
