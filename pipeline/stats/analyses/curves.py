"""Rows of a rising curve: the curve, landmarks, median and the table under it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.stats.analyses.counts_and_summaries import add_median
from pipeline.stats.analyses.remarks import joined
from pipeline.stats.ard import Ard, Label, Row
from pipeline.stats.arrays import Floats, Ints, Mask
from pipeline.stats.counts import CENSORED, COMPETING, EVENT, Counts
from pipeline.stats.cumulative_incidence import CumulativeIncidence
from pipeline.stats.guards import because, limits_because
from pipeline.stats.kaplan_meier import KaplanMeier
from pipeline.stats.plan import PLAN
from pipeline.stats.proportions import clopper_pearson
from pipeline.stats.risk_table import risk_table
from pipeline.stats.step_curve import TOLERANCE, Estimate, StepCurve

TIES = "same day: CRS event, then competing event, then censoring"
AALEN_JOHANSEN = (
    f"Aalen-Johansen, exact with ties; infinitesimal-jackknife SE; log-log limits; {TIES}"
)
KAPLAN_MEIER = f"1 - Kaplan-Meier, Greenwood SE, log-log limits; {TIES}"
RISK = "count; at risk at the start of the day, the others before it"
FULLY = "x/n of subjects followed to the day or with an event before it, Clopper-Pearson limits"


@dataclass(frozen=True, eq=False)
class Curve:
    """A rising curve with the subjects it was made from."""

    steps: StepCurve
    counts: Counts
    time: Floats
    code: Ints
    who: Ints
    stat: str
    end: str | None = None
    """Why it ends where it ends, if not because follow-up did."""
    remark: str | None = None
    """What is to be said beside its landmarks."""

    def events_by(self, time: float) -> Ints:
        """Subjects with the event up to and including a time."""
        return self.where((self.code == EVENT) & (self.time <= time))

    def where(self, chosen: Mask) -> Ints:
        """Members chosen by a mask, sorted."""
        return np.sort(self.who[chosen])


def rising(fit: KaplanMeier | CumulativeIncidence) -> StepCurve:
    """A cumulative incidence as it is, a survival curve turned into 1 - S."""
    if isinstance(fit, CumulativeIncidence):
        return fit
    return StepCurve(fit.time, 1 - fit.value, fit.se, 1 - fit.high, 1 - fit.low, 0.0)


def add_curve_rows(
    ard: Ard, label: Label, base: Row, curve: Curve, landmarks: tuple[int, ...]
) -> None:
    """All rows of one curve; base gives the columns that they share."""
    base = base._replace(n=np.sort(curve.who))
    _add_steps(ard, label, base, curve)
    for day in landmarks:
        _add_landmark(ard, label, base, curve, day)
        _add_fully_followed(ard, label, base, curve, day)
    _add_median(ard, label, base, curve)
    _add_risk_table(ard, label, base, curve)


def _add_steps(ard: Ard, label: Label, base: Row, curve: Curve) -> None:
    row = base._replace(LEVEL="curve", STAT=curve.stat)
    reason = PLAN.guards.no_curve(curve.counts.n, curve.counts.n_events)
    if reason:
        ard.add(label, row._replace(REASON=reason, events=curve.events_by(np.inf)))
        return
    days = curve.counts.time[(curve.counts.event > 0) & (curve.counts.time <= PLAN.horizon)]
    # The curve ends where observation ends, also if nothing happened on that day.
    for day in np.union1d(days, [min(curve.counts.last, PLAN.horizon)]):
        at, reason = _limits(curve.steps.at(day), curve.counts.n)
        flag = joined(reason, PLAN.guards.curve_flag(curve.counts.at_risk_at(day)))
        ard.add(label, _valued(row, at, curve.events_by(day), float(day), flag))


def _add_landmark(ard: Ard, label: Label, base: Row, curve: Curve, day: int) -> None:
    row = base._replace(LEVEL="landmark", STAT=curve.stat)
    counts = curve.counts
    events = curve.events_by(day)
    if not counts.known_at(day):
        why = curve.end or f"nobody was followed beyond day {counts.last:g}"
        why = why if counts.n else "there is nobody"
        ard.add(label, row._replace(TIME=float(day), events=events, REASON=because(why)))
        return
    at, reason = _limits(curve.steps.at(day), counts.n)
    flag = PLAN.guards.landmark_flag(counts.n, counts.at_risk_at(day), counts.censored_before(day))
    remark = joined(curve.remark, reason, flag)
    ard.add(label, _valued(row, at, events, float(day), remark))


def _add_fully_followed(ard: Ard, label: Label, base: Row, curve: Curve, day: int) -> None:
    """x/n beside the curve where it must agree, or where the curve has no limits."""
    counts = curve.counts
    value = curve.steps.at(day).value
    undefined = min(value, 1 - value) < TOLERANCE
    if not counts.known_at(day) or not (undefined or counts.censored_before(day) == 0):
        return
    followed = curve.where((curve.time >= day) | (curve.code != CENSORED))
    if not followed.size:
        return
    events = curve.events_by(day)
    p = clopper_pearson(events.size, followed.size, PLAN.conf)
    row = base._replace(LEVEL="landmark_check", STAT="proportion", METHOD=FULLY, n=followed)
    at = Estimate(p.value, 0.0, p.low, p.high)
    ard.add(label, _valued(row, at, events, float(day), curve.remark))


def _add_median(ard: Ard, label: Label, base: Row, curve: Curve) -> None:
    row = base._replace(LEVEL="summary", STAT="median", UNIT="days", events=curve.events_by(np.inf))
    row = row._replace(METHOD=f"day on which the curve reaches 0.5; {base.METHOD}")
    add_median(ard, label, row, curve.steps.quantile(0.5), "the curve does not reach 0.5")


def _add_risk_table(ard: Ard, label: Label, base: Row, curve: Curve) -> None:
    row = base._replace(LEVEL="risk_table", UNIT="subjects", METHOD=RISK)
    code = np.where(curve.code >= COMPETING, COMPETING, curve.code)
    table = risk_table(curve.time, curve.code, PLAN.ticks)
    for i, tick in enumerate(PLAN.ticks):
        before = curve.time < tick
        sets = {
            "n_at_risk": ~before,
            "n_events": before & (code == EVENT),
            "n_competing": before & (code == COMPETING),
            "n_censored": before & (code == CENSORED),
        }
        at = row._replace(TIME=float(tick))
        for stat, numbers in table.items():
            events = curve.where(sets[stat])
            ard.add(label, at._replace(STAT=stat, VALUE=float(numbers[i]), events=events))


def _limits(at: Estimate, n: int) -> tuple[Estimate, str | None]:
    """The estimate with the limits that the guards allow, and why there are none."""
    reason = PLAN.guards.no_landmark_limits(n)
    if reason is None and at.value < TOLERANCE:
        reason = limits_because("there is no event by then")
    if reason is None and at.value > 1 - TOLERANCE:
        reason = limits_because("the curve has reached 1")
    if reason is None:
        return at, None
    return at._replace(low=np.nan, high=np.nan), reason


def _valued(row: Row, at: Estimate, events: Ints, day: float, reason: str | None) -> Row:
    return row._replace(
        VALUE=at.value, LOW=at.low, HIGH=at.high, TIME=day, events=events, REASON=reason
    )
