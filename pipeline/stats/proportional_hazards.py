"""Test of proportional hazards, and the residuals that show how a log hazard ratio moves.

This is the score test of an added x g(t) term, as R cox.zph since survival 3. lifelines has the
older approximation, which is several units of chi-square off.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints, Mask
from pipeline.stats.chi_square import ChiSquare, chi_square, quadratic_form
from pipeline.stats.counts import EVENT, count
from pipeline.stats.cox import Cox
from pipeline.stats.kaplan_meier import product_limit
from pipeline.stats.partial_likelihood import Subjects, Ties, sort_subjects, steps

# Share of the variance of a score below which what is left of it is rounding.
_FLAT = 1e-10

Transform = Literal["km", "rank", "identity"]


class ProportionalHazards(NamedTuple):
    """Test of each term and of all together; NaN where there is no fit."""

    terms: list[ChiSquare]
    overall: ChiSquare


class Residuals(NamedTuple):
    """Scaled Schoenfeld residuals of the events, by time and then in the order of the input."""

    time: Floats
    value: Floats
    """Shape (events, terms); their mean over the events is the coefficient."""
    row: Ints
    """Row of the input that each event was."""


def proportional_hazards(
    fit: Cox,
    time: Floats,
    event: Ints,
    x: Floats,
    transform: Transform = "km",
    *,
    ties: Ties = "efron",
    strata: Ints | None = None,
) -> ProportionalHazards:
    """Whether the log hazard ratio moves with g(t): 1 - S(t-) (km), rank of the time, or time.

    Source: Grambsch & Therneau, Biometrika 1994;81:515-526; R survival, cox.zph.

    Args:
        fit: the model of the same subjects, unweighted.
        time: observed times.
        event: 1 is the event, anything else is censored.
        x: covariates of the model.
        transform: g(t).
        ties: as in the model.
        strata: as in the model.
    """
    if fit.status != "converged":
        none = chi_square(np.nan, 1)
        return ProportionalHazards([none] * x.shape[1], chi_square(np.nan, x.shape[1]))
    data = _subjects(time, event, x, ties, strata)
    at = steps(data, fit.coef)
    g = _transformed(time, event == EVENT, transform)[data.order][data.first]
    # A shift of g changes nothing but rounding.
    g = g - g[data.step_cell].mean()
    by_step = g[data.step_cell]
    dead = data.event * g[data.cell]
    score = dead @ data.x - by_step @ at.mean
    v11, v12, v22 = (
        np.einsum("s,sjk->jk", by_step**power, at.variance) for power in (0.0, 1.0, 2.0)
    )
    left = v22 - v12 @ np.linalg.solve(v11, v12)
    # Nothing is left where all events have one g, as on a single day.
    least = _FLAT * np.diag(v22)
    each = quadratic_form(score[:, None], np.diag(left)[:, None, None], least[:, None])
    terms = [chi_square(float(value), 1) for value in each]
    overall = float(quadratic_form(score, left, least))
    return ProportionalHazards(terms, chi_square(overall, score.size))


def schoenfeld(
    fit: Cox,
    time: Floats,
    event: Ints,
    x: Floats,
    *,
    ties: Ties = "efron",
    strata: Ints | None = None,
) -> Residuals:
    """Scaled Schoenfeld residuals plus the coefficient: an estimate of the log hazard ratio there.

    Rule: covariate of the subject less the mean of its risk set, times the number of events and
    the covariance of the fit. Source: Grambsch & Therneau 1994.
    """
    data = _subjects(time, event, x, ties, strata)
    at = steps(data, fit.coef)
    cells = data.first.size
    deaths = np.maximum(np.bincount(data.step_cell, minlength=cells), 1)
    mean = np.stack([np.bincount(data.step_cell, m, minlength=cells) for m in at.mean.T], axis=1)
    raw = (data.x - (mean / deaths[:, None])[data.cell])[data.event]
    value = fit.coef + data.step_cell.size * raw @ fit.covariance
    row = data.order[data.event]
    order = np.lexsort((row, data.time[data.event]))
    return Residuals(data.time[data.event][order], value[order], row[order])


def _subjects(time: Floats, event: Ints, x: Floats, ties: Ties, strata: Ints | None) -> Subjects:
    blocks = np.zeros(time.size, dtype=np.int64) if strata is None else strata
    ones = np.ones(time.size)
    return sort_subjects(time, event == EVENT, x.astype(np.float64), blocks, ones, ties=ties)


def _transformed(time: Floats, event: Mask, transform: Transform) -> Floats:
    """G at each subject's time."""
    if transform == "identity":
        return time
    if transform == "rank":
        below = np.searchsorted(np.sort(time), time, side="left")
        upto = np.searchsorted(np.sort(time), time, side="right")
        return (below + upto + 1) / 2
    counts = count(time, event.astype(np.int64))
    surv = np.concatenate([[1.0], product_limit(counts)[0]])
    return 1 - surv[np.searchsorted(counts.time, time)]
