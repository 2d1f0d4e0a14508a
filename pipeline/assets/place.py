"""Where a run works and with what: one object that every asset, schedule and sensor is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pipeline.assets.pages import Pages, RealPages
from pipeline.assets.stages import RealStages, Stages
from pipeline.lake.backends import published_files
from pipeline.lake.fingerprint import stage_code
from pipeline.lake.home import Home, inbox_from_env
from pipeline.lake.storage import Storage
from pipeline.lake.store import Store


def _silent(_study: str, _stage: str, _what: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Place:
    """A home, an inbox and the stages. Tests give other stages and codes.

    `progress` is told (study, stage, what happened) as a run goes on.
    """

    home: Home = field(default_factory=Home.from_env)
    inbox: Path = field(default_factory=inbox_from_env)
    stages: Stages = field(default_factory=RealStages)
    pages: Pages = field(default_factory=RealPages)
    code: Mapping[str, str] = field(default_factory=stage_code)
    progress: Callable[[str, str, str], None] = _silent

    @cached_property
    def store(self) -> Store:
        """The lake of the home."""
        return Store.of(self.home)

    @cached_property
    def published(self) -> Storage:
        """What keeps the pages of the home."""
        return published_files(self.home)
