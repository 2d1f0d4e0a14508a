"""Doses given and the CRS that follows each: the schedule, holds, delays and stops."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np
import polars as pl

from pipeline.simulate.blocks import DAY, HOUR, Bools, Floats, Ints, day_of, minutes
from pipeline.simulate.courses import Given, draw_episodes
from pipeline.simulate.patterns import PATTERNS
from pipeline.simulate.people import Trial
from pipeline.simulate.products import Step, StudySpec

_ASTCT = np.array([p.astct for p in PATTERNS])


@dataclass
class _State:
    """Where each subject stands between two doses."""

    going: Bools
    planned_day: Ints
    free_day: Ints  # first calendar day without CRS
    liability: Floats
    had_toci: Bools
    doses: list[pl.DataFrame] = field(default_factory=list)
    episodes: list[pl.DataFrame] = field(default_factory=list)


def give_doses(trial: Trial) -> tuple[pl.DataFrame, pl.DataFrame]:
    """All doses (SUBJ, DOSE, STEP, AMOUNT, UNIT, TIME) and all CRS episodes after them.

    A dose is held until the calendar day after CRS has ended, so that no dose falls on a day of
    CRS; only a few go on during grade 1, and then the dose is followed by no CRS of its own.
    """
    rng, spec, people = trial.stream("doses"), trial.spec, trial.people
    n = people.n
    state = _State(
        going=people.treated.copy(),
        planned_day=np.zeros(n, dtype=np.int64),
        free_day=np.zeros(n, dtype=np.int64),
        liability=rng.standard_normal(n),
        had_toci=rng.random(n) < spec.prophylaxis,
    )
    prophylaxis = state.had_toci.copy()
    for number, step in enumerate(_plan(spec), 1):
        _give(rng, spec, state, number, step)
    doses = pl.concat(state.doses).with_columns(
        PROPHYLAXIS=pl.Series(prophylaxis)[pl.concat(state.doses)["SUBJ"]] & (pl.col("DOSE") == 1)
    )
    episodes = pl.concat([*state.episodes, _recurrences(rng, spec, state)])
    return doses.sort("SUBJ", "DOSE"), episodes.sort("SUBJ", "ONSET")


def _plan(spec: StudySpec) -> tuple[Step, ...]:
    if spec.cohort == "bispecific":
        return spec.steps
    first = spec.steps[0]
    again = Step(name=first.name, dose=first.dose, unit=first.unit, gap=90, risk=0.4)
    return (first, again) if spec.second_infusion else (first,)


def _give(rng: np.random.Generator, spec: StudySpec, s: _State, number: int, step: Step) -> None:
    n = len(s.going)
    who = np.flatnonzero(s.going).astype(np.int64)
    if spec.cohort == "car_t" and number == 2:
        who = who[rng.random(len(who)) < spec.second_infusion]
    during = s.planned_day[who] < s.free_day[who]
    day = s.planned_day[who]
    time = day * DAY + 9 * HOUR + minutes(rng.random(len(who)) * 5 * HOUR)
    s.doses.append(
        pl.DataFrame(
            {
                "SUBJ": who, "DOSE": np.full(len(who), number), "TIME": time,
                "STEP": [step.name] * len(who), "AMOUNT": [step.dose] * len(who),
                "UNIT": [step.unit] * len(who),
            }
        )
    )  # fmt: skip
    risk = np.where(s.had_toci[who], step.risk * spec.after_tocilizumab, step.risk)
    crs = _has_crs(rng, spec, s.liability[who], risk) & ~during
    gap = np.full(len(who), step.gap, dtype=np.int64)
    last_day = day + np.minimum(gap - 1, 30)
    which = np.full(int(crs.sum()), number)
    new = draw_episodes(rng, spec, Given(who[crs], which, time[crs], last_day[crs]))
    s.episodes.append(new)
    ends = np.zeros(n, dtype=np.int64)
    ends[new["SUBJ"].to_numpy()] = day_of(new["END"].to_numpy()) + 1
    s.free_day = np.maximum(s.free_day, ends)
    s.had_toci[new.filter(pl.col("TOCI_N") > 0)["SUBJ"].to_numpy()] = True
    s.planned_day[who] = day + step.gap
    _plan_next(rng, spec, s, who, new)


def _has_crs(rng: np.random.Generator, spec: StudySpec, own: Floats, risk: Floats) -> Bools:
    """CRS where a normal liability, shared with the subject's other doses, is below the risk."""
    cut = {float(r): NormalDist().inv_cdf(float(r)) for r in np.unique(risk) if 0 < r < 1}
    limit = np.array([cut.get(float(r), 9.0 if r >= 1 else -9.0) for r in risk])
    draw = np.sqrt(spec.frailty) * own + np.sqrt(1 - spec.frailty) * rng.standard_normal(len(own))
    return np.asarray(draw < limit)


def _plan_next(
    rng: np.random.Generator, spec: StudySpec, s: _State, who: Ints, new: pl.DataFrame
) -> None:
    """Delay or hold the next dose, or stop; it never falls on a day of CRS but by exception."""
    n = len(s.going)
    delay = np.where(rng.random(len(who)) < 0.06, rng.integers(1, 8, len(who)), 0)
    planned = s.planned_day[who] + delay
    grade = np.zeros(n, dtype=np.int64)
    grade[new["SUBJ"].to_numpy()] = _ASTCT[new["FORM"].to_numpy()]
    style = np.zeros(n, dtype=np.int64)
    style[new["SUBJ"].to_numpy()] = new["STYLE"].to_numpy()
    fatal = np.zeros(n, dtype=bool)
    fatal[new.filter("FATAL")["SUBJ"].to_numpy()] = True
    go_on = (rng.random(len(who)) < 0.1) & (grade[who] == 1) & (style[who] == 0)
    s.planned_day[who] = np.where(go_on, planned, np.maximum(planned, s.free_day[who]))
    stop = (rng.random(len(who)) < np.where(grade[who] >= 3, 0.5, 0.006)) | fatal[who]
    s.going[who[stop]] = False
    if spec.cohort == "car_t":
        s.planned_day[who] += rng.integers(0, 40, len(who))


def _recurrences(rng: np.random.Generator, spec: StudySpec, s: _State) -> pl.DataFrame:
    """A second CRS without a new dose, at least two whole days after the first has ended."""
    first = pl.concat(s.episodes)
    pool = first.filter((pl.col("DOSE") == 1) & ~pl.col("FATAL"))
    chosen = pool.filter(pl.Series(rng.random(pool.height) < spec.recurrence))
    subj = chosen["SUBJ"].to_numpy()
    late = np.full(len(subj), 40, dtype=np.int64)
    dose_no, dose = chosen["DOSE"].to_numpy(), chosen["DOSETIME"].to_numpy()
    again = draw_episodes(rng, spec, Given(subj, dose_no, dose, late))
    form = again["FORM"].to_numpy()
    mild = again.with_columns(FORM=pl.Series(np.where(_ASTCT[form] == 1, form, 0)))
    start = (day_of(chosen["END"].to_numpy()) + 3) * DAY + 8 * HOUR
    shift = pl.Series(start) - mild["ONSET"]
    times = ["ONSET", "END", "FEVER1", "TOCI"]
    return mild.with_columns(
        *(pl.col(c) + shift for c in times),
        *(pl.lit(-1, dtype=pl.Int64).alias(c) for c in ("SIGN0", "SIGN1", "GAP0", "GAP1", "BACK1")),
        STYLE=pl.lit(0, dtype=pl.Int64),
        FATAL=pl.lit(False),
        BLEEDING=pl.lit(False),
        FEVER=pl.lit(True),
        LATE=pl.lit(False),
    ).filter(pl.col("END") < 85 * DAY)
