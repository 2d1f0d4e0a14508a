"""Propensity score: the probability of the first arm given the covariates, and its weights.

Rosenbaum & Rubin 1983. The weights say for whom the arms are compared: ATO the subjects who might
have got either (overlap weights; Li, Morgan & Zaslavsky 2018), ATE all subjects, ATT the first arm,
TRIM all whose score lies between 0.1 and 0.9 (Crump et al. 2009).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.disagreement import DisagreementError
from pipeline.stats.logistic import fit_logistic, probability
from pipeline.stats.plan import PLAN

WEIGHTINGS = PLAN.weightings
TRIMMED = PLAN.trimmed
AGREEMENT = 1e-6
ROUNDING = 1e-12


class Propensity(NamedTuple):
    """Score of each subject and the model's coefficients, NaN where there are none, and why."""

    score: Floats
    coefficient: Floats
    problem: str | None


def model_matrix(covariates: Floats) -> Floats:
    """Intercept, and each covariate with mean 0 and standard deviation 1.

    The scores do not depend on it, but the fit does not converge with columns of unlike size.
    """
    centred = covariates - covariates.mean(axis=0)
    spread = centred.std(axis=0)
    scaled = centred / np.where(spread > 0, spread, 1.0)
    return np.column_stack([np.ones(covariates.shape[0]), scaled])


def fit_propensity(design: Floats, arm: Ints) -> Propensity:
    """Scores by logistic regression, cross-checked with statsmodels.

    Args:
        design: as model_matrix makes it.
        arm: 1 for the first arm, 0 for the second.

    Raises:
        DisagreementError: statsmodels has other coefficients (difference > 1e-6).
    """
    none = np.full(arm.size, np.nan), np.full(design.shape[1], np.nan)
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return Propensity(*none, "a covariate follows from the others")
    coefficient = fit_logistic(design, arm, np.ones((1, arm.size)))
    if np.isnan(coefficient).any():
        return Propensity(*none, "a covariate separates the arms, so that there is no propensity")
    _check(design, arm, coefficient[0])
    return Propensity(probability(design, coefficient)[0], coefficient[0], None)


def _check(design: Floats, arm: Ints, coefficient: Floats) -> None:
    # statsmodels takes a second to import, so only runs that adjust pay for it.
    from statsmodels.discrete.discrete_model import Logit  # noqa: PLC0415

    theirs = Logit(arm, design).fit(disp=False, tol=1e-12, maxiter=100).params
    gap = np.abs(theirs - coefficient).max()
    # A missing number of statsmodels is a difference too, so the comparison is this way round.
    if not gap <= AGREEMENT:
        raise DisagreementError(f"propensity: statsmodels differs from our own by {gap:.3g}")


def balancing_weights(weighting: str, score: Floats, arm: Ints) -> Floats:
    """Weights of the subjects; scores may have a leading axis of replicates.

    Rule, with e the score: ATO 1 - e in the first arm and e in the second; ATE 1 / e and
    1 / (1 - e), stabilised by the mean score (Robins, Hernan & Brumback 2000); ATT 1 and
    e / (1 - e); TRIM as ATE, and 0 where e lies outside 0.1 to 0.9.

    >>> balancing_weights("ATT", np.array([0.2, 0.2]), np.array([1, 0])).tolist()
    [1.0, 0.25]
    """
    first = arm == 1
    # A score that is 0 or 1 but for rounding must not divide by 0.
    score = np.clip(score, ROUNDING, 1 - ROUNDING)
    if weighting == "ATO":
        return np.where(first, 1 - score, score)
    if weighting == "ATT":
        return np.where(first, 1.0, score / (1 - score))
    if weighting not in WEIGHTINGS:
        raise ValueError(f"unknown weighting {weighting}; there are {', '.join(WEIGHTINGS)}")
    share = score.mean(axis=-1, keepdims=True)
    stabilised = np.where(first, share / score, (1 - share) / (1 - score))
    if weighting == "ATE":
        return stabilised
    return np.where((score >= TRIMMED) & (score <= 1 - TRIMMED), stabilised, 0.0)
