"""RESULT comparison: tests and hazard ratios of onset, CAR-T over bispecific.

Non-randomised and descriptive. The risk differences of RESULT difference come first; the hazards
of the two classes differ in shape by design, so a hazard ratio is an average over the window.
"""

from __future__ import annotations

import numpy as np

from pipeline.stats.analyses.difference import NON_RANDOMISED, Pair
from pipeline.stats.analyses.onset_cif import ESTIMANDS
from pipeline.stats.analyses.onset_pair import WHY, WINDOW, Onset, add_chi_square, onset_of
from pipeline.stats.analyses.proportionality import add_proportionality
from pipeline.stats.analyses.remarks import counted_below, joined
from pipeline.stats.ard import Ard, Label, Row
from pipeline.stats.chi_square import chi_square
from pipeline.stats.cox import Cox, Status, cox
from pipeline.stats.fine_gray import FineGray, fine_gray
from pipeline.stats.firth_cox import firth_cox
from pipeline.stats.gray import gray_statistic, gray_test
from pipeline.stats.grouped_hazard import grouped_hazard
from pipeline.stats.guards import because
from pipeline.stats.logrank import logrank_statistic, logrank_test
from pipeline.stats.normal import z_of
from pipeline.stats.permutation import Permutation, permutation_p
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED

PARAMETERS = ("TTCRS", "TTCRSD")
NOMINAL = f"{NON_RANDOMISED}; nominal P"
CAUSE_SPECIFIC = f"cause-specific hazard ratio of car_t over bispecific {WINDOW}"
GRAY = f"{NOMINAL}; Gray's test of equal cumulative incidence {WINDOW}, 1 degree of freedom"
LOGRANK = (
    f"{NOMINAL}; a different question: log-rank test of equal cause-specific hazards {WINDOW}, "
    "1 degree of freedom; competing events censor"
)
EFRON = f"{NON_RANDOMISED}; {CAUSE_SPECIFIC}; Cox, Efron ties, Wald limits; competing events censor"
BRESLOW = f"{NON_RANDOMISED}; sensitivity: {CAUSE_SPECIFIC}; Cox, Breslow ties, Wald limits"
GROUPED = (
    f"{NON_RANDOMISED}; sensitivity: {CAUSE_SPECIFIC}; grouped times, complementary log-log, Wald "
    "limits"
)
FINE_GRAY = (
    f"{NON_RANDOMISED}; sensitivity: subdistribution hazard ratio of car_t over bispecific "
    f"{WINDOW}; Fine-Gray, robust limits"
)
FIRTH = (
    f"{NON_RANDOMISED}; exploratory: {CAUSE_SPECIFIC}; one cohort has no event, Cox with Firth's "
    "penalty, Breslow ties, profile limits"
)
TESTS = {"gray": GRAY, "logrank": LOGRANK}
HAZARD_RATIOS = {
    "cox_efron": EFRON,
    "cox_breslow": BRESLOW,
    "grouped_cloglog": GROUPED,
    "fine_gray": FINE_GRAY,
}


Estimated = tuple[float, float, Status]
"""Coefficient, standard error, status."""


def add_onset_comparison(pair: Pair, ard: Ard) -> None:
    """Tests, hazard ratios and the check of proportional hazards, of E1 and E1-death."""
    for paramcd in PARAMETERS:
        estimand, competing = ESTIMANDS[paramcd]
        onset = onset_of(pair, paramcd)
        base = Row(
            "comparison", paramcd, "", "", competing, TREATED, onset.where(onset.group >= 0),
            ESTIMAND=estimand, CLOCK="first_dose", EPISODES="first", DENOM=TREATED,
            events=onset.where(onset.happened), REASON=counted_below(pair.sides, 1),
        )  # fmt: skip
        _add_test(ard, pair.label, base, onset, "gray")
        _add_test(ard, pair.label, base, onset, "logrank")
        fit = _add_hazard_ratios(ard, pair.label, base, onset)
        add_proportionality(ard, pair, base, onset, fit)


def _add_test(ard: Ard, label: Label, base: Row, onset: Onset, level: str) -> None:
    """Chi-square and P of one test."""
    row = base._replace(LEVEL=level, METHOD=f"{TESTS[level]}; {base.METHOD}")
    reason = onset.missing_cohort() or PLAN.guards.no_test(sum(onset.events))
    if reason is None:
        gray = level == "gray"
        test = gray_test(*onset.data) if gray else logrank_test(*onset.data).test
        if not np.isnan(test.value):
            add_chi_square(ard, label, row, test, _permuted(onset, level))
            return
        reason = because(WHY["no_information"])
    add_chi_square(ard, label, row._replace(REASON=reason), chi_square(np.nan, 1))


def _permuted(onset: Onset, level: str) -> Permutation | None:
    """P by permutation where there are too few events to trust the distribution of chi-square."""
    if sum(onset.events) >= PLAN.guards.asymptotic_events:
        return None
    statistic = gray_statistic if level == "gray" else logrank_statistic
    return permutation_p(
        statistic, *onset.data, draws=PLAN.permutation_draws, seed=PLAN.permutation_seed
    )


def _add_hazard_ratios(ard: Ard, label: Label, base: Row, onset: Onset) -> Cox | None:
    """The hazard ratio with its sensitivity rows, or Firth's where a cohort has no event."""
    base = base._replace(STAT="hazard_ratio", UNIT="ratio")
    missing = onset.missing_cohort()
    reason = missing or PLAN.guards.no_ratio(*onset.events)
    fit = None if reason else cox(onset.time, onset.code, onset.x)
    fits = {} if fit is None else _fits(onset, fit)
    for level, method in HAZARD_RATIOS.items():
        row = base._replace(
            LEVEL=level, METHOD=f"{method}; {base.METHOD}", REASON=reason or base.REASON
        )
        if level == "fine_gray":
            row = row._replace(STAT="subdistribution_hazard_ratio")
        ard.add(label, _ratio(row, onset, *fits[level]) if fits else row)
    if missing is None and sum(onset.events) and min(onset.events) == 0:
        _add_firth(ard, label, base, onset)
    return fit


def _fits(onset: Onset, fit: Cox) -> dict[str, Estimated]:
    """Coefficient, standard error and status of each model."""
    data = (onset.time, onset.code, onset.x)
    return {
        "cox_efron": _of_group(fit),
        "cox_breslow": _of_group(cox(*data, ties="breslow")),
        "grouped_cloglog": grouped_hazard(*onset.data),
        "fine_gray": _of_group(fine_gray(*data)),
    }


def _of_group(fit: Cox | FineGray) -> Estimated:
    return float(fit.coef[0]), float(fit.se[0]), fit.status


def _ratio(row: Row, onset: Onset, coef: float, se: float, status: Status) -> Row:
    if status != "converged":
        return row._replace(REASON=because(WHY[status]))
    half = z_of(PLAN.conf) * se
    value, low, high = (float(x) for x in np.exp([coef, coef - half, coef + half]))
    flag = PLAN.guards.hazard_flag(sum(onset.events))
    return row._replace(VALUE=value, LOW=low, HIGH=high, REASON=joined(row.REASON, flag))


def _add_firth(ard: Ard, label: Label, base: Row, onset: Onset) -> None:
    row = base._replace(LEVEL="firth_cox", METHOD=f"{FIRTH}; {base.METHOD}")
    reason = PLAN.guards.no_firth(sum(onset.events))
    if reason is None:
        ratio = firth_cox(*onset.data, PLAN.conf)
        row = row._replace(VALUE=ratio.value, LOW=ratio.low, HIGH=ratio.high)
        flag = PLAN.guards.hazard_flag(sum(onset.events))
        reason = (
            because(WHY["not_converged"]) if np.isnan(ratio.value) else joined(base.REASON, flag)
        )
    ard.add(label, row._replace(REASON=reason))
