"""What a lake holds of all studies, asked at once: of a bucket every single question takes time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline.lake.manifest import COHORTS, Manifest
from pipeline.lake.state import State
from pipeline.lake.store import Store


@dataclass(frozen=True)
class Overview:
    """Current manifests and states by study, and the studies of which something is staged."""

    manifests: Mapping[str, Manifest]
    states: Mapping[str, State]
    staged: frozenset[str]

    @classmethod
    def of(cls, store: Store) -> Overview:
        """All studies, those over studies included, by three listings."""
        staged = frozenset(PurePosixPath(name).stem for name in store.files.names("staging"))
        return cls(store.manifests(), store.states(), staged)

    @property
    def studies(self) -> list[str]:
        """Studies that ever had a manifest."""
        return [study for study in self.manifests if study != COHORTS]

    @property
    def ready(self) -> dict[str, Manifest]:
        """Current manifests of all studies that are published."""
        every = self.manifests.items()
        return {study: m for study, m in every if study != COHORTS and not m.withdrawn}

    def withdrawn(self, study: str) -> bool:
        """Whether a study was taken out of everything published."""
        manifest = self.manifests.get(study)
        return manifest is not None and manifest.withdrawn

    def tidy(self, study: str) -> bool:
        """Whether a study whose manifest is right is left as a run leaves it that ends well."""
        state = self.states.get(study)
        return state is not None and state.state == "published" and study not in self.staged
