"""Permutation P value of a statistic that compares groups."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.group_counts import Statistic

_TOLERANCE = 1e-9
# Labels held at one time; a chunk of draws must fit into memory whatever the cohorts' size.
_LABELS = 1_000_000


class Permutation(NamedTuple):
    """P value and the number of draws behind it; NaN where the statistic is not estimable."""

    p: float
    draws: int


def permutation_p(
    statistic: Statistic,
    time: Floats,
    code: Ints,
    label: Ints,
    strata: Ints | None = None,
    *,
    draws: int = 9999,
    seed: int = 1,
) -> Permutation:
    """Share of random relabellings, within strata, whose statistic is at least the observed one.

    Rule: (1 + as large) / (1 + draws), so that P is never 0 and the test is exact (Phipson & Smyth
    2010). Differences of rounding count as equal. A relabelling whose statistic is not estimable
    has a score without variance and counts as 0. Subjects are put into one order first: the order
    of rows changes nothing, and one seed gives one P.

    Source: Phipson & Smyth, Stat Appl Genet Mol Biol 2010;9:39.

    Args:
        statistic: gray_statistic, logrank_statistic, or another that takes many labellings.
        time: observed times.
        code: what happened then.
        label: group of each subject, numbered from 0.
        strata: labels move only within these; all are one stratum where there are none.
        draws: random relabellings.
        seed: of the random numbers.
    """
    observed = float(statistic(time, code, label, strata))
    if np.isnan(observed):
        return Permutation(np.nan, 0)
    block = np.zeros(time.size, dtype=np.int64) if strata is None else strata
    # Sorting the labels apart from the subjects leaves nothing of the order of rows.
    label = label[np.lexsort((label, block))]
    order = np.lexsort((code, time, block))
    time, code, block = time[order], code[order], block[order]
    rng = np.random.default_rng(seed)
    limit = observed - _TOLERANCE * max(1.0, observed)
    reached = 0
    chunk = max(1, _LABELS // time.size)
    for start in range(0, draws, chunk):
        shuffled = _shuffle(rng, label, block, min(chunk, draws - start))
        drawn = statistic(time, code, shuffled, None if strata is None else block)
        reached += int((np.nan_to_num(drawn, nan=0.0) >= limit).sum())
    return Permutation((1 + reached) / (1 + draws), draws)


def _shuffle(rng: np.random.Generator, label: Ints, block: Ints, draws: int) -> Ints:
    """Random orders of the labels, each label staying in its stratum."""
    shuffled = np.tile(label, (draws, 1))
    for stratum in np.unique(block):
        here = np.flatnonzero(block == stratum)
        shuffled[:, here] = rng.permuted(shuffled[:, here], axis=1)
    return shuffled
