"""RESULT sensitivity: the difference between the cohorts under other choices, one row for each.

The pack C8 of the analysis plan, as far as the data of a trial allow: what the sites and the
intervals of a study would add is not there, and a study lies in one cohort, so that it can be
left out but not adjusted for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.stats.analyses.difference import CIF, Pair, difference_at
from pipeline.stats.analyses.onset_cif import DISCONTINUED
from pipeline.stats.analyses.remarks import counted_below
from pipeline.stats.ard import Ard, Row
from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.counts import CENSORED, COMPETING, EVENT
from pipeline.stats.cumulative_incidence import CumulativeIncidence, cumulative_incidence
from pipeline.stats.guards import because
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, Population

Times = tuple[Floats, Ints, Ints]


@dataclass(frozen=True, eq=False)
class Choice:
    """One other choice: its words, the times under it, and the day that is compared."""

    words: str
    times: Callable[[Population], Times]
    day: int
    estimand: str = "E1"


def add_sensitivity(pair: Pair, ard: Ard) -> None:
    """Difference of cumulative incidence, CAR-T minus bispecific, under each choice."""
    unknown = counted_below(pair.sides, 1)
    onset = Row(
        "sensitivity", "TTCRS", "cif_difference", "fraction", CIF, TREATED, np.empty(0, np.int64),
        CLOCK="first_dose", EPISODES="first", DENOM=TREATED, REASON=unknown,
    )  # fmt: skip
    for choice in (*ONSET, *_left_out(pair)):
        _add_choice(pair, ard, onset._replace(ESTIMAND=choice.estimand), choice)
    recovery = onset._replace(
        VARIABLE="TTREC", CLOCK="onset", DENOM="subjects with CRS", REASON=None,
        POPULATION=pair.car_t.with_crs, METHOD=f"{CIF}; among those with CRS, no treatment effect",
    )  # fmt: skip
    for choice in RECOVERY:
        _add_choice(pair, ard, recovery._replace(ESTIMAND=choice.estimand), choice)


def _add_choice(pair: Pair, ard: Ard, row: Row, choice: Choice) -> None:
    sides = [choice.times(p) for p in pair.sides]
    first, second = (cumulative_incidence(time, code, PLAN.conf) for time, code, _ in sides)
    happened = [who[(code == EVENT) & (time <= choice.day)] for time, code, who in sides]
    row = row._replace(
        LEVEL=choice.words, TIME=float(choice.day),
        n=np.sort(np.concatenate([who for _, _, who in sides])),
        events=np.sort(np.concatenate(happened)),
    )  # fmt: skip
    ard.add(pair.label, _difference(first, second, choice.day, row))


def _difference(first: CumulativeIncidence, second: CumulativeIncidence, day: int, row: Row) -> Row:
    if not (first.counts.known_at(day) and second.counts.known_at(day)):
        return row._replace(REASON=because(f"one cohort was not followed to day {day}"))
    return difference_at(first, second, day, row)


# ---- other choices about onset


def _planned(pop: Population) -> Times:
    return pop.onset_times("TTCRS")


def _death_alone(pop: Population) -> Times:
    return pop.onset_times("TTCRSD")


def _discontinuation_censors(pop: Population) -> Times:
    time, code, who = _planned(pop)
    return time, np.where(code == DISCONTINUED, CENSORED, code), who


def _all_censor(pop: Population) -> Times:
    time, code, who = _planned(pop)
    return time, np.where(code >= COMPETING, CENSORED, code), who


def _moved(days: int) -> Callable[[Population], Times]:
    def times(pop: Population) -> Times:
        time, code, who = _planned(pop)
        moved = np.maximum(time + days, 1.0)
        return np.where(code == EVENT, moved, time), code, who

    return times


def _latest(pop: Population) -> Times:
    """Each first onset on the last day on which it may have been.

    What came first is kept: an onset moves no further than to a discontinuation or death after it.
    """
    time, code, who = pop.times("TTCRS")
    latest = pop.counted.group_by("SUBJ").agg(pl.col("LATESTDY").min().cast(pl.Float64))
    own = pl.DataFrame({"SUBJ": who}).join(latest, on="SUBJ", how="left", maintain_order="left")
    moved = np.maximum(time, own["LATESTDY"].fill_null(1.0).to_numpy())
    return *pop.within_collection(np.where(code == EVENT, moved, time), code), who


def _without(study: str) -> Callable[[Population], Times]:
    def times(pop: Population) -> Times:
        others = pop.treated.filter(pl.col("STUDYID") != study)["SUBJ"].to_numpy()
        time, code, who = _planned(pop)
        kept = np.isin(who, others)
        return time[kept], code[kept], who[kept]

    return times


def _left_out(pair: Pair) -> Iterator[Choice]:
    """Each study left out in turn, where its cohort has another one."""
    for side in pair.sides:
        names = side.treated["STUDYID"].unique().sort().to_list()
        for name in names if len(names) > 1 else ():
            yield Choice(f"without study {name}", _without(name), PLAN.horizon)


ONSET = (
    Choice("as planned", _planned, PLAN.horizon),
    Choice("death alone competes", _death_alone, PLAN.horizon, "E1-death"),
    Choice("discontinuation censors", _discontinuation_censors, PLAN.horizon),
    Choice(
        "1 - Kaplan-Meier: death and discontinuation censor, which overstates",
        _all_censor,
        PLAN.horizon,
    ),
    Choice("onset one day earlier", _moved(-1), PLAN.horizon),
    Choice("onset one day later", _moved(1), PLAN.horizon),
    Choice("onsets known to the month only on their earliest day", _planned, PLAN.horizon),
    Choice("onsets known to the month only on their latest day", _latest, PLAN.horizon),
    Choice(
        f"day of first dose = 0: by day {PLAN.horizon}, here day {PLAN.horizon + 1}",
        _planned,
        PLAN.horizon + 1,
    ),
    *(Choice(f"window of {day} days", _planned, day) for day in PLAN.sensitivity_windows),
)


# ---- other choices about recovery


def _recovery(pop: Population) -> Times:
    return pop.times("TTREC")


def _recovery_death_censors(pop: Population) -> Times:
    time, code, who = pop.times("TTREC")
    return time, np.where(code >= COMPETING, CENSORED, code), who


def _unrecovered_longest(pop: Population) -> Times:
    """Who was not seen to recover stays ill longer than anybody is looked at."""
    time, code, who = pop.times("TTREC")
    longest = max(float(time.max(initial=0.0)), float(PLAN.rmst_tau))
    ill = code != EVENT
    return np.where(ill, longest, time), np.where(ill, CENSORED, code), who


RECOVERY = (
    Choice("recovery as planned: death competes", _recovery, PLAN.rmst_tau, "E4"),
    Choice("recovery: death censors", _recovery_death_censors, PLAN.rmst_tau, "E4-censored"),
    Choice(
        "recovery: the unrecovered set to the longest time",
        _unrecovered_longest,
        PLAN.rmst_tau,
        "E4",
    ),
)
