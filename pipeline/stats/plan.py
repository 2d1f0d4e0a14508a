"""The analysis plan's parameters; its version with their hash travels in every result row."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from pipeline.stats.guards import Guards


@dataclass(frozen=True)
class Plan:
    """Parameters of docs/statistics.md; days are AVAL days, day of the first dose = 1.

    A study's own merge_gap_h and ae_collection_days are no part of it: they stand in study.yaml.
    """

    version: str = "2.0"
    conf: float = 0.95
    horizon: int = 28
    onset_landmarks: tuple[int, ...] = (7, 14, 28)
    recovery_landmarks: tuple[int, ...] = (7, 14)
    ticks: tuple[int, ...] = (1, 3, 5, 7, 10, 14, 21, 28)
    rmst_tau: int = 14
    rmtl_tau: int = 28
    sensitivity_windows: tuple[int, ...] = (14, 60)
    grade_cuts: tuple[int, ...] = (1, 2, 3, 4)
    difference_cuts: tuple[int, ...] = (1, 2, 3)
    day_cuts: tuple[int, ...] = (1, 2, 3)
    onset_windows_h: tuple[int, ...] = (12, 24, 48, 72)
    dose_cuts: tuple[int, ...] = (2, 3)
    dose_window_d: int = 7
    dose_delay_d: int = 1
    adverse_words: str = "ADVERSE|CYTOKINE RELEASE"
    many_episodes: int = 4
    severe_grade: int = 3
    pooled_cuts: tuple[int, ...] = (1, 3)
    risk_cuts: tuple[int, ...] = (1, 3)
    lab_days: tuple[int, int] = (0, 28)
    lab_onset_days: tuple[int, int] = (-3, 14)
    lab_peak_days: tuple[int, ...] = (14, 28)
    bootstrap_replicates: int = 1000
    bootstrap_seed: int = 20240229
    permutation_draws: int = 9999
    permutation_seed: int = 20240301
    propensity_bins: int = 20
    weightings: tuple[str, ...] = ("ATO", "ATE", "ATT", "TRIM")
    trimmed: float = 0.1
    lowest_top: int = 2
    confounder_prevalences: tuple[tuple[float, float], ...] = ((0.3, 0.1), (0.5, 0.2), (0.7, 0.3))
    guards: Guards = field(default_factory=Guards)


def planver(plan: Plan) -> str:
    """Version of a plan with a hash of its parameters."""
    return f"{plan.version}+{hashlib.sha256(repr(plan).encode()).hexdigest()[:8]}"


PLAN = Plan()
PLANVER = planver(PLAN)
