"""Odds ratio of two proportions: ordinary, bias-reduced (Firth) and conditional (Fisher)."""

from __future__ import annotations

import math
import warnings
from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats
from pipeline.stats.normal import z_of
from pipeline.stats.step_curve import NE

# Tighter than 1e-6 the step-halving of the solver stops with nothing left to gain.
_PRECISION = 1e-6
_ITERATIONS = 200


class OddsRatio(NamedTuple):
    """Odds of the first over those of the second with limits; NaN where not estimable."""

    value: float
    low: float
    high: float


def odds_ratio(events1: int, n1: int, events2: int, n2: int, conf: float = 0.95) -> OddsRatio:
    """Ordinary odds ratio with the limits of logistic regression (Woolf 1955).

    Rule: not estimable where a group has no events or only events; see firth_odds_ratio.

    >>> [round(x, 4) for x in odds_ratio(36, 53, 32, 75)]
    [2.8456, 1.3628, 5.9418]
    """
    cells = _cells(events1, n1, events2, n2)
    if min(cells) == 0:
        return OddsRatio(NE, NE, NE)
    a, b, c, d = cells
    centre = math.log(a * d / (b * c))
    half = z_of(conf) * math.sqrt(sum(1 / x for x in cells))
    return _exponential(centre, centre - half, centre + half)


def firth_odds_ratio(events1: int, n1: int, events2: int, n2: int, conf: float = 0.95) -> OddsRatio:
    """Odds ratio by logistic regression with Firth's penalty, limits by profile likelihood.

    Rule: exists also where a group has no events or only events; exploratory. Of two groups the
    estimate is that of counts with 0.5 added to each. Not estimable where nobody or everybody had
    the event, or where a fit or a limit does not converge.

    Source: Firth, Biometrika 1993;80:27; Heinze & Schemper, Stat Med 2002;21:2409; firthmodels.
    """
    cells = _cells(events1, n1, events2, n2)
    if events1 + events2 in (0, n1 + n2):
        return OddsRatio(NE, NE, NE)
    # Imports scikit-learn, so only runs that meet an empty cell pay for it.
    from firthmodels import FirthLogisticRegression  # noqa: PLC0415

    event = np.repeat([1, 0, 1, 0], cells)
    first = np.repeat([1.0, 1.0, 0.0, 0.0], cells)[:, None]
    model = FirthLogisticRegression(
        backend="numpy", gtol=_PRECISION, xtol=_PRECISION, max_iter=_ITERATIONS
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            model.fit(first, event)
            limits: Floats = model.conf_int(
                1 - conf, "pl", features=0, max_iter=_ITERATIONS, tol=_PRECISION
            )[0]
        except Warning:
            # A fit that did not converge is none.
            return OddsRatio(NE, NE, NE)
    if not model.converged_ or not np.isfinite(limits).all():
        return OddsRatio(NE, NE, NE)
    return _exponential(float(model.coef_[0]), float(limits[0]), float(limits[1]))


def conditional_odds_ratio(
    events1: int, n1: int, events2: int, n2: int, conf: float = 0.95
) -> OddsRatio:
    """Conditional maximum-likelihood odds ratio with exact limits (Fisher's; R fisher.test).

    Rule: conditional on both margins. With an empty cell it is 0 or infinite and has one limit;
    what is infinite is not estimable.

    >>> [round(x, 4) for x in conditional_odds_ratio(0, 12, 3, 40)]
    [0.0, 0.0, 8.2997]
    """
    a, b, c, d = _cells(events1, n1, events2, n2)
    if min(n1, n2, a + c, b + d) == 0:
        return OddsRatio(NE, NE, NE)
    from scipy.stats.contingency import odds_ratio as conditional  # noqa: PLC0415 - slow import

    fit = conditional(np.array([[a, b], [c, d]]), kind="conditional")
    limits = fit.confidence_interval(conf)
    return OddsRatio(*(_finite(float(x)) for x in (fit.statistic, limits.low, limits.high)))


def _cells(events1: int, n1: int, events2: int, n2: int) -> tuple[int, int, int, int]:
    if not (0 <= events1 <= n1 and 0 <= events2 <= n2):
        raise ValueError(f"{events1} of {n1} and {events2} of {n2} are not two proportions")
    return events1, n1 - events1, events2, n2 - events2


def _exponential(value: float, low: float, high: float) -> OddsRatio:
    return OddsRatio(math.exp(value), math.exp(low), math.exp(high))


def _finite(x: float) -> float:
    return x if math.isfinite(x) else NE
