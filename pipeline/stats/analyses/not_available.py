"""Rows that say why a system has no statistics in a study, instead of silence."""

from __future__ import annotations

import polars as pl

from pipeline.stats.ard import Ard, Label, Row
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, members


def add_not_available(ard: Ard, label: Label, treated: pl.DataFrame, reason: str) -> None:
    """The headline statistics with status not_available."""
    row = Row("", "", "", "fraction", "none", TREATED, members(treated), LEVEL="landmark")
    row = row._replace(STATUS="not_available", REASON=reason, DENOM=TREATED)
    onset = row._replace(
        RESULT="onset_cif", VARIABLE="TTCRS", STAT="cumulative_incidence", ESTIMAND="E1",
        CLOCK="first_dose", EPISODES="first",
    )  # fmt: skip
    for day in PLAN.onset_landmarks:
        ard.add(label, onset._replace(TIME=float(day)))
    recovery = row._replace(
        RESULT="recovery_km", VARIABLE="TTREC", STAT="recovered_probability", CLOCK="onset",
        ESTIMAND="E4-censored", EPISODES="first", DENOM="subjects with CRS",
    )  # fmt: skip
    for day in PLAN.recovery_landmarks:
        ard.add(label, recovery._replace(TIME=float(day)))
    grades = row._replace(
        RESULT="grade_distribution", VARIABLE="MAXGRADE", STAT="proportion", ESTIMAND="E3",
        CLOCK="first_dose", EPISODES="worst",
    )  # fmt: skip
    for cut in PLAN.grade_cuts:
        ard.add(label, grades._replace(LEVEL=f">={cut}"))
