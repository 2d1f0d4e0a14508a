"""Rows of the mean days lost to CRS: the area under a curve of cumulative incidence to day 28."""

from __future__ import annotations

import numpy as np

from pipeline.stats.analyses.curves import Curve
from pipeline.stats.analyses.remarks import joined
from pipeline.stats.ard import Ard, Label, Row
from pipeline.stats.cumulative_incidence import CumulativeIncidence
from pipeline.stats.guards import because, limits_because
from pipeline.stats.normal import z_of
from pipeline.stats.plan import PLAN
from pipeline.stats.restricted_time_lost import restricted_time_lost

AREA = (
    "restricted mean time lost: mean days from onset to that day, 0 without CRS, which is the area "
    "under the cumulative incidence; infinitesimal-jackknife SE"
)
RMTL = f"{AREA}; normal limits within 0 and that day"


def add_time_lost(
    ard: Ard, label: Label, base: Row, curve: Curve, incidence: CumulativeIncidence
) -> None:
    """Mean days lost by one population; base gives the columns that its curve has."""
    tau = PLAN.rmtl_tau
    row = base._replace(
        LEVEL="summary", STAT="rmtl", UNIT="days", TIME=float(tau), n=np.sort(curve.who),
        METHOD=f"{RMTL}; {base.METHOD}", events=curve.events_by(tau),
    )  # fmt: skip
    lost = restricted_time_lost(incidence, tau)
    reason = PLAN.guards.no_restricted_limits(curve.counts.n)
    if np.isnan(lost.value):
        why = curve.end or f"nobody was followed to day {tau}"
        ard.add(label, row._replace(REASON=because(why)))
        return
    if reason is None and lost.se == 0:
        reason = limits_because("the days lost do not differ between subjects")
    if reason:
        ard.add(label, row._replace(VALUE=lost.value, REASON=joined(curve.remark, reason)))
        return
    half = z_of(PLAN.conf) * lost.se
    low, high = max(0.0, lost.value - half), min(float(tau), lost.value + half)
    row = row._replace(VALUE=lost.value, LOW=low, HIGH=high, REASON=curve.remark)
    ard.add(label, row)
