"""Weighted cumulative incidences of two arms, and a bootstrap of everything that leads to them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints, Mask
from pipeline.stats.bootstrap import draw_studies, draw_subjects
from pipeline.stats.doubly_robust import doubly_robust_difference, pseudo_observations
from pipeline.stats.logistic import fit_logistic, probability
from pipeline.stats.propensity import WEIGHTINGS, Propensity, balancing_weights
from pipeline.stats.weighted_incidence import incidence_at

CHUNK = 1_000_000
"""Replicates times subjects that are held in memory at a time."""


class Sample(NamedTuple):
    """Subjects of both arms, in the order of their keys."""

    design: Floats
    arm: Ints
    time: Floats
    code: Ints
    study: Ints

    @property
    def sides(self) -> tuple[Mask, Mask]:
        """Who is in the first and in the second arm."""
        return self.arm == 1, self.arm == 0


class Incidences(NamedTuple):
    """Each is replicates by days; NaN where a replicate has none."""

    first: Floats
    second: Floats
    doubly_robust: Floats
    """First minus second by two models."""


def incidences(
    sample: Sample, drawn: Ints, score: Floats, days: tuple[int, ...]
) -> dict[str, Incidences]:
    """Incidences by weighting.

    Args:
        sample: the subjects.
        drawn: times that each subject is drawn, replicates by subjects.
        score: propensity scores, replicates by subjects.
        days: days to look at.
    """
    outcome = np.zeros((sample.arm.size, len(days)))
    for here in sample.sides:
        outcome[here] = pseudo_observations(sample.time[here], sample.code[here], days)
    times = drawn.astype(np.float64)
    found: dict[str, Incidences] = {}
    for weighting in WEIGHTINGS:
        weight = balancing_weights(weighting, score, sample.arm) * times
        first, second = (
            incidence_at(sample.time[here], sample.code[here], weight[:, here], days)
            for here in sample.sides
        )
        both = doubly_robust_difference(
            outcome, sample.design, sample.arm, score=score, weighting=weighting, drawn=times
        )
        found[weighting] = Incidences(first, second, both)
    return found


def bootstrap_incidences(
    sample: Sample, fit: Propensity, days: tuple[int, ...], drawn: Ints
) -> dict[str, Incidences]:
    """The whole chain in each replicate: propensity, weights, incidences.

    Pseudo-observations are made once, of all subjects, and drawn with them.

    Args:
        sample: the subjects.
        fit: their propensity, from which each replicate's fit starts.
        days: days to look at.
        drawn: times that each subject is drawn, replicates by subjects.
    """
    parts: list[dict[str, Incidences]] = []
    for chunk in np.array_split(drawn, -(-drawn.size // CHUNK)):
        coefficient = fit_logistic(
            sample.design, sample.arm, chunk.astype(np.float64), fit.coefficient
        )
        parts.append(incidences(sample, chunk, probability(sample.design, coefficient), days))
    return {
        w: Incidences(*(np.concatenate(x) for x in zip(*(p[w] for p in parts), strict=True)))
        for w in WEIGHTINGS
    }


def draw(sample: Sample, replicates: int, seed: int, *, studies: bool) -> Ints:
    """Draw subjects within study and arm, or studies and then subjects within them."""
    if studies:
        return draw_studies(sample.study, sample.arm, replicates, seed)
    return draw_subjects(sample.study * 2 + sample.arm, replicates, seed)
