"""Rows of RESULT adjusted: the weighted hazard ratio, which comes after the weighted incidences."""

from __future__ import annotations

import numpy as np

from pipeline.stats.analyses.adjustment import COMPARED, Adjustment
from pipeline.stats.analyses.onset_pair import WHY, WINDOW, onset_of
from pipeline.stats.analyses.remarks import counted_below, joined
from pipeline.stats.ard import Ard, Row
from pipeline.stats.arrays import Floats
from pipeline.stats.cox import cox, hazard_ratio
from pipeline.stats.guards import because
from pipeline.stats.plan import PLAN
from pipeline.stats.propensity import WEIGHTINGS

METHOD = (
    f"weighted cause-specific hazard ratio of car_t over bispecific {WINDOW}; Cox, Efron ties, "
    "robust limits that take the weights as known; competing events censor"
)


def add_adjusted_hazards(adj: Adjustment, ard: Ard) -> None:
    """Weighted hazard ratio of first CRS, LEVEL summary, GROUP the weighting."""
    base = Row(
        "adjusted", "TTCRS", "hazard_ratio", "ratio", "none", COMPARED, adj.who, ESTIMAND="E1",
        CLOCK="first_dose", EPISODES="first", GROUPVAR="WEIGHTS", LEVEL="summary", DENOM=COMPARED,
    )  # fmt: skip
    for weighting in WEIGHTINGS:
        row = base._replace(GROUP=weighting)
        refused = adj.refused[weighting]
        if refused is not None or adj.design is None:
            ard.add(adj.label, row._replace(STATUS="not_available", REASON=refused))
        else:
            row = row._replace(METHOD=f"{adj.method(weighting)}; {METHOD}")
            ard.add(adj.label, _weighted(adj, row, adj.weights[weighting]))


def _weighted(adj: Adjustment, row: Row, weight: Floats) -> Row:
    """The row with the ratio among those of the design whose weight is not 0."""
    assert adj.design is not None
    onset = onset_of(adj.pair, "TTCRS")
    order = np.argsort(onset.who)
    rows = order[np.searchsorted(onset.who[order], adj.design.who)][weight > 0]
    who, weight = onset.who[rows], weight[weight > 0]
    event = onset.happened[rows]
    row = row._replace(n=np.sort(who), events=np.sort(who[event]))
    first = int((event & (onset.group[rows] == 1)).sum())
    reason = PLAN.guards.no_ratio(first, int(event.sum()) - first)
    if reason:
        return row._replace(REASON=reason)
    fit = cox(
        onset.time[rows], event.astype(np.int64), onset.x[rows], weight=weight,
        cluster=np.arange(rows.size),
    )  # fmt: skip
    if fit.status != "converged":
        return row._replace(REASON=because(WHY[fit.status]))
    ratio = hazard_ratio(fit, conf=PLAN.conf)
    flag = PLAN.guards.hazard_flag(int(event.sum()))
    remark = joined(counted_below(adj.compared, 1), flag)
    return row._replace(VALUE=ratio.value, LOW=ratio.low, HIGH=ratio.high, REASON=remark)
