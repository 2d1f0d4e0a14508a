"""Which result rows a block of a page is made of."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_
from typing import Any

import polars as pl

from reports import wording

Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Block:
    """Rows of one grading system and basis, with the arms that they speak of.

    Attributes:
        system: Code of the grading system.
        basis: collected or derived.
        rows: Its result rows, differences between arms included.
        arms: Codes of its cohorts, CAR-T first.
        primary: Whether the study names it as primary.
    """

    system: str
    basis: str
    rows: pl.DataFrame
    arms: tuple[str | None, ...]
    primary: bool

    @property
    def key(self) -> str:
        """Name of the block in ids and in the switch."""
        return re.sub(r"[^a-z0-9]+", "-", f"{self.system}-{self.basis}".lower())

    @property
    def name(self) -> str:
        """Grading system and basis in words."""
        return wording.system_basis(self.system, self.basis)

    @property
    def missing(self) -> str | None:
        """Why nothing is available under this system, null where something is."""
        there = self.rows.filter(pl.col("STATUS") != "not_available")
        if there.height or self.rows.is_empty():
            return None
        return self.rows["REASON"].drop_nulls().sort().to_list()[0]

    @property
    def absent(self) -> list[tuple[str | None, str]]:
        """Arms that have nothing under this system while another has, with the reason."""
        return [
            (arm, self.arm(arm)["REASON"].drop_nulls().sort().to_list()[0])
            for arm in cohorts(self.rows)
            if arm not in self.arms
        ]

    @property
    def without_crs(self) -> bool:
        """Whether it is known that no treated subject of any arm has a recorded episode."""
        if self.basis != "collected":
            return False
        rows = self.of("subjects", VARIABLE="with_crs", STAT="n")
        known = (rows["STATUS"] == "ok") & (rows["EVENTS"] == 0) & (rows["N"] > 0)
        return not rows.is_empty() and bool(known.all())

    def arm(self, cohort: str | None) -> pl.DataFrame:
        """Rows of one arm."""
        return self.rows.filter(pl.col("COHORT").eq_missing(pl.lit(cohort, pl.String)))

    def of(self, result: str, **equal: str | float | None) -> pl.DataFrame:
        """Rows of one analysis over all arms; keyword: column = value (None for null)."""
        rows = self._by_result.get((result,))
        return self.rows.clear() if rows is None else only(rows, **equal)

    @cached_property
    def _by_result(self) -> dict[tuple[Any, ...], pl.DataFrame]:
        return split(self.rows, "RESULT")


def only(rows: pl.DataFrame, **equal: str | float | None) -> pl.DataFrame:
    """Rows that have the given values; None stands for null.

    A page asks this thousands of times, of few rows: series are compared at once, an expression
    would be planned anew each time.
    """
    tests = [
        rows[column].is_null() if wanted is None else rows[column] == wanted
        for column, wanted in equal.items()
    ]
    return rows.filter(reduce(and_, tests)) if tests else rows


def first(rows: pl.DataFrame, **equal: str | float | None) -> Row | None:
    """The first of those rows, null where there is none."""
    found = only(rows, **equal)
    return found.row(0, named=True) if found.height else None


def by(rows: pl.DataFrame, *columns: str) -> dict[tuple[Hashable, ...], Row]:
    """The first row of each combination of values, for who asks for one after the other."""
    found: dict[tuple[Hashable, ...], Row] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(tuple(row[column] for column in columns), row)
    return found


def by_stat(rows: pl.DataFrame, *columns: str) -> dict[tuple[Hashable, ...], dict[str, Row]]:
    """The rows of each combination of values by their STAT."""
    found: dict[tuple[Hashable, ...], dict[str, Row]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(tuple(row[column] for column in columns), {})[row["STAT"]] = row
    return found


def split(rows: pl.DataFrame, *columns: str) -> dict[tuple[Any, ...], pl.DataFrame]:
    """The rows of each combination of values, in their order."""
    return rows.partition_by(columns, as_dict=True, maintain_order=True)


def cohorts(rows: pl.DataFrame) -> tuple[str | None, ...]:
    """Arms among the rows, CAR-T first; a difference of two is not an arm."""
    names = [n for n in rows["COHORT"].unique().to_list() if n is None or " - " not in n]
    return tuple(sorted(names, key=lambda n: (n != "car_t", n is None, n or "")))


def blocks(results: pl.DataFrame) -> list[Block]:
    """Blocks of a page: primary first, then what is available, then the rest, by name.

    How gradings agree is of the study and not of one system, so it is in no block.
    """
    results = results.filter(~pl.col("RESULT").is_in(["reconciliation", "crosstab"]))
    made: list[Block] = []
    for (system, basis), rows in results.group_by("SYSTEM", "BASIS", maintain_order=True):
        primary = bool((rows["PRIMARY"] == "Y").any())
        there = cohorts(rows.filter(pl.col("STATUS") != "not_available")) or cohorts(rows)
        made.append(Block(str(system), str(basis), rows, there, primary))
    return sorted(made, key=lambda b: (not b.primary, b.missing is not None, b.basis, b.system))
