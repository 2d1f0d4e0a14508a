"""Analysis results data: every statistic is a row that says what it is and who is behind it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.schemas.tables.results import Results
from pipeline.schemas.tables.sets import Sets, Sources
from pipeline.stats.arrays import Ints
from pipeline.stats.plan import PLAN, PLANVER
from pipeline.stats.roster import Roster

NOBODY: Ints = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Label:
    """Columns that all rows of one population share."""

    STUDYID: str
    DATA_KIND: str
    COHORT: str | None
    SYSTEM: str
    BASIS: str
    PRIMARY: str | None
    STUDIES: str | None = None
    """Studies pooled, named in POPULATION; null within a study."""


class Row(NamedTuple):
    """One statistic; NaN means not estimable and needs a reason, n and events are members."""

    RESULT: str
    VARIABLE: str
    STAT: str
    UNIT: str
    METHOD: str
    POPULATION: str
    n: Ints
    VALUE: float = math.nan
    LOW: float = math.nan
    HIGH: float = math.nan
    events: Ints | None = None
    ESTIMAND: str | None = None
    CLOCK: str | None = None
    EPISODES: str | None = None
    GROUPVAR: str | None = None
    GROUP: str | None = None
    LEVEL: str | None = None
    TIME: float | None = None
    DENOM: str | None = None
    REASON: str | None = None
    STATUS: str = "ok"
    """Given as not_available; ok or not_estimable follows from VALUE."""


_SHARED = ("STUDYID", "DATA_KIND", "COHORT", "SYSTEM", "BASIS", "PRIMARY")
_WORDS = (
    "RESULT", "ESTIMAND", "CLOCK", "EPISODES", "GROUPVAR", "GROUP", "VARIABLE", "LEVEL", "STAT",
    "UNIT", "DENOM", "METHOD", "STATUS", "REASON",
)  # fmt: skip
_NUMBERS = ("TIME", "VALUE", "LOW", "HIGH")


class Ard:
    """Collects rows and the sets that they cite."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._labels: list[Label] = []
        self._rows: list[Row] = []
        self._sets: dict[str, list[str | None]] = {"SET_N": [], "SET_EVENTS": []}

    def add(self, label: Label, row: Row) -> None:
        """Take one statistic.

        Raises:
            ValueError: it has no value and no reason, or an infinite number.
        """
        if math.isinf(row.VALUE) or math.isinf(row.LOW) or math.isinf(row.HIGH):
            raise ValueError("an infinite number is not a result")
        if not row.REASON and (row.STATUS != "ok" or math.isnan(row.VALUE)):
            raise ValueError(f"{row.RESULT} {row.VARIABLE} {row.STAT}: no value and no reason")
        self._labels.append(label)
        self._rows.append(row)
        # Now, not later: a set is refused where it is made, and sets are numbered as they come.
        events = None if row.events is None else self._roster.setid(row.events)
        self._sets["SET_N"].append(self._roster.setid(row.n))
        self._sets["SET_EVENTS"].append(events)

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Results and sets, validated and sorted by their keys."""
        labels, rows = self._labels, self._rows
        both = list(zip(labels, rows, strict=True))
        given = {
            "RESULTID": [resultid(label, row) for label, row in both],
            "POPULATION": [_population(row.POPULATION, label) for label, row in both],
            **{name: list(map(attrgetter(name), labels)) for name in _SHARED},
            **{name: list(map(attrgetter(name), rows)) for name in _WORDS},
            **{name: _numbers(map(attrgetter(name), rows)) for name in _NUMBERS},
            "N": [row.n.size for row in rows],
            "EVENTS": [None if row.events is None else row.events.size for row in rows],
            **self._sets,
        }
        schema = Results.create_empty().schema
        absent = pl.col("VALUE").is_null() & (pl.col("STATUS") == "ok")
        limited = pl.any_horizontal(pl.col("LOW", "HIGH").is_not_null())
        results = (
            pl.DataFrame(given, schema={name: schema[name] for name in given})
            .with_columns(
                STATUS=pl.when(absent).then(pl.lit("not_estimable")).otherwise("STATUS"),
                CONF=pl.when(limited).then(PLAN.conf),
                PLANVER=pl.lit(PLANVER),
            )
            .select(Results.column_names())
            .sort("RESULTID")
        )
        return Results.validate(results), Sets.validate(self._roster.sets(), cast=True)


def resultid(label: Label, row: Row) -> str:
    """Hash of what says which statistic a row is, so that it is the same next night."""
    key = (
        label.STUDYID, label.DATA_KIND, row.RESULT, row.ESTIMAND, label.COHORT, label.SYSTEM,
        label.BASIS, row.CLOCK, row.EPISODES, row.GROUPVAR, row.GROUP, row.VARIABLE, row.LEVEL,
        None if row.TIME is None else str(row.TIME), row.STAT, row.DENOM,
    )  # fmt: skip
    text = "\x1f".join([part or "" for part in key])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def sources(results: pl.DataFrame, sets: pl.DataFrame) -> pl.DataFrame:
    """The subjects behind each statistic: RESULTID, ROLE (n, events), STUDYID, USUBJID, EPISEQ."""
    cited = results.unpivot(["SET_N", "SET_EVENTS"], index="RESULTID", value_name="SETID")
    role = pl.col("variable").replace_strict({"SET_N": "n", "SET_EVENTS": "events"})
    view = cited.drop_nulls("SETID").select("RESULTID", "SETID", ROLE=role).join(sets, on="SETID")
    return view.select(Sources.column_names()).sort(Sources.primary_key())


def _numbers(values: Iterable[float | None]) -> pl.Series:
    """The values, null where they are NaN or none."""
    return pl.Series(np.array([*values], dtype=np.float64)).fill_nan(None)


def _population(words: str, label: Label) -> str:
    return words if label.STUDIES is None else f"{words}; studies {label.STUDIES}"
