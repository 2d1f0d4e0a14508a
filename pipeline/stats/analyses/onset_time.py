"""RESULT onset_time: when CRS began, among those with CRS. Not a risk."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipeline.stats.analyses.counts_and_summaries import add_summary
from pipeline.stats.ard import Ard, Row
from pipeline.stats.population import Population, members


class _Clock(NamedTuple):
    clock: str
    unit: str
    words: str


_FIRST = "from the first dose to onset of the first episode"
_LAST = "from the last dose before onset to onset of the first episode"
_CLOCKS = {
    "ONSET_D_FIRST": _Clock("first_dose", "days", f"days elapsed {_FIRST}, 0 = same day"),
    "ONSET_D": _Clock("last_dose", "days", f"days elapsed {_LAST}, 0 = same day"),
    "ONSET_H_FIRST": _Clock("first_dose", "hours", f"hours {_FIRST}, where both have times"),
    "ONSET_H": _Clock("last_dose", "hours", f"hours {_LAST}, where both have times"),
}
_PARAMS = {
    "TTMAXGR": _Clock("first_dose", "days", "days to the maximum grade, day of first dose = 1"),
    "TTTOCI": _Clock("onset", "days", "days to the first tocilizumab, day of onset = 1"),
}
_EPISODES = {"TTMAXGR": "worst", "TTTOCI": "first"}


def add_onset_time(pop: Population, ard: Ard) -> None:
    """Times of onset on both clocks, of the maximum grade and of the first tocilizumab."""
    first = pop.first
    for column, clock in _CLOCKS.items():
        missing = "no subject had CRS" if not first.height else f"{column} is not known for anybody"
        add_summary(ard, pop.label, _row(pop, column, clock), first, missing)
    for paramcd, clock in _PARAMS.items():
        rows = pop.adtte.filter(pl.col("PARAMCD") == paramcd)
        seen = rows.filter(pl.col("EVCODE") == 1)
        row = _row(pop, paramcd, clock)._replace(n=members(rows), EPISODES=_EPISODES[paramcd])
        missing = "it was not seen in anybody with CRS"
        add_summary(ard, pop.label, row, seen.rename({"AVAL": paramcd}), missing)


def _row(pop: Population, variable: str, clock: _Clock) -> Row:
    return Row(
        "onset_time", variable, "", clock.unit, "", f"{pop.with_crs}: {clock.words}",
        members(pop.first), CLOCK=clock.clock, EPISODES="first", DENOM="subjects with CRS",
    )  # fmt: skip
