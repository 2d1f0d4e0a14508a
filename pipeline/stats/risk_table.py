"""The table under a curve: at risk at the start of a day, and what happened before it."""

from __future__ import annotations

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.counts import CENSORED, COMPETING, EVENT


def risk_table(time: Floats, code: Ints, ticks: tuple[int, ...]) -> dict[str, Ints]:
    """By tick n_at_risk, n_events, n_competing and n_censored, which add up to n.

    Rule: at risk are those whose observed time is the tick or later, so an event or a censoring
    on the day itself still counts as at risk; the others are counted before the day. Source: R
    survfit; KMunicate (Morris et al., BMJ Open 2019). lifelines' own table shows the number left
    after the day's events.
    """
    before = time[None, :] < np.asarray(ticks, dtype=np.float64)[:, None]
    return {
        "n_at_risk": (~before).sum(axis=1),
        "n_events": (before & (code == EVENT)).sum(axis=1),
        "n_competing": (before & (code >= COMPETING)).sum(axis=1),
        "n_censored": (before & (code == CENSORED)).sum(axis=1),
    }
