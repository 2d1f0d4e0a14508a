"""RESULT onset_cif: cumulative incidence of first CRS from the first dose."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from pipeline.stats.analyses.curves import AALEN_JOHANSEN, Curve, add_curve_rows
from pipeline.stats.analyses.grade_distribution import missing_grades, worst_grades
from pipeline.stats.analyses.remarks import counted_below, joined
from pipeline.stats.analyses.time_lost import add_time_lost
from pipeline.stats.ard import NOBODY, Ard, Row
from pipeline.stats.arrays import Ints
from pipeline.stats.cumulative_incidence import CumulativeIncidence, cumulative_incidence
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, Population, members

DISCONTINUED = 3
"""EVCODE of discontinuation."""
BOTH = "death and discontinuation compete"
ESTIMANDS = {
    "TTCRS": ("E1", BOTH),
    "TTCRSD": (
        "E1-death",
        "death alone competes; discontinued subjects are followed on where their follow-up goes "
        "on, else censored",
    ),
    "TTCRSG2": ("E2", f"{BOTH}; CRS of a lower grade does not"),
    "TTCRSG3": ("E2", f"{BOTH}; CRS of a lower grade does not"),
}
REACHING = {"TTCRS": 1, "TTCRSG2": 2, "TTCRSG3": 3}
"""Parameters of E1 and E2 with the grade that they wait for."""


@dataclass(frozen=True, eq=False)
class OnsetCurve(Curve):
    """A curve of cumulative incidence, with the influence that areas under it need."""

    steps: CumulativeIncidence


def add_onset_cif(pop: Population, ard: Ard) -> None:
    """E1, E1 with death alone competing, and E2: curve, landmarks, median, risk table, area."""
    remark, none_graded = missing_grades(worst_grades(pop))
    for paramcd, (estimand, competing) in ESTIMANDS.items():
        if estimand == "E2" and none_graded:
            _add_ungraded(pop, ard, paramcd, remark)
            continue
        method = f"{AALEN_JOHANSEN}; {competing}"
        base = Row(
            "onset_cif", paramcd, "", "fraction", method, TREATED, NOBODY,
            ESTIMAND=estimand, CLOCK="first_dose", EPISODES="first", DENOM=TREATED,
        )  # fmt: skip
        curve = onset_curve(pop, paramcd)
        add_curve_rows(ard, pop.label, base, curve, PLAN.onset_landmarks)
        add_time_lost(ard, pop.label, base, curve, curve.steps)


def _add_ungraded(pop: Population, ard: Ard, paramcd: str, reason: str | None) -> None:
    for day in PLAN.onset_landmarks:
        row = Row(
            "onset_cif", paramcd, "cumulative_incidence", "fraction", "none", TREATED,
            members(pop.treated), ESTIMAND="E2", CLOCK="first_dose", EPISODES="first",
            LEVEL="landmark", TIME=float(day), DENOM=TREATED, STATUS="not_available", REASON=reason,
        )  # fmt: skip
        ard.add(pop.label, row)


def onset_curve(pop: Population, paramcd: str, among: Ints | None = None) -> OnsetCurve:
    """Cumulative incidence of a parameter that starts at the first dose.

    Args:
        pop: the population.
        paramcd: the parameter.
        among: those of its subjects who are looked at, by default all.
    """
    time, code, who = pop.onset_times(paramcd)
    if among is not None:
        kept = np.isin(who, among)
        time, code, who = time[kept], code[kept], who[kept]
    fit = cumulative_incidence(time, code, PLAN.conf)
    remark = joined(counted_below((pop,), REACHING.get(paramcd, 1)), _followed_on(pop, paramcd))
    return OnsetCurve(
        fit, fit.counts, time, code, who, "cumulative_incidence", collection_end(pop), remark
    )  # fmt: skip


def _followed_on(pop: Population, paramcd: str) -> str | None:
    """How many of the discontinued stay under observation where death alone competes."""
    if paramcd != "TTCRSD":
        return None
    time, code, _ = pop.times("TTCRS")
    stopped = code == DISCONTINUED
    if not stopped.any():
        return None
    # Both parameters have each treated subject once, in one order.
    on = int((pop.times(paramcd)[0] > time)[stopped].sum())
    return f"{on} of {int(stopped.sum())} who discontinued without CRS are followed on"


def collection_end(pop: Population) -> str | None:
    """Why nothing is estimated past the day on which a study stopped to collect events."""
    if math.isinf(pop.collected_to):
        return None
    return f"adverse events were collected to day {pop.collected_to:g} only (COLLECTION_END)"
