"""Where a home keeps its things: lake, published, dagster, and the inbox beside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pipeline.lake.dagster_yaml import Settings, agree, dagster_yaml

LAKE, PUBLISHED = "CRSIGHT_LAKE", "CRSIGHT_PUBLISHED"
_BUCKET = "s3://"


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
        """Objects, manifests, staging, states and locks (CRSIGHT_LAKE, default HOME/lake).

        Where the lake is in a bucket: what this machine keeps beside it.
        """
        return _folder(LAKE, self.root / "lake")

    @property
    def lake_url(self) -> str | None:
        """Where the lake is, if that is a bucket."""
        return _url(LAKE)

    @property
    def cache(self) -> Path:
        """Copies of a bucket's objects."""
        return self.lake / "cache"

    @property
    def published(self) -> Path:
        """The pages as they are served or mailed (CRSIGHT_PUBLISHED, default HOME/published)."""
        return _folder(PUBLISHED, self.root / "published")

    @property
    def published_url(self) -> str | None:
        """Where the pages are, if that is a bucket."""
        return _url(PUBLISHED)

    @property
    def front_page(self) -> str:
        """Where a reader begins."""
        return f"{self.published_url or self.published}/index.html"

    @property
    def dagster(self) -> Path:
        """Dagster's own storage: DAGSTER_HOME where that is set."""
        return Path(os.environ.get("DAGSTER_HOME") or self.root / "dagster").resolve()

    def prepare(self) -> Path:
        """Make the folders and, once, a dagster.yaml; the answer is Dagster's home.

        Raises:
            SettingsError: the dagster.yaml that is there was made for another configuration.
        """
        settings = Settings.from_env()
        pages = [] if self.published_url else [self.published]
        for folder in (self.lake, self.dagster, *pages):
            folder.mkdir(parents=True, exist_ok=True)
        config = self.dagster / "dagster.yaml"
        fresh = self.dagster / f".dagster.yaml-{os.getpid()}"
        fresh.write_text(dagster_yaml(settings), encoding="utf-8")
        try:
            config.hardlink_to(fresh)  # all of it at once: others start at the same time
        except FileExistsError:
            agree(config, settings)  # and the owner's settings stay
        finally:
            fresh.unlink()
        return self.dagster


def inbox_from_env() -> Path:
    """CRSIGHT_INBOX, default ./var/inbox: what schedule and sensor read."""
    return Path(os.environ.get("CRSIGHT_INBOX") or "var/inbox").resolve()


def _url(setting: str) -> str | None:
    place = os.environ.get(setting, "")
    return place.rstrip("/") if place.startswith(_BUCKET) else None


def _folder(setting: str, default: Path) -> Path:
    place = os.environ.get(setting)
    return default if not place or place.startswith(_BUCKET) else Path(place).resolve()
