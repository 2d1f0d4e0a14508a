"""RESULT state_occupation: how many are before, in and after CRS, and dead, on each day."""

from __future__ import annotations

import numpy as np

from pipeline.stats.analyses.onset_cif import collection_end
from pipeline.stats.analyses.remarks import counted_below, joined
from pipeline.stats.ard import Ard, Row
from pipeline.stats.day_states import (
    DEAD,
    GRADE_1,
    GRADE_3,
    NO_CRS,
    NOT_KNOWN,
    STATES,
    DayStates,
    day_states,
)
from pipeline.stats.guards import because, limits_because
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, Population
from pipeline.stats.state_occupation import Occupation, alive, complement, occupied, on_day

METHOD = (
    "Kaplan-Meier probability of being alive times the share in the state of those seen alive on "
    "the day (= inverse weighting by the Kaplan-Meier probability of being followed), "
    "infinitesimal-jackknife SE, logit limits; death in follow-up is kept"
)
NO_GRADES = "not available, because no day of CRS has a grade"


def add_state_occupation(pop: Population, ard: Ard) -> None:
    """Probability of each state on days 1 to 28; the states of a day add up to 1."""
    made = day_states(pop, PLAN.horizon)
    living = alive(made.time, made.died, PLAN.horizon)
    base = Row(
        "state_occupation", "STATE", "probability", "fraction", METHOD, TREATED, made.who,
        CLOCK="first_dose", EPISODES="all", DENOM=TREATED,
    )  # fmt: skip
    unknown = counted_below((pop,), 1)
    for code, name in enumerate(STATES):
        at = _occupation(made, living, code)
        row = base._replace(LEVEL=name, REASON=unknown if code == NO_CRS else None)
        if GRADE_1 <= code <= GRADE_3 and made.ungraded:
            row = row._replace(STATUS="not_available", REASON=NO_GRADES)
        for day in range(1, PLAN.horizon + 1):
            events = made.who[made.state[:, day - 1] == code]
            shown = row._replace(TIME=float(day), events=events)
            ard.add(pop.label, _valued(shown, at, made, pop, code))


def _occupation(made: DayStates, living: Occupation, code: int) -> Occupation:
    if code == DEAD:
        return complement(living)
    return occupied(living, made.state == code, made.known)


def _valued(row: Row, at: Occupation, made: DayStates, pop: Population, code: int) -> Row:
    if row.STATUS != "ok" or row.TIME is None:
        return row
    day = int(row.TIME)
    p = on_day(at, day, PLAN.conf)
    if np.isnan(p.value):
        return row._replace(REASON=because(not_followed(at, pop, day)))
    reason = PLAN.guards.no_landmark_limits(row.n.size)
    if reason is None and np.isnan(p.low):
        reason = limits_because("nobody" if p.value < 0.5 else "everybody") + " is in the state"
    flag = few_alive(made, day) if code == DEAD else few_known(made, day)
    if reason:
        return row._replace(VALUE=p.value, REASON=joined(row.REASON, reason))
    remark = joined(row.REASON, flag)
    return row._replace(VALUE=p.value, LOW=p.low, HIGH=p.high, REASON=remark)


def few_known(made: DayStates, day: int) -> str | None:
    """Remark where the state of many subjects is not known on a day."""
    known = int(made.known[:, day - 1].sum())
    lost = int((made.state[:, day - 1] == NOT_KNOWN).sum())
    return PLAN.guards.landmark_flag(made.who.size, known, lost)


def few_alive(made: DayStates, day: int) -> str | None:
    """Remark where it is not known of many subjects whether they are alive on a day."""
    lost = int(((made.died == 0) & (made.time < day)).sum())
    return PLAN.guards.landmark_flag(made.who.size, int((made.time >= day).sum()), lost)


def not_followed(at: Occupation, pop: Population, day: int) -> str:
    """Why a day has no probability."""
    if not at.influence.shape[0]:
        return "there are no treated subjects"
    if pop.collected_to < day:
        return str(collection_end(pop))
    return f"nobody was followed beyond day {int((~np.isnan(at.value)).sum())}"
