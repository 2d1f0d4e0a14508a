"""RESULT grade_odds: odds of a higher worst grade, CAR-T over bispecific, at each cut and in all.

Non-randomised, descriptive. The odds ratios at each cut stand beside the common one, so that it
is seen where one number does not fit all of them.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from pipeline.stats.analyses.difference import NON_RANDOMISED, WINDOW, Pair
from pipeline.stats.analyses.grade_distribution import at_least
from pipeline.stats.analyses.remarks import joined
from pipeline.stats.analyses.worst_to_day import Compared, compared, followed_only, worst_to_day
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
from pipeline.stats.population import TREATED
from pipeline.stats.proportional_odds import ProportionalOdds, join_top, proportional_odds
from pipeline.stats.step_curve import NE

NOMINAL = f"{NON_RANDOMISED}; nominal P"
GRADE = f"{NON_RANDOMISED}; worst grade {WINDOW}"
ORDINARY = f"{GRADE}; odds ratio, Woolf limits"
FIRTH = f"{GRADE}; exploratory: odds ratio with Firth's penalty, profile-likelihood limits"
CONDITIONAL = f"{GRADE}; conditional odds ratio, exact limits"
FISHER = f"{NOMINAL}; worst grade {WINDOW}; Fisher's exact test"
COMMON = f"{GRADE}; common odds ratio of proportional odds, Wald limits"
UNSETTLED = "the fit did not converge"
NONE = OddsRatio(NE, NE, NE)
PROPORTIONAL = f"{NOMINAL}; likelihood-ratio test of one odds ratio against one for each cut"


def add_grade_odds(pair: Pair, ard: Ard) -> None:
    """Odds ratios at each cut, Fisher's P of any CRS, the common odds ratio and its check.

    All are of the worst grade to day 28. Recorded CRS without a grade counts as grade 1 or more;
    from all else subjects of unknown grade are left out. Where somebody was lost before day 28
    without having reached a cut, only those followed to it (or to death or discontinuation) are
    counted, whether or not they had CRS; REASON says how many are left out.
    """
    worst = [worst_to_day(p, PLAN.horizon) for p in pair.sides]
    base = Row(
        "grade_odds", "MAXGRADE", "odds_ratio", "ratio", ORDINARY, TREATED, NOBODY,
        ESTIMAND="E3", CLOCK="first_dose", EPISODES="worst", DENOM=TREATED,
    )  # fmt: skip
    for cut in PLAN.grade_cuts:
        at = compared(worst, cut, pair.label.BASIS, PLAN.horizon)
        at = followed_only(at, PLAN.horizon) if at.lost else at
        _add_cut(pair, ard, base._replace(LEVEL=f">={cut}"), at, cut)
    # Of the common odds ratio every grade matters, also of those who have reached some.
    at = compared(worst, 2, pair.label.BASIS, PLAN.horizon)
    everybody = all(k["FOLLOWED"].all() for k in at.known)
    at = at if everybody else followed_only(at, PLAN.horizon)
    common = base._replace(LEVEL="summary", STAT="common_odds_ratio", METHOD=COMMON)
    _add_common(pair, ard, common, at)


def _add_cut(pair: Pair, ard: Ard, row: Row, at: Compared, cut: int) -> None:
    """The odds ratios of one cut; Firth's only where the ordinary one does not exist."""
    row = row._replace(n=at.who, events=at.events, REASON=joined(at.ungraded, at.short))
    if at.unknown:
        ard.add(pair.label, row._replace(STATUS="not_available", REASON=at.unknown))
        return
    (a, b), (n1, n2) = (e.size for e in at.reached), (k.height for k in at.known)
    nothing = _no_odds(a + b, n1, n2)
    if nothing:
        ard.add(pair.label, row._replace(REASON=because(nothing)))
        return
    _add_ratios(pair, ard, row, (a, n1, b, n2))
    if cut == 1:
        # One test only: testing grade by grade would find something by chance.
        p = fisher_exact(a, n1, b, n2)
        at_p = row._replace(STAT="p_value", UNIT="probability", METHOD=FISHER)
        ard.add(pair.label, at_p._replace(VALUE=p))


def _add_ratios(pair: Pair, ard: Ard, row: Row, cells: tuple[int, int, int, int]) -> None:
    """Ordinary, Firth's and conditional; with few events the difference of risk and Fisher's P."""
    a, _, b, _ = cells
    few = PLAN.guards.no_ratio(a, b, "an odds ratio")
    exploratory = row._replace(STAT="firth_odds_ratio", METHOD=FIRTH)
    if few:
        ard.add(pair.label, row._replace(REASON=few))
        exact = row._replace(STAT="conditional_odds_ratio", METHOD=CONDITIONAL, REASON=few)
        ard.add(pair.label, exact)
        if min(a, b) == 0:
            too_few = PLAN.guards.no_firth(a + b)
            firth = NONE if too_few else firth_odds_ratio(*cells, PLAN.conf)
            _add_ratio(pair, ard, exploratory, firth, too_few or because(UNSETTLED))
        return
    ordinary = odds_ratio(*cells, PLAN.conf)
    _add_ratio(pair, ard, row, ordinary, because("in one cohort everybody reached it"))
    if math.isnan(ordinary.value):
        firth = firth_odds_ratio(*cells, PLAN.conf)
        _add_ratio(pair, ard, exploratory, firth, because(UNSETTLED))
    exact = row._replace(STAT="conditional_odds_ratio", METHOD=CONDITIONAL)
    conditional = conditional_odds_ratio(*cells, PLAN.conf)
    _add_ratio(pair, ard, exact, conditional, because("it is infinite"))


def _add_ratio(pair: Pair, ard: Ard, row: Row, ratio: OddsRatio, absent: str) -> None:
    row = row._replace(VALUE=ratio.value, LOW=ratio.low, HIGH=ratio.high)
    if math.isnan(ratio.value):
        row = row._replace(REASON=absent)
    ard.add(pair.label, row)


def _add_common(pair: Pair, ard: Ard, row: Row, at: Compared) -> None:
    grades = [k["WORST"].cast(pl.Int64).to_numpy() for k in at.known]
    events = [at_least(k, 1, pair.label.BASIS) for k in at.known]
    row = row._replace(
        n=at.who, events=np.sort(np.concatenate(events)), REASON=joined(at.ungraded, at.short)
    )
    if at.unknown:
        ard.add(pair.label, row._replace(STATUS="not_available", REASON=at.unknown))
        return
    grade = np.concatenate(grades)
    joined_grades = join_top(grade, PLAN.guards.odds_category, PLAN.lowest_top)
    sizes = _sizes(grade, joined_grades)
    row = row._replace(METHOD=f"{COMMON}; categories {', '.join(sizes)}")
    # One threshold less than categories, and the coefficient of the cohort.
    reason = (
        _no_common([g.size for g in grades], sizes)
        or PLAN.guards.no_common_odds(sizes, len(sizes))
        or PLAN.guards.no_ratio(events[0].size, events[1].size, "an odds ratio")
    )
    if reason:
        ard.add(pair.label, row._replace(REASON=reason))
        return
    first = np.repeat([1, 0], [g.size for g in grades])
    fit = proportional_odds(joined_grades, first, conf=PLAN.conf)
    if math.isnan(fit.value):
        why = because("the fit did not converge, or the grades of the cohorts do not overlap")
        ard.add(pair.label, row._replace(REASON=why))
        return
    ard.add(pair.label, row._replace(VALUE=fit.value, LOW=fit.low, HIGH=fit.high))
    _add_proportionality(pair, ard, row, fit)


def _add_proportionality(pair: Pair, ard: Ard, row: Row, fit: ProportionalOdds) -> None:
    test = fit.proportionality
    method = f"{PROPORTIONAL}; {test.df} degrees of freedom"
    row = row._replace(LEVEL="proportionality", METHOD=method)
    ard.add(pair.label, row._replace(STAT="chisq", UNIT="chi-square", VALUE=test.value))
    ard.add(pair.label, row._replace(STAT="p_value", UNIT="probability", VALUE=test.p))


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
