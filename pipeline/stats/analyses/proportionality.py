"""RESULT comparison, LEVEL ph_* and residuals: do the hazards of the cohorts stay proportional?"""

from __future__ import annotations

import numpy as np

from pipeline.stats.analyses.difference import NON_RANDOMISED, Pair
from pipeline.stats.analyses.onset_pair import WINDOW, Onset, add_chi_square
from pipeline.stats.ard import Ard, Row
from pipeline.stats.chi_square import chi_square
from pipeline.stats.cox import Cox
from pipeline.stats.guards import because
from pipeline.stats.plan import PLAN
from pipeline.stats.proportional_hazards import Transform, proportional_hazards, schoenfeld

NOMINAL = f"{NON_RANDOMISED}; nominal P"
CHECK = (
    f"{NOMINAL}; score test of proportional hazards {WINDOW} against {{}}, 1 degree of freedom; "
    "not a condition for showing the hazard ratio"
)
RESIDUALS = (
    f"{NON_RANDOMISED}; scaled Schoenfeld residual of the day's events of the cohort, an estimate "
    "of the log hazard ratio on that day"
)
AGAINST: dict[Transform, str] = {"km": "1 - Kaplan-Meier", "identity": "time"}


def add_proportionality(ard: Ard, pair: Pair, base: Row, onset: Onset, fit: Cox | None) -> None:
    """Test of proportional hazards under two transforms, and the residuals of a figure."""
    reason = PLAN.guards.no_hazards_check(sum(onset.events))
    if reason is None and (fit is None or fit.status != "converged"):
        reason = because("there is no hazard ratio")
    base = base._replace(REASON=reason or base.REASON)
    for transform, against in AGAINST.items():
        method = f"{CHECK.format(against)}; {base.METHOD}"
        row = base._replace(LEVEL=f"ph_{transform}", METHOD=method)
        test = chi_square(np.nan, 1)
        if reason is None and fit is not None:
            data = (onset.time, onset.code, onset.x)
            test = proportional_hazards(fit, *data, transform).overall
            if np.isnan(test.value):
                row = row._replace(REASON=because("the events with any information share one time"))
        add_chi_square(ard, pair.label, row, test)
    _add_residuals(ard, pair, base, onset, None if reason else fit)


def _add_residuals(ard: Ard, pair: Pair, base: Row, onset: Onset, fit: Cox | None) -> None:
    """One row for each day and cohort with an event, so never more than two for each day."""
    row = base._replace(
        LEVEL="residuals", STAT="scaled_schoenfeld_residual", UNIT="log hazard ratio",
        METHOD=f"{RESIDUALS}; {base.METHOD}",
    )  # fmt: skip
    if fit is None:
        ard.add(pair.label, row)
        return
    residuals = schoenfeld(fit, onset.time, onset.code, onset.x)
    arm = onset.group[residuals.row]
    for day, group in np.unique(np.stack([residuals.time, arm]), axis=1).T:
        # Events of one cohort and day have one residual.
        here = (residuals.time == day) & (arm == group)
        side = pair.sides[0 if group else 1]
        at = row._replace(
            GROUPVAR="COHORT", GROUP=side.label.COHORT, TIME=float(day),
            VALUE=float(residuals.value[here, 0][0]), n=onset.where(onset.time >= day),
            events=np.sort(onset.who[residuals.row[here]]), DENOM="treated subjects at risk",
        )  # fmt: skip
        ard.add(pair.label, at)
