"""Counts per group and distinct time, for one labelling of the subjects or for many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.counts import COMPETING

LEAST = 1e-10
"""Variance of a score of counted subjects below which it is 0 but for rounding."""

Statistic = Callable[[Floats, Ints, Ints, Ints | None], Floats]
"""Times, codes, labels (one or many labellings) and strata in; one number per labelling out."""


class GroupCounts(NamedTuple):
    """Arrays of shape (..., group, time); the leading axes are those of the labels."""

    at_risk: Floats
    event: Floats
    competing: Floats


def count_groups(time: Floats, code: Ints, label: Ints, groups: int) -> GroupCounts:
    """Subjects at risk at the start of each distinct time, and what happened at that time.

    Args:
        time: observed times of n subjects.
        code: 0 censored, 1 event, 2 and above competing.
        label: group of each subject, 0 to groups - 1; of shape (n,), or (draws, n) for many
            labellings of the same subjects.
        groups: number of groups.
    """
    days, day = np.unique(time, return_inverse=True)
    cell = day * 3 + np.minimum(code, COMPETING)
    many = label.reshape(-1, time.size)
    draw = np.arange(many.shape[0])[:, None]
    flat = (draw * groups + many) * (days.size * 3) + cell
    size = many.shape[0] * groups * days.size * 3
    table = np.bincount(flat.ravel(), minlength=size).astype(np.float64)
    table = table.reshape(*label.shape[:-1], groups, days.size, 3)
    at_risk = table.sum(axis=-1)[..., ::-1].cumsum(axis=-1)[..., ::-1]
    return GroupCounts(at_risk, table[..., 1], table[..., 2])


def by_stratum(
    time: Floats, code: Ints, label: Ints, strata: Ints | None
) -> Iterator[tuple[Floats, Ints, Ints]]:
    """Times, codes and labels of each stratum; all at once where there are no strata.

    Raises:
        ValueError: the arrays have different lengths, or a label is negative.
    """
    if not time.size == code.size == label.shape[-1] or (
        strata is not None and strata.size != time.size
    ):
        raise ValueError("times, codes, groups and strata must have one length")
    if label.size and label.min() < 0:
        raise ValueError("groups are numbered from 0")
    if strata is None:
        yield time, code, label
        return
    for stratum in np.unique(strata):
        here = strata == stratum
        yield time[here], code[here], label[..., here]


def divide(numerator: Floats, denominator: Floats) -> Floats:
    """Quotient, and 0 where nobody is at risk."""
    shape = np.broadcast_shapes(numerator.shape, denominator.shape)
    return np.divide(numerator, denominator, out=np.zeros(shape), where=denominator > 0)


def before(values: Floats, start: float) -> Floats:
    """A step function just before each time: the value of the time before, first the start."""
    return np.concatenate([np.full_like(values[..., :1], start), values[..., :-1]], axis=-1)
