"""Proportions of several studies pooled by a random-effects logistic model.

Binomial within studies, normal on the logit scale between them (GLMM; Hamza, van Houwelingen &
Stijnen 2008), by maximum likelihood with adaptive Gauss-Hermite quadrature (Pinheiro & Bates 1995),
as R lme4, glmer(nAGQ = 25). Studies with no event or only events need no correction.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.proportions import Proportion
from pipeline.stats.step_curve import NE

NODES = 25


class Pooled(NamedTuple):
    """Proportion in a typical study, variance between studies, and where a new one would lie."""

    proportion: Proportion
    prediction: Proportion
    logit: float
    se: float
    tau2: float


def pool_proportions(events: Ints, n: Ints, conf: float = 0.95) -> Pooled:
    """Random-effects estimate of a proportion over studies.

    Rule: limits of the typical study's logit by its standard error and Student's t with k - 1
    degrees of freedom (k studies); prediction limits by sqrt(tau^2 + se^2) and t with k - 2
    (Higgins, Thompson & Spiegelhalter 2009). All NaN where no study or every study has events
    only, since the logit then has no finite maximum, and with fewer than 3 studies.
    """
    nothing = Proportion(NE, NE, NE)
    if events.size < 3 or events.sum() in (0, n.sum()):
        return Pooled(nothing, nothing, NE, NE, NE)
    from scipy.special import stdtrit  # noqa: PLC0415 - slow import, wanted by few callers

    mean, tau, se = _fit(events.astype(np.float64), n.astype(np.float64))
    k = events.size
    typical = stdtrit(k - 1, (1 + conf) / 2) * se
    new = stdtrit(k - 2, (1 + conf) / 2) * math.hypot(tau, se)
    return Pooled(_around(mean, typical), _around(mean, new), mean, se, tau * tau)


def _around(logit: float, half: float) -> Proportion:
    return Proportion(*(_expit(x) for x in (logit, logit - half, logit + half)))


def _expit(x: float) -> float:
    return 0.5 + 0.5 * math.tanh(x / 2)


def _fit(y: Floats, n: Floats) -> tuple[float, float, float]:
    """Mean logit, standard deviation between studies, and standard error of the mean."""
    from scipy.optimize import minimize  # noqa: PLC0415 - slow import, wanted by few callers

    start = np.array([math.log(y.sum() / (n - y).sum()), 0.5])
    found = minimize(
        _loss, start, (y, n), method="L-BFGS-B", jac=True, bounds=[(None, None), (0.0, None)],
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500},
    )  # fmt: skip
    mean, tau = (float(x) for x in found.x)
    flat = np.array([start[0], 0.0])
    if _loss(flat, y, n)[0] <= found.fun + 1e-12:
        mean, tau = float(flat[0]), 0.0
    return mean, tau, _error(mean, tau, y, n)


def _error(mean: float, tau: float, y: Floats, n: Floats) -> float:
    """Standard error of the mean logit from the observed information.

    Where the studies do not differ at all (tau on its boundary), that of the mean alone.
    """
    step = 1e-5
    columns: list[Floats] = []
    for move in np.eye(2) * step if tau > step else np.array([[step, 0.0]]):
        at = np.array([mean, tau])
        columns.append((_loss(at + move, y, n)[1] - _loss(at - move, y, n)[1]) / (2 * step))
    if len(columns) == 1:
        return float(1 / math.sqrt(columns[0][0]))
    information = np.array(columns)
    return float(math.sqrt(np.linalg.inv((information + information.T) / 2)[0, 0]))


def _loss(at: Floats, y: Floats, n: Floats) -> tuple[float, Floats]:
    """Minus the log-likelihood, binomial coefficients apart, and its gradient.

    Each study's integral is taken around the mode of its random effect u (standard normal).
    """
    mean, tau = float(at[0]), float(at[1])
    mode, width = _mode(mean, tau, y, n)
    node, mass = np.polynomial.hermite_e.hermegauss(NODES)
    u = mode[:, None] + width[:, None] * node
    logit = mean + tau * u
    log_density = y[:, None] * logit - n[:, None] * np.logaddexp(0.0, logit) - u * u / 2
    term = log_density + node * node / 2 + np.log(mass)
    top = term.max(axis=1, keepdims=True)
    share = np.exp(term - top)
    total = share.sum(axis=1)
    value = (top[:, 0] + np.log(width * total / math.sqrt(2 * math.pi))).sum()
    residual = y[:, None] - n[:, None] * (0.5 + 0.5 * np.tanh(logit / 2))
    share = share / total[:, None]
    return -float(value), -np.array([(share * residual).sum(), (share * residual * u).sum()])


def _mode(mean: float, tau: float, y: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Most likely random effect of each study and its standard deviation, by Newton's method."""
    u = np.zeros(y.size)
    for _ in range(100):
        p = 0.5 + 0.5 * np.tanh((mean + tau * u) / 2)
        curvature = tau * tau * n * p * (1 - p) + 1
        step = (tau * (y - n * p) - u) / curvature
        # A step of more than a standard deviation may pass over the mode.
        u = u + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-12:
            break
    p = 0.5 + 0.5 * np.tanh((mean + tau * u) / 2)
    return u, 1 / np.sqrt(tau * tau * n * p * (1 - p) + 1)
