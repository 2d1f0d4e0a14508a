"""Difference of cumulative incidences that is right if either of two models is right.

The propensity model says who got which arm, an outcome model who gets the event; the estimate
joins both (Robins, Rotnitzky & Zhao 1994; for overlap weights Mao, Li & Greene 2019). Outcomes with
censoring are replaced by pseudo-observations (Andersen, Klein & Rosthoj 2003).
"""

from __future__ import annotations

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.propensity import TRIMMED, balancing_weights
from pipeline.stats.weighted_incidence import incidence_at

SINGULAR = 1e-10


def pseudo_observations(time: Floats, code: Ints, days: tuple[int, ...]) -> Floats:
    """What each subject of one arm adds to its cumulative incidence: subjects by days.

    Rule: n F(t) - (n - 1) F(t) without the subject. Without censoring before t it is 1 with the
    event by t and 0 without. NaN where the curve has ended, with or without the subject.
    """
    n = time.size
    key = np.column_stack([time, code])
    # Subjects with the same time and code leave the same curve behind.
    _, one, group = np.unique(key, axis=0, return_index=True, return_inverse=True)
    without = np.ones((one.size, n))
    without[np.arange(one.size), one] = 0.0
    whole = incidence_at(time, code, np.ones((1, n)), days)
    return (n * whole - (n - 1) * incidence_at(time, code, without, days))[group.ravel()]


def doubly_robust_difference(
    outcome: Floats, design: Floats, arm: Ints, *, score: Floats, weighting: str, drawn: Floats
) -> Floats:
    """First arm minus second: replicates by days.

    Rule: the difference of the outcome models (linear, one per arm) averaged over the target
    population, plus the weighted mean residual of each arm. NaN where a model has no unique fit.

    Args:
        outcome: pseudo-observations, subjects by days.
        design: as propensity.model_matrix makes it.
        arm: 1 for the first arm, 0 for the second.
        score: propensity scores, replicates by subjects.
        weighting: ATO, ATE, ATT or TRIM.
        drawn: times that each subject is drawn, replicates by subjects; 1 for the estimate.
    """
    weight = balancing_weights(weighting, score, arm) * drawn
    target = _target(weighting, score) * drawn
    share = target / target.sum(axis=1, keepdims=True)
    found = np.zeros((drawn.shape[0], outcome.shape[1]))
    for side, sign in ((1, 1.0), (0, -1.0)):
        here = arm == side
        beta = _least_squares(design[here], outcome[here], drawn[:, here])
        own = weight[:, here] / weight[:, here].sum(axis=1, keepdims=True)
        # Fitted values are linear, so their mean is that of the mean covariates.
        apart = np.einsum("rn,nk->rk", share, design) - np.einsum("rn,nk->rk", own, design[here])
        mean = np.einsum("rn,nd->rd", own, outcome[here])
        found += sign * (mean + np.einsum("rk,rkd->rd", apart, beta))
    return found


def _target(weighting: str, score: Floats) -> Floats:
    """How much each subject counts in the population that a weighting speaks of."""
    if weighting == "ATO":
        return score * (1 - score)
    if weighting == "ATT":
        return score
    if weighting == "ATE":
        return np.ones_like(score)
    return ((score >= TRIMMED) & (score <= 1 - TRIMMED)).astype(np.float64)


def _least_squares(design: Floats, outcome: Floats, weight: Floats) -> Floats:
    """Coefficients, replicates by columns by days; NaN where columns depend on each other."""
    size, days = design.shape[1], outcome.shape[1]
    squares = (design[:, :, None] * design[:, None, :]).reshape(-1, size * size)
    moments = (design[:, :, None] * outcome[:, None, :]).reshape(-1, size * days)
    square = np.einsum("rn,nk->rk", weight, squares).reshape(-1, size, size)
    moment = np.einsum("rn,nk->rk", weight, moments).reshape(-1, size, days)
    root = np.linalg.eigvalsh(square)
    regular = root[:, 0] > SINGULAR * np.maximum(root[:, -1], 1.0)
    safe = np.where(regular[:, None, None], square, np.eye(design.shape[1]))
    return np.where(regular[:, None, None], np.linalg.solve(safe, moment), np.nan)
