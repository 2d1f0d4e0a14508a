"""RESULT adjusted: first CRS in both cohorts after weighting by the propensity to be in either.

Non-randomised, descriptive, without a P value; never to be shown without RESULT balance beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.stats.adjusted_incidence import (
    Incidences,
    Sample,
    bootstrap_incidences,
    draw,
    incidences,
)
from pipeline.stats.analyses.adjusted_e_value import add_e_values
from pipeline.stats.analyses.adjustment import COMPARED, PRIMARY_WEIGHTING, Adjustment
from pipeline.stats.analyses.onset_cif import BOTH, collection_end
from pipeline.stats.analyses.remarks import counted_below, few_in_a_cohort, joined
from pipeline.stats.ard import Ard, Row
from pipeline.stats.arrays import Floats
from pipeline.stats.bootstrap import percentile_limits
from pipeline.stats.covariate_design import Design
from pipeline.stats.cumulative_incidence import CumulativeIncidence
from pipeline.stats.guards import because, limits_because
from pipeline.stats.plan import PLAN
from pipeline.stats.propensity import WEIGHTINGS, model_matrix
from pipeline.stats.risk_difference import square_and_add
from pipeline.stats.step_curve import NE, TOLERANCE, Estimate
from pipeline.stats.weighted_incidence import weighted_incidence

WEIGHTED = f"weighted Aalen-Johansen, exact with ties; {BOTH}"
JACKKNIFE = "infinitesimal-jackknife SE that takes the weights as known"
DOUBLY = "doubly robust: weights, and a linear model of pseudo-observations in each cohort"
CONDITIONAL = "conditional on these studies: subjects drawn within study"
RESAMPLED = "studies drawn, then subjects within them"
NO_EVENT = limits_because("a cumulative incidence is 0 or 1")


@dataclass(frozen=True, eq=False)
class _Work:
    """What the rows of one weighting share."""

    adj: Adjustment
    design: Design
    sample: Sample
    ard: Ard
    curves: dict[int, CumulativeIncidence]
    """Weighted curve of each arm; 1 is the first cohort."""
    estimate: Incidences
    replicates: Incidences
    bootstrap: str


def add_adjusted(adj: Adjustment, ard: Ard) -> None:
    """Weighted incidences and their differences at the landmarks, under each weighting.

    LEVEL landmark has bootstrap limits, landmark_robust those of the infinitesimal jackknife,
    landmark_doubly_robust the estimate with an outcome model. GROUP is the weighting.
    """
    base = Row(
        "adjusted", "TTCRS", "cif_difference", "fraction", "none", COMPARED, adj.who,
        ESTIMAND="E1", CLOCK="first_dose", EPISODES="first", GROUPVAR="WEIGHTS", LEVEL="landmark",
        DENOM=COMPARED,
    )  # fmt: skip
    work = _works(adj, ard)
    for weighting in WEIGHTINGS:
        for i, day in enumerate(PLAN.onset_landmarks):
            row = base._replace(GROUP=weighting, TIME=float(day))
            if weighting in work:
                row = row._replace(METHOD=f"{adj.method(weighting)}; {WEIGHTED}")
                _add_day(work[weighting], row, i)
            else:
                refused = adj.refused[weighting]
                ard.add(adj.label, row._replace(STATUS="not_available", REASON=refused))


def _works(adj: Adjustment, ard: Ard) -> dict[str, _Work]:
    """One bootstrap for all weightings that may be shown."""
    design, fit = adj.design, adj.fit
    shown = [w for w in WEIGHTINGS if adj.refused[w] is None]
    if design is None or fit is None or not shown:
        return {}
    sample, days = _sample(adj, design), PLAN.onset_landmarks
    few = min(len(design.studies(arm)) for arm in (0, 1)) < PLAN.guards.pool_studies
    drawn = draw(sample, PLAN.bootstrap_replicates, PLAN.bootstrap_seed, studies=not few)
    once = np.ones((1, sample.arm.size), dtype=np.int64)
    estimate = incidences(sample, once, fit.score[None, :], days)
    replicates = bootstrap_incidences(sample, fit, days, drawn)
    how = CONDITIONAL if few else RESAMPLED
    return {
        w: _Work(
            adj, design, sample, ard, _curves(sample, adj.weights[w]), estimate[w],
            replicates[w], how,
        )
        for w in shown
    }  # fmt: skip


def _sample(adj: Adjustment, design: Design) -> Sample:
    parts = [p.onset_times("TTCRS") for p in adj.pair.sides]
    time, code, who = (np.concatenate(x) for x in zip(*parts, strict=True))
    order = np.argsort(who)
    rows = order[np.searchsorted(who[order], design.who)]
    _, study = np.unique(np.array(design.study), return_inverse=True)
    matrix = model_matrix(design.matrix)
    return Sample(matrix, design.arm, time[rows], code[rows], study.astype(np.int64))


def _curves(sample: Sample, weight: Floats) -> dict[int, CumulativeIncidence]:
    return {
        arm: weighted_incidence(sample.time[here], sample.code[here], weight[here], PLAN.conf)
        for arm, here in zip((1, 0), sample.sides, strict=True)
    }


def _add_day(work: _Work, base: Row, i: int) -> None:
    """Both cohorts, their difference and, under the primary weighting, its E-values."""
    day = PLAN.onset_landmarks[i]
    had = (work.sample.code == 1) & (work.sample.time <= day)
    absent = {arm: _absent(work, arm, day) for arm in (1, 0)}
    for arm, series in ((1, work.replicates.first), (0, work.replicates.second)):
        here = work.sample.arm == arm
        row = base._replace(
            STAT="cumulative_incidence", n=work.design.who[here],
            events=work.design.who[here & had],
        )  # fmt: skip
        _add_arm(work, row, arm, absent[arm], series[:, i])
    few = few_in_a_cohort([work.curves[arm].counts for arm in (1, 0)], day)
    remark = joined(counted_below(work.adj.compared, 1), few)
    row = base._replace(n=work.design.who, events=work.design.who[had], REASON=remark)
    why = absent[1] or absent[0]
    if why:
        work.ard.add(work.adj.label, row._replace(REASON=why))
        return
    _add_difference(work, row, i)
    if base.GROUP == PRIMARY_WEIGHTING:
        series = np.divide(
            work.replicates.first[:, i], work.replicates.second[:, i],
            out=np.full(work.replicates.first.shape[0], NE), where=work.replicates.second[:, i] > 0,
        )  # fmt: skip
        a, b = (work.curves[arm].at(day).value for arm in (1, 0))
        ratio = a / b if b > TOLERANCE else NE
        row = row._replace(UNIT="ratio", STAT="risk_ratio", VALUE=ratio)
        add_e_values(work.ard, work.adj.label, _limited(work, row, series, _undefined(a, b)))


def _add_arm(work: _Work, row: Row, arm: int, absent: str | None, series: Floats) -> None:
    label = work.adj.side(arm)
    if absent or row.TIME is None:
        work.ard.add(label, row._replace(REASON=absent))
        return
    curve = work.curves[arm]
    at = curve.at(row.TIME)
    flag = PLAN.guards.landmark_flag(
        curve.counts.n, curve.counts.at_risk_at(row.TIME), curve.counts.censored_before(row.TIME)
    )
    undefined = _undefined(at.value)
    unknown = counted_below((work.adj.compared[1 - arm],), 1)
    row = row._replace(VALUE=at.value, REASON=joined(unknown, flag))
    work.ard.add(label, _limited(work, row, series, undefined))
    work.ard.add(label, _robust(row, "log-log limits", at, undefined))


def _add_difference(work: _Work, row: Row, i: int) -> None:
    label = work.adj.label
    a, b = (work.curves[arm].at(PLAN.onset_landmarks[i]) for arm in (1, 0))
    undefined = _undefined(a.value, b.value)
    row = row._replace(VALUE=a.value - b.value)
    replicates = work.replicates
    series = (replicates.first - replicates.second)[:, i]
    work.ard.add(label, _limited(work, row, series, undefined))
    limits = square_and_add(a, b)
    at = Estimate(limits.value, NE, limits.low, limits.high)
    work.ard.add(label, _robust(row, "square-and-add of log-log limits", at, undefined))
    row = row._replace(
        LEVEL="landmark_doubly_robust", METHOD=f"{row.METHOD}; {DOUBLY}",
        VALUE=float(work.estimate.doubly_robust[0, i]),
    )  # fmt: skip
    work.ard.add(label, _limited(work, row, replicates.doubly_robust[:, i], undefined))


def _limited(work: _Work, row: Row, series: Floats, undefined: str | None) -> Row:
    """The row with percentile limits, or with the reason for having none."""
    limits = percentile_limits(series, PLAN.conf)
    method = (
        f"{row.METHOD}; percentile limits of {series.size} bootstrap replicates of the whole "
        f"chain ({limits.failed} failed, seed {PLAN.bootstrap_seed}); {work.bootstrap}"
    )
    why = undefined or PLAN.guards.no_bootstrap_limits(limits.failed, series.size)
    if why:
        return row._replace(METHOD=method, REASON=joined(row.REASON, why))
    return row._replace(METHOD=method, LOW=limits.low, HIGH=limits.high)


def _robust(row: Row, how: str, at: Estimate, undefined: str | None) -> Row:
    row = row._replace(LEVEL="landmark_robust", METHOD=f"{row.METHOD}; {how}, {JACKKNIFE}")
    if undefined:
        return row._replace(REASON=joined(row.REASON, undefined))
    return row._replace(LOW=at.low, HIGH=at.high)


def _undefined(*values: float) -> str | None:
    """A bootstrap of nobody or of everybody has no width."""
    return NO_EVENT if any(min(v, 1 - v) < TOLERANCE for v in values) else None


def _absent(work: _Work, arm: int, day: int) -> str | None:
    """Why a cohort has no value on a day: its studies or its subjects were not followed so far."""
    pop, counts = work.adj.pair.sides[1 - arm], work.curves[arm].counts
    if counts.known_at(day):
        return None
    ended = collection_end(pop) if pop.collected_to < day else None
    return because(ended or f"nobody was followed beyond day {counts.last:g}")
