"""RESULT difference: CAR-T minus bispecific. Non-randomised, descriptive, without a P value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.stats.analyses.onset_cif import BOTH, REACHING, OnsetCurve, onset_curve
from pipeline.stats.analyses.recovery import recovery_km
from pipeline.stats.analyses.remarks import counted_below, few_in_a_cohort, joined
from pipeline.stats.analyses.time_lost import AREA
from pipeline.stats.analyses.worst_to_day import Compared, compared, worst_to_day
from pipeline.stats.ard import Ard, Label, Row
from pipeline.stats.cumulative_incidence import CumulativeIncidence
from pipeline.stats.guards import because, limits_because
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, Population, members
from pipeline.stats.restricted_time_lost import restricted_time_lost
from pipeline.stats.risk_difference import newcombe, square_and_add
from pipeline.stats.rmst import rmst, rmst_difference

DIFFERENCE = "car_t - bispecific"
WINDOW = f"to day {PLAN.horizon}"
NON_RANDOMISED = "non-randomised comparison, descriptive"
CIF = (
    f"{NON_RANDOMISED}; difference of cumulative incidences, limits by square-and-add of log-log "
    "limits"
)
RMTL = f"{NON_RANDOMISED}; difference of {AREA}; normal limits"
NEWCOMBE = f"{NON_RANDOMISED}; worst grade {WINDOW}; difference of proportions, Newcombe limits"
REACHED = (
    f"{NON_RANDOMISED}; worst grade {WINDOW}, with loss to follow-up: difference of the cumulative "
    f"incidences of reaching the grade, limits by square-and-add of log-log limits; {BOTH}"
)
RMST = (
    f"{NON_RANDOMISED}, among those with CRS; difference of restricted mean days with CRS, normal "
    "limits; death censors"
)


@dataclass(frozen=True, eq=False)
class Pair:
    """The two cohorts under one system and basis; label is that of their difference."""

    label: Label
    car_t: Population
    bispecific: Population

    @property
    def sides(self) -> tuple[Population, Population]:
        """First minus second."""
        return self.car_t, self.bispecific


def add_difference(pair: Pair, ard: Ard) -> None:
    """Onset at the landmarks and days lost, grade at or above each cut, days to recovery."""
    treated = np.concatenate([members(p.treated) for p in pair.sides])
    base = Row("difference", "", "", "fraction", "", TREATED, np.sort(treated), DENOM=TREATED)
    onset = (onset_curve(pair.car_t, "TTCRS"), onset_curve(pair.bispecific, "TTCRS"))
    _add_onset(pair, ard, base, onset)
    _add_time_lost(pair, ard, base, onset)
    worst = [worst_to_day(p, PLAN.horizon) for p in pair.sides]
    for cut in PLAN.difference_cuts:
        at = compared(worst, cut, pair.label.BASIS, PLAN.horizon)
        _add_grade(pair, ard, base._replace(LEVEL=f">={cut}"), at, cut)
    _add_rmst(pair, ard, base)


def _add_onset(pair: Pair, ard: Ard, base: Row, onset: tuple[OnsetCurve, OnsetCurve]) -> None:
    first, second = onset
    base = base._replace(
        VARIABLE="TTCRS", STAT="cif_difference", METHOD=CIF, ESTIMAND="E1", LEVEL="landmark",
        CLOCK="first_dose", EPISODES="first", REASON=counted_below(pair.sides, 1),
    )  # fmt: skip
    for day in PLAN.onset_landmarks:
        events = np.sort(np.concatenate([c.events_by(day) for c in (first, second)]))
        row = base._replace(TIME=float(day), events=events)
        ard.add(pair.label, _onset_at(first, second, day, row))


def _onset_at(first: OnsetCurve, second: OnsetCurve, day: int, row: Row) -> Row:
    absent = _not_followed((first, second), day)
    if absent:
        return row._replace(REASON=absent)
    return difference_at(first.steps, second.steps, day, row)


def difference_at(
    first: CumulativeIncidence, second: CumulativeIncidence, day: int, row: Row
) -> Row:
    """The row with the difference of two curves on a day that both reach."""
    a, b = first.at(day), second.at(day)
    reason = PLAN.guards.no_landmark_limits(min(first.counts.n, second.counts.n))
    if reason is None and np.isnan([a.low, b.low]).any():
        reason = limits_because("one cumulative incidence is 0 or 1")
    few = few_in_a_cohort((first.counts, second.counts), day)
    row = row._replace(VALUE=a.value - b.value, REASON=joined(row.REASON, reason, few))
    if reason:
        return row
    d = square_and_add(a, b)
    return row._replace(LOW=d.low, HIGH=d.high)


def _not_followed(onset: tuple[OnsetCurve, OnsetCurve], day: int) -> str | None:
    """Why there is no difference on a day that a curve does not reach."""
    why = [
        c.end or f"one cohort was not followed to day {day}"
        for c in onset
        if not c.counts.known_at(day)
    ]
    return because(why[0]) if why else None


def _add_time_lost(pair: Pair, ard: Ard, base: Row, onset: tuple[OnsetCurve, OnsetCurve]) -> None:
    first, second = onset
    tau = PLAN.rmtl_tau
    events = np.sort(np.concatenate([c.events_by(tau) for c in onset]))
    row = base._replace(
        VARIABLE="TTCRS", STAT="rmtl_difference", UNIT="days", METHOD=RMTL, ESTIMAND="E1",
        LEVEL="summary", TIME=float(tau), CLOCK="first_dose", EPISODES="first", events=events,
    )  # fmt: skip
    a, b = (restricted_time_lost(c.steps, tau) for c in onset)
    reason = PLAN.guards.no_rmst_difference(first.counts.n, second.counts.n)
    reason = reason or _not_followed(onset, tau)
    if reason:
        ard.add(pair.label, row._replace(REASON=reason))
        return
    d = rmst_difference(a, b, PLAN.conf)
    few = few_in_a_cohort((first.counts, second.counts), tau)
    remark = joined(counted_below(pair.sides, 1), few)
    row = row._replace(VALUE=d.value, REASON=remark)
    if min(a.se, b.se) == 0:
        # A cohort without CRS has no spread, so its limits would be those of the other alone.
        same = limits_because("in one cohort the days lost do not differ between subjects")
        ard.add(pair.label, row._replace(REASON=joined(remark, same)))
        return
    ard.add(pair.label, row._replace(LOW=d.low, HIGH=d.high))


def _add_grade(pair: Pair, ard: Ard, base: Row, at: Compared, cut: int) -> None:
    """Worst grade to day 28 at or above a cut, over subjects whose grade is known.

    Crude where nobody was lost before day 28 without having reached the cut; else the difference
    of the cumulative incidences of reaching it.
    """
    row = base._replace(
        VARIABLE="MAXGRADE", STAT="risk_difference", METHOD=NEWCOMBE, ESTIMAND="E3",
        CLOCK="first_dose", EPISODES="worst", n=at.who, events=at.events,
        REASON=joined(at.ungraded, at.short),
    )  # fmt: skip
    if at.unknown:
        ard.add(pair.label, row._replace(STATUS="not_available", REASON=at.unknown))
    elif min(k.height for k in at.known) == 0:
        ard.add(pair.label, row._replace(REASON=because("one cohort has no subject")))
    elif at.lost:
        ard.add(pair.label, _incidence_difference(pair, row._replace(METHOD=REACHED), at, cut))
    else:
        (x1, x2), (n1, n2) = (e.size for e in at.reached), (k.height for k in at.known)
        d = newcombe(x1, n1, x2, n2, PLAN.conf)
        ard.add(pair.label, row._replace(VALUE=d.value, LOW=d.low, HIGH=d.high))


def _incidence_difference(pair: Pair, row: Row, at: Compared, cut: int) -> Row:
    """The row with the difference of the incidences of reaching a cut by day 28."""
    paramcd = next(name for name, grade in REACHING.items() if grade == cut)
    first, second = (
        onset_curve(pop, paramcd, among=members(known))
        for pop, known in zip(pair.sides, at.known, strict=True)
    )
    return _onset_at(first, second, PLAN.horizon, row)


def _add_rmst(pair: Pair, ard: Ard, base: Row) -> None:
    first, second = (recovery_km(p) for p in pair.sides)
    tau = PLAN.rmst_tau
    who = np.sort(np.concatenate([first.who, second.who]))
    events = np.sort(np.concatenate([c.events_by(tau) for c in (first, second)]))
    row = base._replace(
        VARIABLE="TTREC", STAT="rmst_difference", UNIT="days", METHOD=RMST, n=who,
        ESTIMAND="E4-censored", LEVEL="summary", TIME=float(tau), CLOCK="onset", EPISODES="first",
        events=events, POPULATION=pair.car_t.with_crs, DENOM="subjects with CRS",
    )  # fmt: skip
    reason = PLAN.guards.no_rmst_difference(first.counts.n, second.counts.n)
    a, b = rmst(first.counts, tau), rmst(second.counts, tau)
    if reason is None and np.isnan(a.value - b.value):
        reason = because(f"one cohort was not followed to day {tau} after onset")
    if reason:
        ard.add(pair.label, row._replace(REASON=reason))
        return
    d = rmst_difference(a, b, PLAN.conf)
    few = few_in_a_cohort((first.counts, second.counts), tau)
    ard.add(pair.label, row._replace(VALUE=d.value, LOW=d.low, HIGH=d.high, REASON=few))
