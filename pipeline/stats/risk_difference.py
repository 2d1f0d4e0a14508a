"""Difference of two probabilities with limits that never leave [-1, 1]."""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

from pipeline.stats.proportions import wilson


class Interval(Protocol):
    """Anything with a value and two limits."""

    @property
    def value(self) -> float: ...  # noqa: D102
    @property
    def low(self) -> float: ...  # noqa: D102
    @property
    def high(self) -> float: ...  # noqa: D102


class Difference(NamedTuple):
    """First minus second, with limits."""

    value: float
    low: float
    high: float


def newcombe(events1: int, n1: int, events2: int, n2: int, conf: float = 0.95) -> Difference:
    """Difference of two independent proportions (Newcombe 1998, method 10: Wilson limits).

    >>> [round(x, 4) for x in newcombe(56, 70, 48, 80)]
    [0.2, 0.0524, 0.3339]
    """
    return square_and_add(wilson(events1, n1, conf), wilson(events2, n2, conf))


def square_and_add(first: Interval, second: Interval) -> Difference:
    """Difference of two independent estimates from their own limits (Zou & Donner 2008, MOVER).

    With Wilson limits this is Newcombe's interval; with log-log limits it carries their
    asymmetry to the difference of two cumulative incidences.
    """
    below = math.hypot(first.value - first.low, second.high - second.value)
    above = math.hypot(first.high - first.value, second.value - second.low)
    value = first.value - second.value
    return Difference(value, value - below, value + above)
