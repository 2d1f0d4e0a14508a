"""RESULT crosstab: derived grades of each episode under one system against those under another."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import polars as pl

from pipeline.stats.analyses.counts_and_summaries import add_count
from pipeline.stats.ard import Ard, Label, Row
from pipeline.stats.parts import parts_of
from pipeline.stats.population import members

BOTH = "recorded CRS episodes with a derived grade of both systems; the episode is the unit"


def add_crosstab(derived: pl.DataFrame, ard: Ard, label: Label) -> None:
    """One block per pair of systems, A before B by name; SYSTEM is A, VARIABLE is "A x B".

    GROUPVAR names A, GROUP is the grade under A and LEVEL the grade under B. Only cells with an
    episode have a row.

    Args:
        derived: EPI, SYSTEM, GRADE, where there is a grade.
        ard: the result table.
        label: the study with BASIS derived; SYSTEM is set here.
    """
    by_system = parts_of(derived, "SYSTEM")
    for one, other in combinations(sorted(name for (name,) in by_system), 2):
        pairs = by_system[one,].select("EPI", ONE="GRADE").join(
            by_system[other,].select("EPI", OTHER="GRADE"),
            on="EPI", how="inner", maintain_order="left",
        )  # fmt: skip
        row = Row("crosstab", f"{one} x {other}", "n", "episodes", "", BOTH, members(pairs, "EPI"))
        row = row._replace(EPISODES="all", GROUPVAR=one, DENOM="episodes graded by both")
        add_cells(ard, replace(label, SYSTEM=one), row, pairs, ("ONE", "OTHER"))


def add_cells(
    ard: Ard, label: Label, row: Row, pairs: pl.DataFrame, columns: tuple[str, str]
) -> None:
    """Number of episodes in each cell that has one: GROUP and LEVEL are its grades, NA for none.

    Args:
        ard: the result table.
        label: the population's columns.
        row: the row's other columns.
        pairs: EPI and two grades.
        columns: the columns of the grades that GROUP and LEVEL take.
    """
    named = pairs.select("EPI", *(pl.col(c).cast(pl.String).fill_null("NA") for c in columns))
    cells = named.sort(*columns, "EPI").group_by(columns, maintain_order=True).agg("EPI")
    for group, level, episodes in cells.iter_rows():
        place = row._replace(GROUP=group, LEVEL=level)
        add_count(ard, label, place, np.unique(np.array(episodes, dtype=np.int64)))
