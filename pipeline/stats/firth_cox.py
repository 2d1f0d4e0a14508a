"""Cox regression with Firth's penalty: a hazard ratio also where a group has no event."""

from __future__ import annotations

import math
import warnings
from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.counts import EVENT
from pipeline.stats.step_curve import NE

# Tighter than 1e-6 the step-halving of the solver stops with nothing left to gain.
_PRECISION = 1e-6
_ITERATIONS = 200


class HazardRatio(NamedTuple):
    """A hazard ratio with its limits; NaN where not estimable."""

    value: float
    low: float
    high: float


def firth_cox(time: Floats, event: Ints, group: Ints, conf: float = 0.95) -> HazardRatio:
    """Hazard ratio of group 1 over group 0, limits by profile penalised likelihood.

    Rule: the likelihood times the square root of the information always has a maximum, so there
    is an estimate without an event in one group; it is pulled towards 1 and exploratory. Ties as
    Breslow. Not estimable without any event or where a fit or a limit does not converge.

    Source: Heinze & Schemper, Biometrics 2001;57:114-119; firthmodels.
    """
    happened = event == EVENT
    if not happened.any() or np.unique(group).size < 2:
        return HazardRatio(NE, NE, NE)
    # Imports scikit-learn, so only runs that meet an arm without events pay for it.
    from firthmodels import FirthCoxPH  # noqa: PLC0415

    model = FirthCoxPH(backend="numpy", gtol=_PRECISION, xtol=_PRECISION, max_iter=_ITERATIONS)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            model.fit(group[:, None].astype(np.float64), (happened, time))
            limits: Floats = model.conf_int(
                1 - conf, "pl", features=0, max_iter=_ITERATIONS, tol=_PRECISION
            )[0]
        except (Warning, np.linalg.LinAlgError):
            # A fit that did not converge is none, nor is one of events that tell nothing.
            return HazardRatio(NE, NE, NE)
    if not model.converged_ or not np.isfinite(limits).all():
        return HazardRatio(NE, NE, NE)
    low, high = float(limits[0]), float(limits[1])
    return HazardRatio(math.exp(float(model.coef_[0])), math.exp(low), math.exp(high))
