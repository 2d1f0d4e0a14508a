"""Two hand-typed cohorts, and the rows of one analysis of their pair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from pipeline.stats.analyses.difference import DIFFERENCE, Pair
from pipeline.stats.ard import Ard, Label
from pipeline.stats.population import make_pool, make_population
from pipeline.stats.timing import derive_timing
from tests.stats.by_hand import Hand, study

NAMES = ("A", "B")


def subjects(kind: str, *groups: tuple[int, int | None, Any, int]) -> Hand:
    """A cohort, study A or B, of groups: how many, day of CRS (1 day), its grade, follow-up.

    A day of CRS of None is no CRS; a grade of "?" is CRS without a grade.
    """
    hand = Hand(NAMES[kind == "bispecific"], kind)
    who = (f"U{i:03}" for i in range(1000))
    for n, day, grade, followed in groups:
        for name in [next(who) for _ in range(n)]:
            hand.subject(name, followed=followed)
            if day:
                known = None if grade == "?" else grade
                hand.episode(name, day, day).grade(name, known, BASIS="collected")
                hand.grade(name, known, BASIS="derived")
    return hand


def compare(add: Callable[[Pair, Ard], None], *hands: Hand, basis: str = "collected"):
    timings = [derive_timing(h.tables(), study(h.name, cohort=h.cohort)) for h in hands]
    pool = make_pool(timings)
    label = Label("ALL", "test", DIFFERENCE, "ASTCT2019", basis, "Y", "A, B")
    sides = (
        make_population(pool, Label("ALL", "test", c, "ASTCT2019", basis, "Y"), list(NAMES))
        for c in ("car_t", "bispecific")
    )
    ard = Ard(pool.roster)
    add(Pair(label, *sides), ard)
    return ard.frames()[0]


def three(row: dict[str, float]) -> tuple[float, float, float]:
    return row["VALUE"], row["LOW"], row["HIGH"]


def reasons(rows: pl.DataFrame) -> set[str | None]:
    return set(rows["REASON"].to_list())
