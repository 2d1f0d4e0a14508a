"""RESULT management: what each drug or support was given for, how many doses, and how soon."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipeline.stats.analyses.counts_and_summaries import add_proportion, add_summary
from pipeline.stats.ard import Ard, Row
from pipeline.stats.parts import parts_of
from pipeline.stats.population import TREATED, Population, members

WITHIN = {"treatment": "treatment", "unknown": "given during CRS"}
"""INTENT that counts within episodes; an unknown one is reported as what is known of it."""
BESIDE = ("prophylaxis", "premedication")
SINGLE_DOSES = (
    "tocilizumab", "siltuximab", "sarilumab", "emapalumab", "infliximab", "etanercept",
)  # fmt: skip
"""Given dose by dose, so that their records can be counted; courses and infusions cannot."""
MOST_DOSES = 3


class _Delay(NamedTuple):
    unit: str
    clock: str
    words: str


_FIRST = "to the first use in an episode"
_DELAYS = {
    "D_FROM_ONSET": _Delay("days", "onset", f"days elapsed from onset {_FIRST}, 0 = same day"),
    "H_FROM_ONSET": _Delay("hours", "onset", f"hours from onset {_FIRST}, where both have times"),
    "D_FROM_DOSE": _Delay(
        "days", "last_dose", f"days elapsed from the dose before onset {_FIRST}, 0 = same day"
    ),
    "H_FROM_DOSE": _Delay(
        "hours", "last_dose", f"hours from the dose before onset {_FIRST}, where both have times"
    ),
}


def add_management(pop: Population, ard: Ard, classes: list[str]) -> None:
    """Per class of drug or support: why it was given, number of doses, time to the first use.

    Treatment, and use of unknown intent while CRS lasted, are of counted episodes; prophylaxis and
    premedication are of all treated, whenever given, and never count as treatment. Time runs in
    the first episode in which it was used.

    Args:
        pop: the population.
        ard: the result table.
        classes: classes to report, also where this population had none.
    """
    episodes = pop.counted.select("EPI", "NTH", "ONSET_D")
    given = pop.interventions.join(episodes, on="EPI", how="left").sort("SUBJ", "NTH", "START")
    within = given.filter(pl.col("NTH").is_not_null(), pl.col("INTENT").is_in(list(WITHIN)))
    firsts = within.unique(["CLASS", "SUBJ"], keep="first", maintain_order=True).with_columns(
        D_FROM_DOSE=pl.col("D_FROM_ONSET") + pl.col("ONSET_D")
    )
    totals = within.group_by("CLASS", "SUBJ").agg(
        pl.col("N_DOSES").sum().clip(upper_bound=MOST_DOSES)
    )
    parts = [(parts_of(frame, "CLASS"), frame.clear()) for frame in (given, within, firsts, totals)]
    for name in classes:
        of_class, used, first, total = (p.get((name,), none) for p, none in parts)
        row = Row(
            "management", "GIVEN", "", "fraction", "", "", members(pop.treated),
            GROUPVAR="CLASS", GROUP=name, EPISODES="all",
        )  # fmt: skip
        _add_reasons(pop, ard, row, used, of_class)
        if used.height:
            _add_doses(pop, ard, row, total)
            _add_delays(pop, ard, row, first)


def _add_reasons(
    pop: Population, ard: Ard, row: Row, used: pl.DataFrame, of_class: pl.DataFrame
) -> None:
    with_crs = members(pop.first)
    for intent, words in WITHIN.items():
        events = members(used, where=used["INTENT"] == intent)
        row = row._replace(LEVEL=words)
        crs = row._replace(n=with_crs, POPULATION=pop.with_crs, DENOM="subjects with CRS")
        add_proportion(ard, pop.label, crs, events)
        add_proportion(ard, pop.label, row._replace(POPULATION=TREATED, DENOM=TREATED), events)
    for intent in BESIDE:
        events = members(of_class, where=of_class["INTENT"] == intent)
        row = row._replace(LEVEL=intent, EPISODES=None, POPULATION=TREATED, DENOM=TREATED)
        add_proportion(ard, pop.label, row, events)


def _add_doses(pop: Population, ard: Ard, row: Row, total: pl.DataFrame) -> None:
    """Of those who got it: how many had one dose, two, or more, over all their episodes."""
    if row.GROUP not in SINGLE_DOSES:
        return
    row = row._replace(
        VARIABLE="N_DOSES", n=members(total), POPULATION=f"{pop.with_crs} given it",
        DENOM="subjects with CRS given it",
    )  # fmt: skip
    for number in range(1, MOST_DOSES + 1):
        level = f"{number}+" if number == MOST_DOSES else str(number)
        events = members(total, where=total["N_DOSES"] == number)
        add_proportion(ard, pop.label, row._replace(LEVEL=level), events)


def _add_delays(pop: Population, ard: Ard, row: Row, first: pl.DataFrame) -> None:
    """Time to the first use of each subject."""
    row = row._replace(n=members(first), DENOM="subjects with CRS given it")
    for column, delay in _DELAYS.items():
        words = f"{pop.with_crs} given it: {delay.words}"
        timed = row._replace(VARIABLE=column, UNIT=delay.unit, CLOCK=delay.clock, POPULATION=words)
        add_summary(ard, pop.label, timed, first, f"{column} is not known for anybody")
