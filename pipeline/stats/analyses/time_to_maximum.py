"""RESULT time_to_maximum: when CRS reached its worst grade, among those with a day of it.

No cumulative incidence: that a grade was the worst is known only when the course is over, so a
subject who leaves halfway has no maximum that could be censored. Of a stated grade there is one,
`onset_cif` TTCRSG2 and TTCRSG3.
"""

from __future__ import annotations

import polars as pl

from pipeline.stats.analyses.counts_and_summaries import add_count, add_summary
from pipeline.stats.ard import Ard, Row
from pipeline.stats.population import Population, members

_WORDS = {
    "TTMAXGR": ("first_dose", "days to the maximum grade, day of first dose = 1"),
    "ONSET_TO_MAXIMUM_D": (
        "onset",
        "days elapsed from onset of the worst episode to its maximum grade, 0 = same day",
    ),
}


def add_time_to_maximum(pop: Population, ard: Ard) -> None:
    """Five numbers on both clocks, and the number without a day of the maximum."""
    rows = pop.adtte.filter(pl.col("PARAMCD") == "TTMAXGR")
    onset = pop.counted.select("SUBJ", "EPISEQ", "ASTDY")
    seen = (
        rows.filter(pl.col("EVCODE") == 1)
        .join(onset, on=["SUBJ", "EPISEQ"], how="left", maintain_order="left")
        .with_columns(TTMAXGR=pl.col("AVAL"), ONSET_TO_MAXIMUM_D=pl.col("ADY") - pl.col("ASTDY"))
    )
    base = Row(
        "time_to_maximum", "", "", "days", "", "", members(pop.first), EPISODES="worst",
        LEVEL="summary", DENOM="subjects with CRS",
    )  # fmt: skip
    missing = "no subject had CRS" if not pop.first.height else "nobody has a day of the maximum"
    for variable, (clock, words) in _WORDS.items():
        row = base._replace(VARIABLE=variable, CLOCK=clock, POPULATION=f"{pop.with_crs}: {words}")
        add_summary(ard, pop.label, row, seen, missing)
    row = base._replace(VARIABLE="NO_DAY_OF_MAXIMUM", UNIT="subjects", CLOCK="first_dose")
    row = row._replace(POPULATION=f"{pop.with_crs}, day of the maximum grade not recorded or seen")
    without = pop.first.join(seen, on="SUBJ", how="anti")
    add_count(ard, pop.label, row, members(without))
