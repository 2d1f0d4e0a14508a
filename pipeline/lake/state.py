"""How the last run of a study ended, as the lake remembers it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True)
class State:
    """How the last run of a study ended, and on what (`drop`, `code`): the same fails again."""

    study: str
    state: Literal["published", "refused", "failed", "stale", "withdrawn"]
    problems: tuple[str, ...] = ()
    drop: str = ""
    code: str = ""

    @property
    def reason(self) -> str:
        """The problems, one per line."""
        return "\n".join(self.problems)

    def to_bytes(self) -> bytes:
        """JSON with sorted keys."""
        return json.dumps(asdict(self), sort_keys=True, indent=1, ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> State:
        """Read what `to_bytes` wrote."""
        raw = json.loads(data)
        raw["problems"] = tuple(raw["problems"])
        return cls(**raw)
