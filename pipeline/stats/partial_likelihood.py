"""Cox partial likelihood with its derivatives: Efron or Breslow ties, strata, weights.

Each tied death is one step: under Efron the k-th of d deaths of a day leaves k/d of the day's
deaths out of the risk set (Efron 1977), under Breslow none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints, Mask

Ties = Literal["efron", "breslow"]


@dataclass(frozen=True, eq=False)
class Subjects:
    """Subjects sorted by stratum and falling time, with the cells of equal stratum and time."""

    time: Floats
    event: Mask
    x: Floats
    weight: Floats
    order: Ints
    """Row of the input that each sorted subject was."""
    cell: Ints
    first: Ints
    """First subject of each cell."""
    opens: Ints
    """Cells that begin a stratum."""
    step_cell: Ints
    step_part: Floats
    """Part of the cell's deaths that a step leaves out of the risk set."""

    @property
    def cell_time(self) -> Floats:
        """Time of each cell."""
        return self.time[self.first]


class Steps(NamedTuple):
    """What the likelihood needs of each step: size of the risk set, covariate mean and variance."""

    s0: Floats
    mean: Floats
    variance: Floats
    weight: Floats


class Derivatives(NamedTuple):
    """Log partial likelihood with score and information."""

    loglik: float
    score: Floats
    information: Floats


def sort_subjects(
    time: Floats, event: Mask, x: Floats, strata: Ints, weight: Floats, *, ties: Ties
) -> Subjects:
    """Subjects in the order that the sums over risk sets need; x is centred."""
    order = np.lexsort((-time, strata))
    time, event, strata, weight = time[order], event[order], strata[order], weight[order]
    x = x[order] - np.average(x[order], axis=0, weights=weight)
    new_stratum = np.concatenate([[True], np.diff(strata) != 0])
    starts = new_stratum | np.concatenate([[True], np.diff(time) != 0])
    first = np.flatnonzero(starts)
    cell = np.cumsum(starts) - 1
    deaths = np.bincount(cell[event], minlength=first.size)
    step_cell = np.repeat(np.arange(first.size), deaths)
    nth = np.arange(step_cell.size) - np.repeat(np.cumsum(deaths) - deaths, deaths)
    part = nth / deaths[step_cell] if ties == "efron" else np.zeros(step_cell.size)
    opens = np.flatnonzero(new_stratum[first])
    return Subjects(time, event, x, weight, order, cell, first, opens, step_cell, part)


def steps(data: Subjects, coef: Floats) -> Steps:
    """Risk sets at these coefficients."""
    risk = data.weight * np.exp(data.x @ coef)
    dead = risk * data.event
    moments = [np.ones_like(data.x[:, :1]), data.x, _squares(data.x)]
    sums: list[Floats] = []
    for moment in moments:
        shape = (-1, *([1] * (moment.ndim - 1)))
        everyone = _from(data, np.add.reduceat(risk.reshape(shape) * moment, data.first, axis=0))
        tied = np.add.reduceat(dead.reshape(shape) * moment, data.first, axis=0)
        part = data.step_part.reshape(shape)
        sums.append(everyone[data.step_cell] - part * tied[data.step_cell])
    s0 = sums[0][:, 0]
    mean = sums[1] / s0[:, None]
    variance = sums[2] / s0[:, None, None] - _squares(mean)
    deaths = np.bincount(data.step_cell, minlength=data.first.size)
    of_dead = np.add.reduceat(data.weight * data.event, data.first)
    return Steps(s0, mean, variance, (of_dead / np.maximum(deaths, 1))[data.step_cell])


def derivatives(data: Subjects, coef: Floats) -> Derivatives:
    """Log partial likelihood, score and information at these coefficients."""
    at = steps(data, coef)
    dead = data.weight * data.event
    loglik = float(dead @ (data.x @ coef) - at.weight @ np.log(at.s0))
    score = dead @ data.x - at.weight @ at.mean
    return Derivatives(loglik, score, np.einsum("s,sjk->jk", at.weight, at.variance))


def score_residuals(data: Subjects, coef: Floats) -> Floats:
    """Each subject's part of the score, in the order of the input and without its weight.

    Source: Therneau & Grambsch, Modeling Survival Data, 2000, section 7.2; Lin & Wei 1989.
    """
    at = steps(data, coef)
    hazard = at.weight / at.s0
    cells = data.first.size
    ones = np.ones((hazard.size, 1))
    terms = hazard[:, None] * np.concatenate([ones, at.mean], axis=1)
    full = _by_cell(data.step_cell, terms, cells)
    # A death's own tied steps count it only in part.
    own = _by_cell(data.step_cell, terms * data.step_part[:, None], cells)
    passed = _until(data, full)[data.cell] - own[data.cell] * data.event[:, None]
    deaths = np.maximum(np.bincount(data.step_cell, minlength=cells), 1)
    mean = _by_cell(data.step_cell, at.mean, cells) / deaths[:, None]
    seen = (data.x - mean[data.cell]) * data.event[:, None]
    expected = np.exp(data.x @ coef)[:, None] * (data.x * passed[:, :1] - passed[:, 1:])
    residuals = np.empty_like(data.x)
    residuals[data.order] = seen - expected
    return residuals


def _from(data: Subjects, values: Floats) -> Floats:
    """Sum over the cells of the stratum from each time on."""
    blocks = np.split(values, data.opens[1:])
    return np.concatenate([np.cumsum(block, axis=0) for block in blocks])


def _until(data: Subjects, values: Floats) -> Floats:
    """Sum over the cells of the stratum up to and including each time."""
    blocks = np.split(values, data.opens[1:])
    return np.concatenate([np.cumsum(block[::-1], axis=0)[::-1] for block in blocks])


def _by_cell(cell: Ints, values: Floats, cells: int) -> Floats:
    columns = [np.bincount(cell, column, minlength=cells) for column in values.T]
    return np.stack(columns, axis=1).astype(np.float64)


def _squares(x: Floats) -> Floats:
    return x[:, :, None] * x[:, None, :]
