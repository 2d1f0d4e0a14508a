"""Manifests: which objects make up a study, and from what each was made.

No clock stands in a manifest: the same drop and code give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

COHORTS = "_cohorts"  # the pseudo study of everything made from several studies


@dataclass(frozen=True)
class StageRecord:
    """What a stage made (name -> hash), from what (name -> hash), with which code."""

    code: str
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]


@dataclass(frozen=True)
class Manifest:
    """A study as published: immutable, numbered, each made on top of its parent (0 = the first).

    For the cohort pages `drop` holds the studies used, each with the hash of its data, and `meta`
    their manifests' numbers and contents.
    """

    study: str
    number: int
    parent: int
    drop: Mapping[str, str]
    meta: Mapping[str, Any]
    stages: Mapping[str, StageRecord]
    withdrawn: bool = False

    @property
    def tables(self) -> dict[str, str]:
        """Name and hash of every table."""
        return _outputs(self.stages, pages=False)

    @property
    def pages(self) -> dict[str, str]:
        """Path and hash of every page."""
        return _outputs(self.stages, pages=True)

    @property
    def content(self) -> str:
        """Hash of what it says, apart from its place in the history."""
        return digest({k: v for k, v in asdict(self).items() if k not in ("number", "parent")})

    @property
    def data(self) -> str:
        """Hash of what pages over studies read: files, description and tables, not the pages."""
        return digest([dict(self.drop), dict(self.meta), self.tables])

    def to_bytes(self) -> bytes:
        """JSON with sorted keys."""
        return _json({**asdict(self), "pages": self.pages})

    @classmethod
    def from_bytes(cls, data: bytes) -> Manifest:
        """Read what `to_bytes` wrote."""
        raw = json.loads(data)
        raw.pop("pages")  # a view of the stages' outputs, for human readers
        raw["stages"] = _stages(raw["stages"])
        return cls(**raw)


@dataclass(frozen=True)
class Staging:
    """The stages that a run has finished so far; it outlives a crash, and the next run goes on.

    `parent` is the manifest that `run` started from.
    """

    run: str
    parent: int
    drop: Mapping[str, str] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)
    stages: Mapping[str, StageRecord] = field(default_factory=dict)

    @property
    def tables(self) -> dict[str, str]:
        """Name and hash of every table made so far."""
        return _outputs(self.stages, pages=False)

    def to_bytes(self) -> bytes:
        """JSON with sorted keys."""
        return _json(asdict(self))

    @classmethod
    def from_bytes(cls, data: bytes) -> Staging:
        """Read what `to_bytes` wrote."""
        raw = json.loads(data)
        raw["stages"] = _stages(raw["stages"])
        return cls(**raw)


def inconsistencies(manifest: Manifest) -> list[str]:
    """Where a stage was made from something else than what the manifest holds, in words."""
    held = {**manifest.drop, **manifest.tables}
    return [
        f"{stage} was made from another {name} than the one at hand"
        for stage, record in manifest.stages.items()
        for name, value in record.inputs.items()
        if held.get(name) != value
    ]


def digest(value: Any) -> str:
    """Hash of anything that JSON can say."""
    return hashlib.sha256(_json(value)).hexdigest()


def _json(value: Any) -> bytes:
    return (json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def _stages(raw: dict[str, Any]) -> dict[str, StageRecord]:
    return {name: StageRecord(**record) for name, record in raw.items()}


def _outputs(stages: Mapping[str, StageRecord], *, pages: bool) -> dict[str, str]:
    # A page is named by its path and has an ending; a table has none.
    return {
        name: value
        for record in stages.values()
        for name, value in record.outputs.items()
        if ("." in name) is pages
    }
