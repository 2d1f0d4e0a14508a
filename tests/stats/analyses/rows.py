"""Runs one analysis on hand-typed tables and gives its rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from pipeline.stats.ard import Ard, Label
from pipeline.stats.population import Population, make_pool, make_population
from pipeline.stats.timing import derive_timing
from tests.stats.by_hand import Hand, study


def population(hand: Hand, basis: str = "collected", **changes: Any) -> tuple[Population, Ard]:
    timing = derive_timing(hand.tables(), study(hand.name, **changes))
    pool = make_pool([timing])
    label = Label(hand.name, "test", hand.cohort, "ASTCT2019", basis, None)
    return make_population(pool, label, [hand.name]), Ard(pool.roster)


def rows_of(hand: Hand, add: Callable[..., None], *more: Any, basis: str = "collected"):
    pop, ard = population(hand, basis)
    add(pop, ard, *more)
    return ard.frames()[0]


def value(rows: pl.DataFrame, **where: Any) -> float | None:
    return one(rows, **where)["VALUE"]


def one(rows: pl.DataFrame, **where: Any) -> dict[str, Any]:
    found = rows.filter(**where)
    assert found.height == 1, found
    return found.row(0, named=True)
