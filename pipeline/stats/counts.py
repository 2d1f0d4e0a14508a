"""From (time, code) of each subject to counts per distinct time: all that the estimators need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.stats.arrays import Floats, Ints

CENSORED, EVENT, COMPETING = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Counts:
    """Subjects at risk at the start of each distinct time, and what happened at that time."""

    time: Floats
    at_risk: Ints
    event: Ints
    competing: Ints
    censored: Ints

    @property
    def n(self) -> int:
        """Subjects in all."""
        return int(self.at_risk[0]) if self.time.size else 0

    @property
    def n_events(self) -> int:
        """Subjects with the event in all."""
        return int(self.event.sum())

    @property
    def last(self) -> float:
        """Largest observed time, 0 where nobody was observed."""
        return float(self.time[-1]) if self.time.size else 0.0

    def known_at(self, time: float) -> bool:
        """Whether the curve exists at a time: somebody was followed so far, or nobody was left."""
        if not self.time.size:
            return False
        emptied = self.censored[-1] == 0
        return bool(emptied or time <= self.last)

    def at_risk_at(self, time: float) -> int:
        """Subjects under observation at the start of a time (observed time >= it)."""
        later = self.time >= time
        return int(self.at_risk[later][0]) if later.any() else 0

    def censored_before(self, time: float) -> int:
        """Subjects censored before a time."""
        return int(self.censored[self.time < time].sum())


def count(time: Floats, code: Ints) -> Counts:
    """Counts per distinct time; code 0 censored, 1 event, 2 and above competing.

    Same-day order is event, then competing event, then censoring: all three count as at risk at
    the start of their day, so ties need no jitter.

    >>> count(np.array([1.0, 1.0, 2.0]), np.array([1, 0, 2])).at_risk.tolist()
    [3, 1]
    """
    if time.size != code.size:
        raise ValueError(f"{time.size} times but {code.size} codes")
    if time.size and (not np.isfinite(time).all() or time.min() < 0):
        raise ValueError("times must be finite and not negative")
    if code.size and code.min() < 0:
        raise ValueError("codes must be 0 (censored), 1 (event) or above (competing)")
    days, where = np.unique(time.astype(np.float64), return_inverse=True)
    event = _tally(where, code == EVENT, days.size)
    competing = _tally(where, code >= COMPETING, days.size)
    censored = _tally(where, code == CENSORED, days.size)
    left = np.cumsum(event + competing + censored)
    at_risk = time.size - np.concatenate([[0], left[:-1]]) if days.size else left
    return Counts(days, at_risk.astype(np.int64), event, competing, censored)


def _tally(where: Ints, chosen: np.ndarray, size: int) -> Ints:
    return np.bincount(where[chosen], minlength=size).astype(np.int64)
