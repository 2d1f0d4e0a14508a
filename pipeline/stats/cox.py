"""Cox regression: Newton's method on the partial likelihood, with its tests.

lifelines has Efron ties only, stops early by default and gives a number where the likelihood has
no maximum; here such a fit gives none, and says why.
"""

from __future__ import annotations

import warnings
from typing import Literal, NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.chi_square import ChiSquare, chi_square, quadratic_form
from pipeline.stats.counts import EVENT
from pipeline.stats.disagreement import DisagreementError
from pipeline.stats.normal import z_of
from pipeline.stats.partial_likelihood import (
    Derivatives,
    Subjects,
    Ties,
    derivatives,
    score_residuals,
    sort_subjects,
)

AGREEMENT = 1e-5
_STEPS = 50
_HALVINGS = 20
_GAIN = 1e-13
_STRIDE = 5.0
# Least information left, along any direction, of that at 0: below it the likelihood is flat.
_LEAST = 1e-5

Status = Literal["converged", "monotone", "not_converged", "no_information"]


class Cox(NamedTuple):
    """A fit; all numbers but the counts are NaN unless it converged."""

    coef: Floats
    se: Floats
    """Standard errors, robust ones where a cluster was given."""
    covariance: Floats
    loglik: tuple[float, float]
    """Log partial likelihood at 0 and at the maximum."""
    lr: ChiSquare
    score: ChiSquare
    wald: ChiSquare
    n: int
    n_events: int
    status: Status


class Limits(NamedTuple):
    """Hazard ratio with its Wald limits and P."""

    value: float
    low: float
    high: float
    p: float


def cox(
    time: Floats,
    event: Ints,
    x: Floats,
    *,
    ties: Ties = "efron",
    strata: Ints | None = None,
    weight: Floats | None = None,
    cluster: Ints | None = None,
) -> Cox:
    """Log hazard ratios of the columns of x; event is 1, anything else is censored.

    Rule: a likelihood without a maximum (no event in one group, or covariates that separate the
    events) is "monotone" and has no estimate, since any hazard ratio would be that of the last
    step. Robust variance sums score residuals over clusters (Lin & Wei 1989), as R coxph.

    Source: Cox 1972; Efron, JASA 1977;72:557-565; Breslow 1974; R survival, coxph.

    Args:
        time: observed times.
        event: what happened then.
        x: covariates, of shape (n, p).
        ties: method for tied events.
        strata: groups with a baseline hazard of their own.
        weight: positive case weights; they call for the robust variance.
        cluster: subjects whose rows belong together; gives the robust variance.

    Raises:
        DisagreementError: lifelines gives another coefficient (difference > 1e-5), where it has
            the same method (Efron, no weights).
    """
    weights = _checked(time, event, x, weight)
    if not (event == EVENT).any():
        return _none(x, 0, "no_information")
    blocks = np.zeros(time.size, dtype=np.int64) if strata is None else strata
    data = sort_subjects(time, event == EVENT, x.astype(np.float64), blocks, weights, ties=ties)
    start = derivatives(data, np.zeros(x.shape[1]))
    constant = (x == x[0]).all(axis=0).any()
    if constant or np.isnan(quadratic_form(start.score, start.information)):
        return _none(x, data.step_cell.size, "no_information")
    coef, end, status = _newton(data, start)
    if status != "converged":
        return _none(x, data.step_cell.size, status)
    if ties == "efron" and weight is None:
        _check(time, event, x, strata, coef)
    covariance = np.linalg.inv(end.information).astype(np.float64)
    if cluster is not None:
        parts = score_residuals(data, coef) * weights[:, None] @ covariance
        covariance = _between_clusters(parts, cluster)
    return _fit(data, start, end, coef, covariance)


def hazard_ratio(fit: Cox, term: int = 0, conf: float = 0.95) -> Limits:
    """Hazard ratio of one column of x with Wald limits."""
    coef, se = float(fit.coef[term]), float(fit.se[term])
    half = z_of(conf) * se
    low, high = np.exp([coef - half, coef + half])
    p = chi_square((coef / se) ** 2, 1).p
    return Limits(float(np.exp(coef)), float(low), float(high), p)


def _checked(time: Floats, event: Ints, x: Floats, weight: Floats | None) -> Floats:
    """Weights, 1 where none are given, after a look at all that is given."""
    if x.ndim != 2 or not time.size == event.size == x.shape[0]:
        raise ValueError("x must have one row for each time and event")
    if not (np.isfinite(time).all() and np.isfinite(x).all()):
        raise ValueError("times and covariates must be finite")
    weights = np.ones(time.size) if weight is None else weight
    if weights.size != time.size or not (weights > 0).all():
        raise ValueError("there must be one positive weight for each time")
    return weights


def _newton(data: Subjects, start: Derivatives) -> tuple[Floats, Derivatives, Status]:
    """Coefficients at the maximum of the likelihood, or why there is none."""
    coef, at = np.zeros(start.score.size), start
    scale = np.linalg.inv(np.linalg.cholesky(start.information))
    for _ in range(_STEPS):
        step = np.linalg.solve(at.information, at.score).astype(np.float64)
        coef, after = _climb(data, coef, step, at)
        # A share of the information at 0, whatever the units of the covariates.
        if np.linalg.eigvalsh(scale @ after.information @ scale.T)[0] < _LEAST:
            return coef, after, "monotone"
        gain = float(step @ at.score)
        at = after
        if gain <= _GAIN * max(1.0, abs(at.loglik)):
            return coef, at, "converged"
    return coef, at, "not_converged"


def _climb(
    data: Subjects, coef: Floats, step: Floats, at: Derivatives
) -> tuple[Floats, Derivatives]:
    """The step, shortened to what exp can bear and halved until the likelihood does not fall."""
    step = shortened(step, data.x)
    for _ in range(_HALVINGS):
        after = derivatives(data, coef + step)
        if after.loglik >= at.loglik - _GAIN * abs(at.loglik):
            return coef + step, after
        step = step / 2
    return coef, at


def shortened(step: Floats, x: Floats) -> Floats:
    """The step, or as much of it as moves no subject's log hazard by more than _STRIDE."""
    return step / max(1.0, float(np.abs(x @ step).max()) / _STRIDE)


def _fit(
    data: Subjects, start: Derivatives, end: Derivatives, coef: Floats, covariance: Floats
) -> Cox:
    df = coef.size
    return Cox(
        coef,
        np.sqrt(np.diag(covariance)),
        covariance,
        (start.loglik, end.loglik),
        chi_square(2 * (end.loglik - start.loglik), df),
        chi_square(float(quadratic_form(start.score, start.information)), df),
        chi_square(float(quadratic_form(coef, covariance)), df),
        data.time.size,
        data.step_cell.size,
        "converged",
    )


def _none(x: Floats, n_events: int, status: Status) -> Cox:
    n, df = x.shape
    missing, nothing = np.full(df, np.nan), chi_square(np.nan, df)
    return Cox(
        missing, missing, np.full((df, df), np.nan), (np.nan, np.nan), nothing, nothing, nothing,
        n, n_events, status,
    )  # fmt: skip


def _between_clusters(parts: Floats, cluster: Ints) -> Floats:
    where = np.unique(cluster, return_inverse=True)[1]
    sums = np.stack([np.bincount(where, column) for column in parts.T], axis=1)
    sums = sums.astype(np.float64)
    return sums.T @ sums


def _check(time: Floats, event: Ints, x: Floats, strata: Ints | None, coef: Floats) -> None:
    """Raises unless lifelines agrees."""
    # lifelines takes 3 s to import, so only runs that fit a model pay for it.
    import pandas as pd  # noqa: PLC0415
    from lifelines import CoxPHFitter  # noqa: PLC0415
    from lifelines.exceptions import ConvergenceWarning  # noqa: PLC0415

    names = [f"x{i}" for i in range(x.shape[1])]
    frame = pd.DataFrame(dict(zip(names, x.T, strict=True)))
    frame["time"], frame["event"] = time, (event == EVENT).astype(np.int64)
    if strata is not None:
        frame["stratum"] = strata
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # Advice on covariates that nearly separate the events; a bad fit shows in the difference.
        warnings.simplefilter("ignore", ConvergenceWarning)
        # From 0 it overshoots where one group is small; its maximum is the same from anywhere.
        fitter = CoxPHFitter().fit(
            frame, "time", "event", strata=None if strata is None else ["stratum"],
            initial_point=coef * np.std(x, axis=0, ddof=1),
            fit_options={"precision": 1e-12, "r_precision": 1e-15},
        )  # fmt: skip
    gap = np.abs(fitter.params_.loc[names].to_numpy() - coef).max()
    if not gap <= AGREEMENT:
        raise DisagreementError(f"Cox: lifelines differs from our own by {gap:.3g}")
