"""Agreement of two gradings of the same episodes: Cohen's weighted kappa."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.normal import z_of

Weights = Literal["quadratic", "linear"]

POWER: dict[Weights, int] = {"quadratic": 2, "linear": 1}


class Kappa(NamedTuple):
    """Weighted kappa with its standard error and limits, NaN where there are none."""

    value: float
    se: float
    low: float
    high: float


def cross_table(first: Ints, second: Ints, size: int) -> Ints:
    """Counts of pairs: rows by the first grade, columns by the second, both 0 to size - 1.

    >>> cross_table(np.array([0, 2, 2]), np.array([0, 2, 1]), 3).tolist()
    [[1, 0, 0], [0, 0, 0], [0, 1, 1]]
    """
    if first.size != second.size:
        raise ValueError(f"{first.size} grades but {second.size} to compare them with")
    if first.size and (
        min(first.min(), second.min()) < 0 or max(first.max(), second.max()) >= size
    ):
        raise ValueError(f"grades must lie between 0 and {size - 1}")
    flat = np.bincount(first * size + second, minlength=size * size)
    return flat.astype(np.int64).reshape(size, size)


def weighted_kappa(table: Ints, weights: Weights = "quadratic", conf: float = 0.95) -> Kappa:
    """Cohen's weighted kappa of a square table of counts, large-sample limits.

    Rule: agreement weight 1 - (d / D)^2 (quadratic; linear without the square) where d is the
    distance of the two grades and D the greatest possible one. The standard error is that of a
    kappa other than 0; the limits stop at -1 and 1. Where either side has only one grade, kappa
    is 0 by construction or undefined, so it is NaN. Where every pair agrees the standard error is
    0 and says nothing, so the limits are NaN.

    Source: Cohen, Psychol Bull 1968;70:213-220; standard error: Fleiss, Cohen & Everitt,
    Psychol Bull 1969;72:323-327.

    >>> [round(x, 4) for x in weighted_kappa(np.array([[20, 5], [10, 15]]))]
    [0.4, 0.127, 0.1511, 0.6489]
    """
    nothing = Kappa(math.nan, math.nan, math.nan, math.nan)
    n = int(table.sum())
    if n == 0 or min(grades_used(table)) < 2:
        return nothing
    p = table / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    w = _weights(table.shape[0], POWER[weights])
    observed, expected = float((w * p).sum()), float(rows @ w @ columns)
    value = (observed - expected) / (1 - expected)
    if int(np.trace(table)) == n:
        return nothing._replace(value=1.0, se=0.0)
    se = math.sqrt(_variance(p, w, observed, expected) / n)
    half = z_of(conf) * se
    return Kappa(value, se, max(-1.0, value - half), min(1.0, value + half))


def grades_used(table: Ints) -> tuple[int, int]:
    """How many different grades the first and the second grading used."""
    return int(table.any(axis=1).sum()), int(table.any(axis=0).sum())


def _weights(size: int, power: int) -> Floats:
    grade = np.arange(size)
    distance = np.abs(grade[:, None] - grade[None, :])
    return 1 - (distance / (size - 1)) ** power


def _variance(p: Floats, w: Floats, observed: float, expected: float) -> float:
    """Large-sample variance of weighted kappa, times the number of pairs."""
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    mean = (w @ columns)[:, None] + (rows @ w)[None, :]
    terms = p * (w * (1 - expected) - mean * (1 - observed)) ** 2
    centre = observed * expected - 2 * expected + observed
    # Rounding alone can bring the difference of two equal numbers below 0.
    return max(0.0, float(terms.sum()) - centre**2) / (1 - expected) ** 4
