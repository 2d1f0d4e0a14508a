"""Confidence limits of a proportion."""

from __future__ import annotations

import math
from typing import NamedTuple

from pipeline.stats.normal import z_of


class Proportion(NamedTuple):
    """A proportion with its limits."""

    value: float
    low: float
    high: float


def clopper_pearson(events: int, n: int, conf: float = 0.95) -> Proportion:
    """Exact limits by inverting two binomial tests (Clopper & Pearson 1934).

    >>> [round(x, 4) for x in clopper_pearson(0, 10)]
    [0.0, 0.0, 0.3085]
    """
    from scipy.special import betaincinv  # noqa: PLC0415 - slow import, wanted by few callers

    _check(events, n)
    alpha = 1 - conf
    low = 0.0 if events == 0 else float(betaincinv(events, n - events + 1, alpha / 2))
    high = 1.0 if events == n else float(betaincinv(events + 1, n - events, 1 - alpha / 2))
    return Proportion(events / n, low, high)


def wilson(events: int, n: int, conf: float = 0.95) -> Proportion:
    """Score limits without continuity correction (Wilson 1927).

    >>> [round(x, 4) for x in wilson(5, 10)]
    [0.5, 0.2366, 0.7634]
    """
    _check(events, n)
    z = z_of(conf)
    p = events / n
    centre = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    # The formula gives 0 and 1 exactly at the ends but for rounding.
    low = 0.0 if events == 0 else (centre - half) / scale
    high = 1.0 if events == n else (centre + half) / scale
    return Proportion(p, low, high)


def _check(events: int, n: int) -> None:
    if n < 1 or not 0 <= events <= n:
        raise ValueError(f"{events} of {n} is not a proportion")
