"""Chi-square statistics: the quadratic form of a score, and its P value."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats

# Smallest eigenvalue of a correlation matrix that is not 0 but for rounding.
_FLAT = 1e-10
_TINY = float(np.finfo(np.float64).tiny)


class ChiSquare(NamedTuple):
    """A test statistic with its degrees of freedom and P; NaN where not estimable."""

    value: float
    df: int
    p: float


def chi_square(value: float, df: int) -> ChiSquare:
    """A statistic with its upper-tail probability, NaN for both where there is none.

    >>> round(chi_square(3.841459, 1).p, 6)
    0.05
    """
    if math.isnan(value) or df < 1:
        return ChiSquare(math.nan, df, math.nan)
    from scipy.special import chdtrc  # noqa: PLC0415 - slow import, wanted by few callers

    return ChiSquare(value, df, float(chdtrc(df, value)))


def quadratic_form(score: Floats, variance: Floats, least: Floats | float = _TINY) -> Floats:
    """Score' variance^-1 score over the last axes; NaN where the variance has no inverse.

    Args:
        score: of shape (..., p).
        variance: of shape (..., p, p).
        least: variance of a score below which it is 0 but for rounding.

    >>> quadratic_form(np.array([2.0]), np.array([[4.0]])).item()
    1.0
    """
    size = np.diagonal(variance, axis1=-2, axis2=-1)
    usable = np.asarray((size > least).all(axis=-1))
    regular = np.where(usable[..., None, None], variance, np.eye(score.shape[-1]))
    # Correlations, so that units do not matter.
    root = np.sqrt(np.diagonal(regular, axis1=-2, axis2=-1))
    regular = regular / root[..., :, None] / root[..., None, :]
    usable = usable & (np.linalg.eigvalsh(regular)[..., 0] > _FLAT)
    regular = np.where(usable[..., None, None], regular, np.eye(score.shape[-1]))
    scaled = score / root
    solved = np.linalg.solve(regular, scaled[..., None])[..., 0]
    return np.where(usable, (scaled * solved).sum(axis=-1), np.nan)
