"""RESULT recurrence: who had CRS again, how often, and how long after the first episode."""

from __future__ import annotations

import polars as pl

from pipeline.stats.analyses.counts_and_summaries import add_count, add_proportion, add_summary
from pipeline.stats.ard import Ard, Row
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, Population, members

MANY = PLAN.many_episodes
"""Numbers of episodes from here on are one level."""


def add_recurrence(pop: Population, ard: Ard) -> None:
    """Subjects with 2 or more episodes, subjects by number of episodes, days free of CRS between.

    These are crude counts over all of follow-up: compare only cohorts followed alike.
    """
    again = members(pop.counted, where=pop.counted["NTH"] == 2)
    base = Row(
        "recurrence", "RECURRENCE", "", "subjects", "", TREATED, members(pop.treated),
        CLOCK="first_dose", EPISODES="all", LEVEL="summary", DENOM=TREATED,
    )  # fmt: skip
    of_those = base._replace(
        POPULATION=pop.with_crs, n=members(pop.first), DENOM="subjects with CRS"
    )
    add_count(ard, pop.label, base, again)
    add_proportion(ard, pop.label, base, again)
    add_proportion(ard, pop.label, of_those, again)
    _add_numbers(pop, ard, base)
    _add_days_between(pop, ard, base)


def _add_numbers(pop: Population, ard: Ard, base: Row) -> None:
    """Proportion of treated subjects with 0, 1, 2, 3, and 4 or more episodes."""
    each = pop.treated.select("SUBJ").join(
        pop.counted.group_by("SUBJ").len("N"), on="SUBJ", how="left", maintain_order="left"
    )
    each = each.with_columns(pl.col("N").fill_null(0).clip(upper_bound=MANY))
    for number in range(MANY + 1):
        level = f">={MANY}" if number == MANY else str(number)
        row = base._replace(VARIABLE="N_EPISODES", LEVEL=level)
        add_proportion(ard, pop.label, row, members(each, where=each["N"] == number))


def _add_days_between(pop: Population, ard: Ard, base: Row) -> None:
    """Days elapsed from the end of the first episode, where it was seen, to the second onset."""
    second = pop.counted.filter(pl.col("NTH") == 2).select("SUBJ", SECOND="ASTDY")
    ended = pop.first.filter(pl.col("RECOVERED")).select("SUBJ", "AENDY")
    both = second.join(ended, on="SUBJ", how="left", maintain_order="left").with_columns(
        BETWEEN_D=pl.col("SECOND") - pl.col("AENDY")
    )
    words = (
        f"{pop.with_crs}, 2 or more episodes: days elapsed from the end of the first to the next"
    )
    row = base._replace(
        VARIABLE="BETWEEN_D", UNIT="days", CLOCK=None, POPULATION=words,
        n=members(second), DENOM="subjects with 2 or more episodes",
    )  # fmt: skip
    missing = "no subject had a second episode" if second.is_empty() else "no first end was seen"
    add_summary(ard, pop.label, row, both, missing)
