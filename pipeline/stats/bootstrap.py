"""Seeded bootstrap: how often each subject is drawn, and limits from the replicates."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.step_curve import NE


class PercentileLimits(NamedTuple):
    """Limits from the replicates that have a value, and how many have none."""

    low: float
    high: float
    failed: int


def draw_subjects(study: Ints, replicates: int, seed: int) -> Ints:
    """Times that each subject is drawn, replicates by subjects: as many as there are per study.

    What follows is conditional on these studies (Davison & Hinkley 1997, section 3.8).

    Args:
        study: number of the study (and arm) of each subject, in the order of the subjects' keys,
            so that the order of rows elsewhere changes nothing.
        replicates: number of replicates.
        seed: the same seed draws the same.
    """
    random = np.random.default_rng(seed)
    drawn = np.zeros((replicates, study.size), dtype=np.int64)
    for name in np.unique(study):
        here = np.flatnonzero(study == name)
        drawn[:, here] = _among(random, here.size, np.full(replicates, here.size))
    return drawn


def draw_studies(study: Ints, arm: Ints, replicates: int, seed: int) -> Ints:
    """As draw_subjects, after drawing as many studies as there are within each arm.

    A study drawn k times gives k times its number of subjects, drawn anew each time.
    """
    random = np.random.default_rng(seed)
    drawn = np.zeros((replicates, study.size), dtype=np.int64)
    for side in np.unique(arm):
        names = np.unique(study[arm == side])
        times = _among(random, names.size, np.full(replicates, names.size))
        for name, often in zip(names, times.T, strict=True):
            here = np.flatnonzero((study == name) & (arm == side))
            drawn[:, here] = _among(random, here.size, often * here.size)
    return drawn


def percentile_limits(replicate: Floats, conf: float = 0.95) -> PercentileLimits:
    """Percentile limits (Efron & Tibshirani 1993, chapter 13); NaN is a replicate that failed.

    >>> [round(x, 6) for x in percentile_limits(np.append(np.arange(101.0), np.nan), 0.90)]
    [5.0, 95.0, 1]
    """
    known = replicate[~np.isnan(replicate)]
    failed = replicate.size - known.size
    if not known.size:
        return PercentileLimits(NE, NE, failed)
    low, high = np.quantile(known, [(1 - conf) / 2, (1 + conf) / 2])
    return PercentileLimits(float(low), float(high), failed)


def _among(random: np.random.Generator, size: int, draws: Ints) -> Ints:
    """Times that each of `size` things is drawn, with replacement; a row per number of draws."""
    return random.multinomial(draws, np.full(size, 1 / size))
