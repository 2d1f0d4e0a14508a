"""RESULT onset_cif: cumulative incidence of first CRS from the first dose."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pipeline.stats.analyses.curves import AALEN_JOHANSEN, Curve, add_curve_rows
from pipeline.stats.analyses.grade_distribution import missing_grades, worst_grades
from pipeline.stats.analyses.time_lost import add_time_lost
from pipeline.stats.ard import NOBODY, Ard, Row
from pipeline.stats.cumulative_incidence import CumulativeIncidence, cumulative_incidence
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, Population, members

BOTH = "death and discontinuation compete"
ESTIMANDS = {
    "TTCRS": ("E1", BOTH),
    "TTCRSD": ("E1-death", "death alone competes, discontinued subjects are followed on"),
    "TTCRSG2": ("E2", f"{BOTH}; CRS of a lower grade does not"),
    "TTCRSG3": ("E2", f"{BOTH}; CRS of a lower grade does not"),
}


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
        if estimand == "E2" and remark:
            method = f"{method}; {remark}"
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


def onset_curve(pop: Population, paramcd: str) -> OnsetCurve:
    """Cumulative incidence of a parameter that starts at the first dose."""
    time, code, who = pop.onset_times(paramcd)
    fit = cumulative_incidence(time, code, PLAN.conf)
    return OnsetCurve(
        fit, fit.counts, time, code, who, "cumulative_incidence", collection_end(pop)
    )  # fmt: skip


def collection_end(pop: Population) -> str | None:
    """Why nothing is estimated past the day on which a study stopped to collect events."""
    if math.isinf(pop.collected_to):
        return None
    return f"adverse events were collected to day {pop.collected_to:g} only (COLLECTION_END)"
