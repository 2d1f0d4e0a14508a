"""Common odds ratio of ordered grades, and whether one odds ratio fits all cuts."""

from __future__ import annotations

import math
import warnings
from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.chi_square import ChiSquare, chi_square
from pipeline.stats.disagreement import DisagreementError
from pipeline.stats.normal import z_of
from pipeline.stats.step_curve import NE

_SEVERE = 4
# A log odds ratio beyond this is a likelihood without a maximum: the groups do not overlap.
_DIVERGED = 15.0
_CONVERGED = 1e-10
_ITERATIONS = 100
_AGREEMENT = 1e-4


class ProportionalOdds(NamedTuple):
    """Odds of a higher grade in group 1 over those in group 0; NaN where not estimable."""

    value: float
    low: float
    high: float
    coefficient: float
    se: float
    loglik: float
    proportionality: ChiSquare
    """Likelihood-ratio test against an odds ratio of its own at each cut."""


class _Fit(NamedTuple):
    coefficient: float
    se: float
    loglik: float


class _Likelihood(NamedTuple):
    loglik: float
    gradient: Floats
    information: Floats


_NOT_ESTIMABLE = ProportionalOdds(NE, NE, NE, NE, NE, NE, ChiSquare(NE, 0, NE))


def proportional_odds(
    grade: Ints, group: Ints, covariates: Floats | None = None, conf: float = 0.95
) -> ProportionalOdds:
    """Cumulative logit model with one coefficient for the group at all cuts.

    Rule: logit P(grade <= k) = threshold k - coefficient x group - covariates, by maximum
    likelihood; Wald limits by the observed information. Only grades that somebody has are
    categories. Not estimable where fewer than two grades or groups are there, where the groups do
    not overlap, or where the fit does not converge. statsmodels' OrderedModel must agree; it is
    not the source, because its search often ends for want of precision in small samples.

    The test of proportionality is that of R's ordinal::nominal_test: twice the gain in
    log-likelihood of separate cumulative logits on (categories - 2) degrees of freedom. It is not
    made with covariates.

    Source: McCullagh, J R Stat Soc B 1980;42:109; R MASS::polr, ordinal::clm.

    Args:
        grade: grade of each subject.
        group: 1 for the first group, 0 for the second.
        covariates: one column per covariate.
        conf: confidence level.

    Raises:
        DisagreementError: statsmodels converges to another coefficient.
    """
    columns = np.empty((grade.size, 0)) if covariates is None else covariates
    # One order of rows, so that the order given changes no bit of the fit.
    order = np.lexsort((*columns.T, group, grade))
    used, category = np.unique(grade[order], return_inverse=True)
    exog = np.column_stack([group[order], columns[order]]).astype(np.float64)
    if used.size < 2 or np.unique(group).size < 2:
        return _NOT_ESTIMABLE
    fit = _fit(category, exog)
    if fit is None:
        return _NOT_ESTIMABLE
    coefficient, se, loglik = fit
    _check(category, exog, fit)
    half = z_of(conf) * se
    test = ChiSquare(NE, used.size - 2, NE)
    if covariates is None:
        gain = max(0.0, 2 * (_separate(category, group[order]) - loglik))
        test = chi_square(gain, used.size - 2)
    value, low, high = (math.exp(coefficient + x) for x in (0.0, -half, half))
    return ProportionalOdds(value, low, high, coefficient, se, loglik, test)


def join_top(grade: Ints, fewest: int, lowest: int) -> Ints:
    """Grades with the top ones joined where few subjects have them.

    Rule: 5 is joined to 4 where either is used by fewer than `fewest`; then the highest category
    is joined to the one below while it has fewer, but never to one below `lowest`.

    >>> join_top(np.array([0, 1, 2, 3, 3, 4, 5]), 3, 2).tolist()
    [0, 1, 2, 3, 3, 3, 3]
    """
    if not grade.size:
        return grade
    sizes = [int((grade == g).sum()) for g in (_SEVERE, _SEVERE + 1)]
    top = int(grade.max())
    if top > _SEVERE and any(0 < size < fewest for size in sizes):
        top = _SEVERE
    while top > lowest and int((grade >= top).sum()) < fewest:
        top -= 1
    return np.minimum(grade, top)


def _fit(category: Ints, exog: Floats) -> _Fit | None:
    """Maximum of the likelihood by Newton's method, from the thresholds of the pooled shares."""
    shares = np.cumsum(np.bincount(category))[:-1] / category.size
    theta = np.concatenate([np.log(shares / (1 - shares)), np.zeros(exog.shape[1])])
    upper, lower = (_design(category + shift, shares.size, exog) for shift in (0, -1))
    now = _likelihood(theta, category, upper, lower)
    for _ in range(_ITERATIONS):
        try:
            step = np.linalg.solve(now.information, now.gradient)
        except np.linalg.LinAlgError:
            return None
        if not np.isfinite(step).all() or np.abs(theta[shares.size :]).max() > _DIVERGED:
            return None
        if np.abs(step).max() < _CONVERGED:
            variance = np.linalg.inv(now.information)
            at = shares.size
            return _Fit(float(theta[at]), float(np.sqrt(variance[at, at])), now.loglik)
        while not (new := _likelihood(theta + step, category, upper, lower)).loglik > (
            now.loglik - _CONVERGED
        ):
            step = step / 2
        theta, now = theta + step, new
    return None


def _design(category: Ints, thresholds: int, exog: Floats) -> Floats:
    """Derivative of threshold - exog x coefficients by all of these; 0 beyond the end grades."""
    at = (category[:, None] == np.arange(thresholds)).astype(np.float64)
    return np.hstack([at, -exog * at.sum(axis=1, keepdims=True)])


def _likelihood(theta: Floats, category: Ints, upper: Floats, lower: Floats) -> _Likelihood:
    """Log-likelihood, its gradient and the observed information; minus infinity outside."""
    highest = category == category.max()
    high = np.where(highest, np.inf, _times(upper, theta))
    low = np.where(category == 0, -np.inf, _times(lower, theta))
    below, above = _logistic(low), _logistic(high)
    p = above - below
    if p.min() <= 0:
        return _Likelihood(-np.inf, theta, np.empty((0, 0)))
    slope_above, slope_below = above * (1 - above), below * (1 - below)
    own = (slope_above[:, None] * upper - slope_below[:, None] * lower) / p[:, None]
    bend_above = slope_above * (1 - 2 * above) / p
    bend_below = slope_below * (1 - 2 * below) / p
    information = (_products(own, np.ones_like(p)) - _products(upper, bend_above)) + _products(
        lower, bend_below
    )
    return _Likelihood(float(np.log(p).sum()), own.sum(axis=0), information)


def _times(design: Floats, theta: Floats) -> Floats:
    # einsum adds in one order on every machine; BLAS does not.
    return np.einsum("ij,j->i", design, theta)


def _products(design: Floats, weight: Floats) -> Floats:
    return np.einsum("ij,i,ik->jk", design, weight, design)


def _logistic(x: Floats) -> Floats:
    # By tanh, which overflows nowhere.
    return (1 + np.tanh(x / 2)) / 2


def _check(category: Ints, exog: Floats, fit: _Fit) -> None:
    """See that statsmodels finds the same coefficient, where its search comes to an end."""
    # statsmodels takes seconds to import, so only comparisons pay for it.
    from statsmodels.miscmodels.ordinal_model import OrderedModel  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            model = OrderedModel(category, exog, distr="logit")
            other = model.fit(method="bfgs", gtol=1e-8, maxiter=1000, disp=False)
        except (Warning, np.linalg.LinAlgError):
            # Its gradient is by differences, so that it may stop for want of precision.
            return
    gap = abs(float(other.params[0]) - fit.coefficient)
    # Where the likelihood is flat the same gradient leaves more of the coefficient open.
    if other.mle_retvals["converged"] and gap > _AGREEMENT * max(1.0, fit.se**2):
        raise DisagreementError(f"log odds ratio: statsmodels differs from our own by {gap:.3g}")


def _separate(category: Ints, group: Ints) -> float:
    """Log-likelihood of separate cumulative logits: that of each group's own shares."""
    total = 0.0
    for one in (0, 1):
        size = np.bincount(category[group == one])
        size = size[size > 0]
        total += float((size * np.log(size / size.sum())).sum())
    return total
