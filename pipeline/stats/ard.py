"""Analysis results data: every statistic is a row that says what it is and who is behind it."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, fields
from operator import attrgetter

import numpy as np
import polars as pl

from pipeline.schemas.tables.results import Results
from pipeline.schemas.tables.sets import Sets, Sources
from pipeline.stats.arrays import Ints
from pipeline.stats.plan import PLAN, PLANVER
from pipeline.stats.roster import Roster

NOBODY: Ints = np.empty(0, dtype=np.int64)

KEY = (
    "STUDYID", "DATA_KIND", "RESULT", "ESTIMAND", "COHORT", "SYSTEM", "BASIS", "CLOCK", "EPISODES",
    "GROUPVAR", "GROUP", "VARIABLE", "LEVEL", "TIME", "STAT", "DENOM",
)  # fmt: skip


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


@dataclass(frozen=True, eq=False)
class Row:
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
_PLAIN = [f.name for f in fields(Row) if f.name not in {"n", "events", "VALUE", "LOW", "HIGH"}]
_plain, _shared = attrgetter(*_PLAIN), attrgetter(*_SHARED)


class Ard:
    """Collects rows and the sets that they cite."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._rows: list[dict[str, object]] = []

    def add(self, label: Label, row: Row) -> None:
        """Take one statistic.

        Raises:
            ValueError: it has no value and no reason, or an infinite number.
        """
        value, low, high = (_number(x) for x in (row.VALUE, row.LOW, row.HIGH))
        status = row.STATUS
        if status == "ok" and value is None:
            status = "not_estimable"
        if status != "ok" and not row.REASON:
            raise ValueError(f"{row.RESULT} {row.VARIABLE} {row.STAT}: no value and no reason")
        taken: dict[str, object] = dict(zip(_PLAIN, _plain(row), strict=True))
        taken.update(zip(_SHARED, _shared(label), strict=True))
        taken.update(
            {
                "POPULATION": _population(row.POPULATION, label),
                "STATUS": status,
                "VALUE": value,
                "LOW": low,
                "HIGH": high,
                "CONF": None if low is None and high is None else PLAN.conf,
                "N": row.n.size,
                "EVENTS": None if row.events is None else row.events.size,
                "PLANVER": PLANVER,
                "SET_N": self._roster.setid(row.n),
                "SET_EVENTS": None if row.events is None else self._roster.setid(row.events),
            }
        )
        self._rows.append(taken)

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Results and sets, validated and sorted by their keys."""
        names = Results.column_names()
        rows = [r | {"RESULTID": resultid(r)} for r in self._rows]
        schema = Results.create_empty().schema
        results = pl.DataFrame(rows, schema=schema, orient="row").select(names).sort("RESULTID")
        return Results.validate(results), Sets.validate(self._roster.sets(), cast=True)


def resultid(row: dict[str, object]) -> str:
    """Hash of the columns that say which statistic a row is, so that it is the same next night."""
    text = "\x1f".join("" if row[k] is None else str(row[k]) for k in KEY)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def sources(results: pl.DataFrame, sets: pl.DataFrame) -> pl.DataFrame:
    """The subjects behind each statistic: RESULTID, ROLE (n, events), STUDYID, USUBJID, EPISEQ."""
    cited = results.unpivot(["SET_N", "SET_EVENTS"], index="RESULTID", value_name="SETID")
    role = pl.col("variable").replace_strict({"SET_N": "n", "SET_EVENTS": "events"})
    view = cited.drop_nulls("SETID").select("RESULTID", "SETID", ROLE=role).join(sets, on="SETID")
    return view.select(Sources.column_names()).sort(Sources.primary_key())


def _number(value: float) -> float | None:
    if math.isinf(value):
        raise ValueError("an infinite number is not a result")
    return None if math.isnan(value) else float(value)


def _population(words: str, label: Label) -> str:
    return words if label.STUDIES is None else f"{words}; studies {label.STUDIES}"
