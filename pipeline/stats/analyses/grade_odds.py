"""RESULT grade_odds: odds of a higher worst grade, CAR-T over bispecific, at each cut and in all.

Non-randomised, descriptive. The odds ratios at each cut stand beside the common one, so that it
is seen where one number does not fit all of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import polars as pl

from pipeline.stats.analyses.difference import NON_RANDOMISED, Pair
from pipeline.stats.analyses.grade_distribution import at_least, missing_grades, worst_grades
from pipeline.stats.ard import NOBODY, Ard, Row
from pipeline.stats.arrays import Ints
from pipeline.stats.exact_test import fisher_exact
from pipeline.stats.guards import because
from pipeline.stats.odds_ratio import (
    OddsRatio,
    conditional_odds_ratio,
    firth_odds_ratio,
    odds_ratio,
)
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, members
from pipeline.stats.proportional_odds import ProportionalOdds, join_top, proportional_odds

NOMINAL = f"{NON_RANDOMISED}; nominal P"
ORDINARY = f"{NON_RANDOMISED}; odds ratio, Woolf limits"
FIRTH = f"{NON_RANDOMISED}; exploratory: odds ratio with Firth's penalty, profile-likelihood limits"
CONDITIONAL = f"{NON_RANDOMISED}; conditional odds ratio, exact limits"
FISHER = f"{NOMINAL}; Fisher's exact test"
COMMON = f"{NON_RANDOMISED}; common odds ratio of proportional odds, Wald limits"
PROPORTIONAL = f"{NOMINAL}; likelihood-ratio test of one odds ratio against one for each cut"
LOWEST_TOP = 2
"""Sparse top grades are joined, but never into grade 1."""

Worst = tuple[pl.DataFrame, pl.DataFrame]


def add_grade_odds(pair: Pair, ard: Ard) -> None:
    """Odds ratios at each cut, Fisher's P of any CRS, the common odds ratio and its check.

    Recorded CRS without a grade counts as grade 1 or more; from all else subjects of unknown
    grade are left out, and REASON says how many.
    """
    worst = worst_grades(pair.car_t), worst_grades(pair.bispecific)
    known = _known(worst[0]), _known(worst[1])
    base = Row(
        "grade_odds", "MAXGRADE", "odds_ratio", "ratio", ORDINARY, TREATED, NOBODY,
        ESTIMAND="E3", CLOCK="first_dose", EPISODES="worst", DENOM=TREATED,
    )  # fmt: skip
    common = replace(base, LEVEL="summary", STAT="common_odds_ratio", METHOD=COMMON)
    none_graded = (why for why, none in map(missing_grades, worst) if none)
    unknown = next(none_graded, None)
    note = _left_out(worst, known)
    for cut in PLAN.grade_cuts:
        row = replace(base, LEVEL=f">={cut}")
        if cut == 1 and pair.label.BASIS == "collected":
            _add_cut(pair, ard, row, worst, cut)
        elif unknown:
            _add_unknown(pair, ard, row, worst, unknown)
        else:
            _add_cut(pair, ard, replace(row, REASON=note), known, cut)
    if unknown:
        _add_unknown(pair, ard, common, worst, unknown)
    else:
        _add_common(pair, ard, replace(common, REASON=note), known)


def _add_unknown(pair: Pair, ard: Ard, row: Row, worst: Worst, reason: str) -> None:
    n = _together(members(w) for w in worst)
    ard.add(pair.label, replace(row, n=n, STATUS="not_available", REASON=reason))


def _add_cut(pair: Pair, ard: Ard, row: Row, worst: Worst, cut: int) -> None:
    """The odds ratios of one cut; Firth's only where the ordinary one does not exist."""
    reached = [at_least(w, cut, pair.label.BASIS) for w in worst]
    (a, b), (n1, n2) = (e.size for e in reached), (w.height for w in worst)
    row = replace(row, n=_together(members(w) for w in worst), events=_together(reached))
    nothing = _no_odds(a + b, n1, n2)
    if nothing:
        ard.add(pair.label, replace(row, REASON=because(nothing)))
        return
    ordinary = odds_ratio(a, n1, b, n2, PLAN.conf)
    _add_ratio(pair, ard, row, ordinary, "in one cohort nobody or everybody reached it")
    if math.isnan(ordinary.value):
        firth = firth_odds_ratio(a, n1, b, n2, PLAN.conf)
        at = replace(row, STAT="firth_odds_ratio", METHOD=FIRTH)
        _add_ratio(pair, ard, at, firth, "the fit did not converge")
    conditional = conditional_odds_ratio(a, n1, b, n2, PLAN.conf)
    at = replace(row, STAT="conditional_odds_ratio", METHOD=CONDITIONAL)
    _add_ratio(pair, ard, at, conditional, "it is infinite")
    if cut == 1:
        # One test only: testing grade by grade would find something by chance.
        p = fisher_exact(a, n1, b, n2)
        at = replace(row, STAT="p_value", UNIT="probability", METHOD=FISHER)
        ard.add(pair.label, replace(at, VALUE=p))


def _add_ratio(pair: Pair, ard: Ard, row: Row, ratio: OddsRatio, absent: str) -> None:
    row = replace(row, VALUE=ratio.value, LOW=ratio.low, HIGH=ratio.high)
    if math.isnan(ratio.value):
        row = replace(row, REASON=because(absent))
    ard.add(pair.label, row)


def _add_common(pair: Pair, ard: Ard, row: Row, known: Worst) -> None:
    grades = [w["WORST"].cast(pl.Int64).to_numpy() for w in known]
    grade = np.concatenate(grades)
    joined = join_top(grade, PLAN.guards.odds_category, LOWEST_TOP)
    sizes = _sizes(grade, joined)
    events = _together(at_least(w, 1, pair.label.BASIS) for w in known)
    row = replace(row, n=_together(members(w) for w in known), events=events)
    row = replace(row, METHOD=f"{COMMON}; categories {', '.join(sizes)}")
    # One threshold less than categories, and the coefficient of the cohort.
    reason = _no_common([g.size for g in grades], sizes) or PLAN.guards.no_common_odds(
        sizes, len(sizes)
    )
    if reason:
        ard.add(pair.label, replace(row, REASON=reason))
        return
    first = np.repeat([1, 0], [g.size for g in grades])
    fit = proportional_odds(joined, first, conf=PLAN.conf)
    if math.isnan(fit.value):
        why = because("the fit did not converge, or the grades of the cohorts do not overlap")
        ard.add(pair.label, replace(row, REASON=why))
        return
    ard.add(pair.label, replace(row, VALUE=fit.value, LOW=fit.low, HIGH=fit.high))
    _add_proportionality(pair, ard, row, fit)


def _add_proportionality(pair: Pair, ard: Ard, row: Row, fit: ProportionalOdds) -> None:
    test = fit.proportionality
    method = f"{PROPORTIONAL}; {test.df} degrees of freedom"
    row = replace(row, LEVEL="proportionality", METHOD=method)
    ard.add(pair.label, replace(row, STAT="chisq", UNIT="chi-square", VALUE=test.value))
    ard.add(pair.label, replace(row, STAT="p_value", UNIT="probability", VALUE=test.p))


def _no_odds(events: int, n1: int, n2: int) -> str | None:
    """Why there is no odds ratio of any kind."""
    if min(n1, n2) == 0:
        return "one cohort has no subject of known grade"
    if events == 0:
        return "nobody reached it"
    return "everybody reached it" if events == n1 + n2 else None


def _no_common(cohorts: list[int], sizes: dict[str, int]) -> str | None:
    if min(cohorts) == 0:
        return because("one cohort has no subject of known grade")
    if len(sizes) < 3:
        return because("fewer than three grades are left, so one cut says all")
    return None


def _sizes(grade: Ints, joined: Ints) -> dict[str, int]:
    """Subjects of each category by its name, joined grades as 3-5."""
    sizes: dict[str, int] = {}
    for category in np.unique(joined).tolist():
        highest = int(grade[joined == category].max())
        name = f"{category}" if highest == category else f"{category}-{highest}"
        sizes[f"grade {name}"] = int((joined == category).sum())
    return sizes


def _known(worst: pl.DataFrame) -> pl.DataFrame:
    return worst.filter(pl.col("WORST") != "NA")


def _left_out(worst: Worst, known: Worst) -> str | None:
    gone = sum(w.height for w in worst) - sum(k.height for k in known)
    return f"{gone} subjects with CRS have no grade and are left out" if gone else None


def _together(sets: Iterable[Ints]) -> Ints:
    return np.sort(np.concatenate(list(sets)))
