"""Logistic regression by Newton's method, for many sets of case weights at once.

A bootstrap refits the same model a thousand times; here its replicates are rows of a matrix of
weights, and all are fitted together. Sums are plain loops (einsum), so that they do not depend on
the number of threads.
"""

from __future__ import annotations

import numpy as np

from pipeline.stats.arrays import Floats, Ints

STEPS = 30
"""A model with a finite maximum needs under ten steps; one that separates never arrives."""
ARRIVED = 1e-7
"""Newton's last step squares the error, so what is left after such a step is rounding."""
SINGULAR = 1e-10


def fit_logistic(
    design: Floats, outcome: Ints, weight: Floats, start: Floats | None = None
) -> Floats:
    """Maximum-likelihood coefficients, one row for each row of weights; NaN where there is none.

    Rule: Newton's method, columns of similar size being taken for granted. A row without a finite
    maximum (a covariate separates the outcomes, or columns depend on each other) has NaN.
    Source: McCullagh & Nelder 1989, section 4.4.

    Args:
        design: subjects by columns, the intercept included.
        outcome: 0 or 1 of each subject.
        weight: replicates by subjects; a subject drawn twice has weight 2.
        start: coefficients to begin with, 0 if not given.
    """
    size = design.shape[1]
    square = (design[:, :, None] * design[:, None, :]).reshape(design.shape[0], size * size)
    first = np.zeros(size) if start is None else start
    coefficient = np.tile(first, (weight.shape[0], 1))
    running = np.arange(weight.shape[0])
    for _ in range(STEPS):
        step, regular = _step(design, square, outcome, weight[running], coefficient[running])
        coefficient[running[~regular]] = np.nan
        running, step = running[regular], step[regular]
        coefficient[running] += step
        running = running[np.abs(step).max(axis=1, initial=0.0) > ARRIVED]
        if not running.size:
            break
    coefficient[running] = np.nan
    return coefficient


def probability(design: Floats, coefficient: Floats) -> Floats:
    """Fitted probability of outcome 1: replicates by subjects.

    >>> probability(np.array([[1.0, 0.0]]), np.array([[0.0, 3.0]])).tolist()
    [[0.5]]
    """
    # tanh never overflows, exp of a far linear predictor does.
    return 0.5 + 0.5 * np.tanh(np.einsum("rk,nk->rn", coefficient, design) / 2)


def _step(
    design: Floats, square: Floats, outcome: Ints, weight: Floats, coefficient: Floats
) -> tuple[Floats, np.ndarray]:
    """Newton step of each replicate, and whether its information can be inverted."""
    p = probability(design, coefficient)
    score = np.einsum("rn,nk->rk", weight * (outcome - p), design)
    size = design.shape[1]
    information = np.einsum("rn,nk->rk", weight * p * (1 - p), square).reshape(-1, size, size)
    root = np.linalg.eigvalsh(information)
    regular = root[:, 0] > SINGULAR * np.maximum(root[:, -1], weight.sum(axis=1))
    safe = np.where(regular[:, None, None], information, np.eye(size))
    return np.linalg.solve(safe, score[:, :, None])[:, :, 0], regular
