"""RESULT subjects: how many were treated and followed, and what happened to them."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.stats.analyses.counts_and_summaries import add_count, add_median
from pipeline.stats.ard import Ard, Row
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, Population, members

RECORDED = "recorded episodes"
FOLLOW_UP = "reverse Kaplan-Meier: end of follow-up is the event, death censors"
EPISODES = {
    "recorded_episodes": ("COUNTED", "NO_GRADE", "GRADE_0", "PRE_DOSE", "AFTER_FOLLOW_UP"),
    "n_episodes": ("COUNTED",),
    "ungraded_episodes": ("NO_GRADE",),
    "grade_0_episodes": ("GRADE_0",),
    "pre_dose_episodes": ("PRE_DOSE",),
    "episodes_after_follow_up": ("AFTER_FOLLOW_UP",),
}
"""Where a recorded episode stands; all but the first add up to the first."""


def add_subjects(pop: Population, ard: Ard) -> None:
    """Counts of subjects and episodes, and the median follow-up."""
    base = Row("subjects", "", "n", "subjects", "count", TREATED, n=members(pop.treated))
    base = base._replace(LEVEL="summary", DENOM=TREATED)
    # Death and leaving are known for as long as a subject was seen, also after AE collection.
    within, standing = pop.treated["SEENDY"], pop.episodes["STANDING"]
    still = members(pop.counted, where=~pop.counted["RECOVERED"])
    subjects = {
        "treated": base.n,
        "with_crs": members(pop.first),
        "deaths": members(pop.treated, where=pop.treated["DTHDY"] <= within),
        "discontinued": members(pop.treated, where=pop.treated["DSDY"] <= within),
        "ended": np.setdiff1d(members(pop.first), still),
        "not_ended": still,
        "subjects_with_recurrence": members(pop.counted, where=pop.counted["NTH"] == 2),
        "ungraded": members(pop.episodes, where=standing == "NO_GRADE"),
    }
    for name, who in subjects.items():
        add_count(ard, pop.label, base._replace(VARIABLE=name), who)
    recorded = members(pop.episodes, "EPI")
    for name, standings in EPISODES.items():
        chosen = members(pop.episodes, "EPI", where=standing.is_in(standings))
        row = base._replace(
            VARIABLE=name, UNIT="episodes", EPISODES="all", DENOM=RECORDED, n=recorded
        )
        add_count(ard, pop.label, row, chosen)
    _add_followed(pop, ard, base)


def _add_followed(pop: Population, ard: Ard, base: Row) -> None:
    row = base._replace(VARIABLE="followed", STAT="median", UNIT="days", METHOD=FOLLOW_UP)
    died = (pop.treated["DTHDY"] <= pop.treated["SEENDY"]).fill_null(value=False).to_numpy()
    row = row._replace(events=members(pop.treated.filter(~pl.Series(died))))
    days = pop.treated["SEENDY"].to_numpy().astype(np.float64)
    q = pop.curves.of(days, (~died).astype(np.int64), PLAN.conf).quantile(0.5)
    absent = "the curve of follow-up does not reach 0.5"
    add_median(ard, pop.label, row, q, absent)
