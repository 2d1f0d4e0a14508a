"""Fine-Gray regression of the subdistribution hazard, weighted by the censoring distribution."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.chi_square import quadratic_form
from pipeline.stats.counts import CENSORED, EVENT, count
from pipeline.stats.cox import Status, shortened
from pipeline.stats.kaplan_meier import product_limit

_STEPS = 50
_HALVINGS = 20
_GAIN = 1e-14
_LEAST = 1e-5


class FineGray(NamedTuple):
    """A fit; coefficients, errors and likelihood are NaN unless it converged."""

    coef: Floats
    se: Floats
    loglik: float
    status: Status


class _Risk(NamedTuple):
    """Event days, weights of all subjects on them (subjects by days), and the events."""

    days: Floats
    weight: Floats
    event: Floats


class _State(NamedTuple):
    """The weighted partial likelihood at some coefficients."""

    coef: Floats
    loglik: float
    score: Floats
    information: Floats
    mean: Floats
    hazard: Floats
    """Each subject's share in each day's expected events."""


def fine_gray(time: Floats, code: Ints, x: Floats) -> FineGray:
    """Log subdistribution hazard ratios of the columns of x for code 1; codes from 2 on compete.

    Rule: a subject with a competing event stays at risk with weight G(t-) / G(T-), G being the
    Kaplan-Meier estimate of the censoring time; ties as Breslow. The robust standard error carries
    the estimation of G. Source: Fine & Gray, JASA 1999;94:496-509.

    Args:
        time: observed times.
        code: 0 censored, 1 event, 2 and above competing.
        x: covariates, of shape (n, p).
    """
    if x.ndim != 2 or not time.size == code.size == x.shape[0]:
        raise ValueError("x must have one row for each time and code")
    if not (code == EVENT).any() or (x == x[0]).all(axis=0).any():
        return _none(x, "no_information")
    x = x - x.mean(axis=0)
    risk = _risk(time, code)
    start = _state(risk, x, np.zeros(x.shape[1]))
    if np.isnan(quadratic_form(start.score, start.information)):
        return _none(x, "no_information")
    end, status = _newton(risk, x, start)
    if status != "converged":
        return _none(x, status)
    parts = _influence(time, code, risk, x, end) @ np.linalg.inv(end.information)
    return FineGray(end.coef, np.sqrt((parts**2).sum(axis=0)), end.loglik, "converged")


def _risk(time: Floats, code: Ints) -> _Risk:
    days = np.unique(time[code == EVENT])
    counts = count(time, (code == CENSORED).astype(np.int64))
    free = np.concatenate([[1.0], product_limit(counts)[0]])
    of_day = free[np.searchsorted(counts.time, days)]
    of_subject = free[np.searchsorted(counts.time, time)]
    gone = time[:, None] < days
    # Only a competing event keeps a subject in the risk set after its own time.
    kept = gone & (code > EVENT)[:, None]
    weight = np.where(kept, of_day / of_subject[:, None], (~gone).astype(np.float64))
    event = (time[:, None] == days) & (code == EVENT)[:, None]
    return _Risk(days, weight, event.astype(np.float64))


def _state(risk: _Risk, x: Floats, coef: Floats) -> _State:
    share = risk.weight * np.exp(x @ coef)[:, None]
    s0 = share.sum(axis=0)
    mean = (share.T @ x) / s0[:, None]
    events = risk.event.sum(axis=0)
    who = risk.event.sum(axis=1)
    loglik = float(who @ (x @ coef) - events @ np.log(s0))
    hazard = share * (events / s0)
    squares = np.einsum("id,ij,ik->jk", hazard, x, x)
    information = squares - np.einsum("d,dj,dk->jk", events, mean, mean)
    return _State(coef, loglik, who @ x - events @ mean, information, mean, hazard)


def _newton(risk: _Risk, x: Floats, at: _State) -> tuple[_State, Status]:
    scale = np.linalg.inv(np.linalg.cholesky(at.information))
    for _ in range(_STEPS):
        step = np.linalg.solve(at.information, at.score).astype(np.float64)
        gain = float(step @ at.score)
        at = _climb(risk, x, step, at)
        if np.linalg.eigvalsh(scale @ at.information @ scale.T)[0] < _LEAST:
            return at, "monotone"
        if gain <= _GAIN * max(1.0, abs(at.loglik)):
            return at, "converged"
    return at, "not_converged"


def _climb(risk: _Risk, x: Floats, step: Floats, at: _State) -> _State:
    step = shortened(step, x)
    for _ in range(_HALVINGS):
        after = _state(risk, x, at.coef + step)
        if after.loglik >= at.loglik - _GAIN * abs(at.loglik):
            return after
        step = step / 2
    return at


def _influence(time: Floats, code: Ints, risk: _Risk, x: Floats, at: _State) -> Floats:
    """Each subject's part of the score, with what the estimation of the weights adds.

    A censoring on day u lowers the weights on days t >= u of those whose time was before u.
    """
    residual = risk.event - at.hazard
    score = x * residual.sum(axis=1)[:, None] - residual @ at.mean
    counts = count(time, (code == CENSORED).astype(np.int64))
    later = (risk.days >= counts.time[:, None]).astype(np.float64)
    earlier = (time < counts.time[:, None]).astype(np.float64)
    of_subject = (later @ at.hazard.T) * earlier
    q = of_subject @ x - ((earlier @ at.hazard) * later) @ at.mean
    q = q / counts.at_risk[:, None]
    hazard = counts.event / counts.at_risk
    compensated = np.cumsum(q * hazard[:, None], axis=0)
    where = np.searchsorted(counts.time, time)
    return score + q[where] * (code == CENSORED)[:, None] - compensated[where]


def _none(x: Floats, status: Status) -> FineGray:
    missing = np.full(x.shape[1], np.nan)
    return FineGray(missing, missing, np.nan, status)
