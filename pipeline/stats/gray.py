"""Gray's K-sample test of equal cumulative incidence functions."""

from __future__ import annotations

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.chi_square import ChiSquare, chi_square, quadratic_form
from pipeline.stats.group_counts import LEAST, GroupCounts, before, by_stratum, count_groups, divide


def gray_test(time: Floats, code: Ints, group: Ints, strata: Ints | None = None) -> ChiSquare:
    """Test that the cumulative incidence of code 1 is the same in all groups (rho = 0).

    Rule: compares subdistribution hazards, so a subject with a competing event (codes of 2 and
    above) stays in the denominator as long as it could have been observed. Score and variance are
    summed over strata. NaN where the score has no variance.

    Source: Gray, Ann Stat 1988;16:1141-1154.

    >>> time = np.array([1.0, 2, 3, 4, 5, 6, 7, 8])
    >>> code, group = np.array([1, 1, 2, 1, 0, 2, 1, 0]), np.array([0, 0, 0, 1, 1, 0, 1, 1])
    >>> test = gray_test(time, code, group)
    >>> round(test.value, 6), test.df, round(test.p, 6)
    (0.680586, 1, 0.409385)
    """
    value = gray_statistic(time, code, group, strata)
    return chi_square(float(value), int(group.max(initial=0)))


def gray_statistic(time: Floats, code: Ints, label: Ints, strata: Ints | None = None) -> Floats:
    """Gray's chi-square for one labelling (n,) or many (draws, n) of the same subjects."""
    groups = int(label.max(initial=0)) + 1
    if groups < 2:
        return np.full(label.shape[:-1], np.nan)
    score = np.zeros((*label.shape[:-1], groups - 1))
    variance = np.zeros((*score.shape, groups - 1))
    for times, codes, labels in by_stratum(time, code, label, strata):
        z, v = _score(count_groups(times, codes, labels, groups))
        # The scores of all groups add up to 0, so that the last one adds nothing.
        score += z[..., :-1]
        variance += v[..., :-1, :-1]
    return quadratic_form(score, variance, LEAST)


def _score(counts: GroupCounts) -> tuple[Floats, Floats]:
    """Scores of all groups and their covariance in one stratum.

    Score of group k: sum of d_k - R_k d / R over event times, with the risk set
    R_k = Y_k (1 - F_k) / S_k just before the time.
    """
    y, d = counts.at_risk, counts.event
    surv = np.cumprod(1 - divide(d + counts.competing, y), axis=-1).astype(np.float64)
    surv_before = before(surv, 1.0)
    incidence = before(np.cumsum(divide(surv_before * d, y), axis=-1), 0.0)
    # Subjects whom censoring has left, had nobody had an event.
    h = divide(y, surv_before)
    at_risk = h * (1 - incidence)
    events = d.sum(axis=-2, keepdims=True)
    score = (d - at_risk * divide(events, at_risk.sum(axis=-2, keepdims=True))).sum(axis=-1)
    return score, _covariance(counts, h, surv_before, surv)


def _covariance(counts: GroupCounts, h: Floats, surv_before: Floats, surv: Floats) -> Floats:
    """Covariance of the scores under one common incidence F, from their martingales.

    An event of group r moves score k by w_kr + (1 - (1 - F) / S_r) c_kr, a competing event by
    -(1 - F) / S_r c_kr, where w_kr = h_k (1{k = r} - h_r / h) and c_kr = integral of
    w_kr dF / (1 - F) over the time that is left. Variances of tied events are hypergeometric.
    """
    y, d, e = counts
    total = h.sum(axis=-2, keepdims=True)
    common = divide(d.sum(axis=-2, keepdims=True), total)
    free = 1 - np.cumsum(common, axis=-1)
    same = np.eye(h.shape[-2])[:, :, None]
    w = h[..., :, None, :] * (same - divide(h, total)[..., None, :, :])
    steps = w * divide(common, before(free, 1.0))[..., None, :, :]
    left = steps.sum(axis=-1, keepdims=True) - np.cumsum(steps, axis=-1)
    ratio = divide(free, surv)[..., None, :, :]
    of_event, of_competing = w + (1 - ratio) * left, ratio * left
    ties = 1 - divide(d.sum(axis=-2, keepdims=True) - 1, total * surv_before - 1).clip(0)
    event_part = divide(common * ties, h)
    competing_part = divide(surv_before**2 * e * (1 - divide(e - 1, y - 1).clip(0)), y**2)
    return _sandwich(of_event, event_part) + _sandwich(of_competing, competing_part)


def _sandwich(moves: Floats, part: Floats) -> Floats:
    """Sum over groups r and times of moves_kr moves_lr part_r."""
    flat = (*moves.shape[:-2], -1)
    weighted = moves * part[..., None, :, :]
    return weighted.reshape(flat) @ moves.reshape(flat).swapaxes(-1, -2)
