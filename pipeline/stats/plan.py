"""The analysis plan's parameters; its version with their hash travels in every result row."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from pipeline.stats.guards import Guards


@dataclass(frozen=True)
class Plan:
    """Parameters of docs/statistics.md; days are AVAL days, day of the first dose = 1."""

    version: str = "1.0"
    conf: float = 0.95
    horizon: int = 28
    onset_landmarks: tuple[int, ...] = (7, 14, 28)
    recovery_landmarks: tuple[int, ...] = (7, 14)
    ticks: tuple[int, ...] = (1, 3, 5, 7, 10, 14, 21, 28)
    rmst_tau: int = 14
    grade_cuts: tuple[int, ...] = (1, 2, 3, 4)
    difference_cuts: tuple[int, ...] = (1, 2, 3)
    guards: Guards = field(default_factory=Guards)


def planver(plan: Plan) -> str:
    """Version of a plan with a hash of its parameters."""
    return f"{plan.version}+{hashlib.sha256(repr(plan).encode()).hexdigest()[:8]}"


PLAN = Plan()
PLANVER = planver(PLAN)
