"""RESULT balance: how alike two cohorts are before and after weighting (weighted table 1)."""

from __future__ import annotations

import numpy as np

from pipeline.stats.analyses.adjustment import COMPARED, TARGET, Adjustment
from pipeline.stats.analyses.difference import NON_RANDOMISED
from pipeline.stats.ard import Ard, Row
from pipeline.stats.arrays import Floats
from pipeline.stats.balance import balance, bins_of, effective_size, largest_share
from pipeline.stats.covariate_design import Column
from pipeline.stats.guards import because
from pipeline.stats.plan import PLAN
from pipeline.stats.propensity import WEIGHTINGS

UNWEIGHTED = "unweighted"
SMD = "difference of means over the standard deviation before weighting, pooled over the cohorts"
LARGEST = "largest weight over the sum of the cohort's weights"
ESS = "effective sample size (sum of weights)^2 / sum of squared weights"
SCORE = "subjects by propensity to be in the first cohort"


def add_balance(adj: Adjustment, ard: Ard) -> None:
    """Means and standardised differences by covariate, effective sizes, and the propensities.

    Means stand under their cohort, standardised differences under the difference; GROUP is the
    weighting. Without a comparison one row says why.
    """
    base = Row("balance", "", "", "", "", COMPARED, adj.who, GROUPVAR="WEIGHTS", DENOM=COMPARED)
    design = adj.design
    if design is None or min((design.arm == arm).sum() for arm in (0, 1)) == 0:
        row = base._replace(
            VARIABLE="PROPENSITY", STAT="smd", UNIT="standard deviations", METHOD="none",
            GROUP=UNWEIGHTED, STATUS="not_available", REASON=adj.refused[WEIGHTINGS[0]],
        )  # fmt: skip
        ard.add(adj.label, row)
        return
    base = base._replace(n=design.who)
    for name, weight in ({UNWEIGHTED: np.ones(design.arm.size)} | adj.weights).items():
        row = base._replace(GROUP=name)
        for column in design.columns:
            _add_column(adj, ard, row, column, weight)
        _add_sizes(adj, ard, row, weight)
    if adj.fit is not None:
        _add_histogram(adj, ard, base, adj.fit.score)


def _method(adj: Adjustment, name: str | None, what: str) -> str:
    return f"{what}; {TARGET.get(name or '', UNWEIGHTED)}; {adj.words}"


def _add_column(adj: Adjustment, ard: Ard, base: Row, column: Column, weight: Floats) -> None:
    """A category's level is a proportion; whoever has it is in EVENTS."""
    number = column.level is None
    having = None if number else column.values == 1
    found = balance(column.values, adj.arm, weight)
    base = base._replace(VARIABLE=column.covariate, LEVEL=column.level)
    stat, unit = ("mean", "its unit") if number else ("proportion", "fraction")
    for arm, value in ((1, found.first), (0, found.second)):
        here = adj.arm == arm
        row = base._replace(
            STAT=stat, UNIT=unit, METHOD=_method(adj, base.GROUP, stat), VALUE=value,
            n=base.n[here], events=None if having is None else base.n[here & having],
        )  # fmt: skip
        ard.add(adj.side(arm), row)
    row = base._replace(
        STAT="smd", UNIT="standard deviations", VALUE=found.smd,
        METHOD=f"{NON_RANDOMISED}; {_method(adj, base.GROUP, SMD)}",
        events=None if having is None else base.n[having],
    )  # fmt: skip
    if np.isnan(found.smd):
        row = row._replace(REASON=because("it is constant within both cohorts and differs"))
    ard.add(adj.label, row)


def _add_sizes(adj: Adjustment, ard: Ard, base: Row, weight: Floats) -> None:
    for arm in (1, 0):
        here = adj.arm == arm
        size = effective_size(weight[here])
        stats = (
            ("effective_sample_size", "subjects", size, ESS),
            ("effective_share", "fraction", size / int(here.sum()), f"{ESS}, over n"),
            ("largest_weight", "fraction", largest_share(weight[here]), LARGEST),
        )
        for stat, unit, value, what in stats:
            row = base._replace(
                VARIABLE="WEIGHTS", STAT=stat, UNIT=unit, VALUE=value, n=base.n[here],
                METHOD=_method(adj, base.GROUP, what),
            )  # fmt: skip
            ard.add(adj.side(arm), row)


def _add_histogram(adj: Adjustment, ard: Ard, base: Row, score: Floats) -> None:
    """Subjects in each bin of the propensity, by cohort; LEVEL is the bin."""
    bins = PLAN.propensity_bins
    where = bins_of(score, bins)
    for arm in (1, 0):
        here = adj.arm == arm
        for i in range(bins):
            chosen = base.n[here & (where == i)]
            row = base._replace(
                VARIABLE="PROPENSITY", LEVEL=f"{i / bins:.2f}-{(i + 1) / bins:.2f}",
                STAT="n", UNIT="subjects", METHOD=_method(adj, None, SCORE), GROUP=UNWEIGHTED,
                n=base.n[here], events=chosen, VALUE=float(chosen.size),
            )  # fmt: skip
            ard.add(adj.side(arm), row)
