"""The headline numbers of a study page, as functions of how many subjects are in which state.

A state is one number: what a headline has to know of a subject. Null: the subject does not count
in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipeline.stats.arrays import Floats
from pipeline.stats.counts import CENSORED, count
from pipeline.stats.cumulative_incidence import incidence_by
from pipeline.stats.plan import PLAN
from pipeline.stats.proportions import wilson
from pipeline.stats.quantiles import summary

States = Mapping[float, int]
"""Number of subjects in each state."""
UNKNOWN = -1.0
"""State of a subject with CRS without a grade."""
NOT_AVAILABLE = math.nan
_CODES = 10


@dataclass(frozen=True)
class Headline:
    """A number on the page, where it stands in results, and how it is counted."""

    name: str
    words: str
    unit: str
    row: Mapping[str, Any]
    state: Callable[[], pl.Expr]
    value: Callable[[States, str], float]


def points(headline: Headline, move: float) -> float:
    """Size of a move: percentage points of a share; of days, the part of the plan's horizon."""
    return 100 * abs(move) / (PLAN.horizon if headline.unit == "days" else 1)


# ---- states ----


def _worst() -> pl.Expr:
    return pl.col("WORST").cast(pl.Float64, strict=False).fill_null(UNKNOWN)


def _timed(time: str, code: str, last: int) -> pl.Expr:
    """Time and code in one number; what comes after the last day that matters is alike."""
    late = pl.col(time) > last
    code_by_then = pl.when(late).then(CENSORED).otherwise(pl.col(code))
    return pl.min_horizontal(time, pl.lit(last + 1)) * _CODES + code_by_then.cast(pl.Float64)


def _onset(last: int) -> Callable[[], pl.Expr]:
    """First CRS, none past the end of the study's collection of events."""
    return lambda: _timed("CRS_T", "CRS_C", last)


def _recovery(last: int) -> Callable[[], pl.Expr]:
    return lambda: _timed("REC_T", "REC_C", last)


# ---- values ----


def _at_least(cut: int) -> Callable[[States, str], float]:
    """Share of subjects at or above a grade; recorded CRS without a grade is at least grade 1."""

    def value(states: States, basis: str) -> float:
        n, unknown = sum(states.values()), states.get(UNKNOWN, 0)
        graded = sum(k for grade, k in states.items() if grade >= 1)
        recorded = cut == 1 and basis == "collected"
        if not n or (unknown and not graded and not recorded):
            return NOT_AVAILABLE
        events = sum(k for grade, k in states.items() if grade >= cut)
        return wilson(events + (unknown if recorded else 0), n).value

    return value


def _incidence(day: int) -> Callable[[States, str], float]:
    def value(states: States, basis: str) -> float:
        del basis
        codes = _spread(states)
        counts = count(codes // _CODES, (codes % _CODES).astype(np.int64))
        return incidence_by(counts, day) if counts.known_at(day) else NOT_AVAILABLE

    return value


def _median(states: States, basis: str) -> float:
    del basis
    return summary(_spread(states)).median if states else NOT_AVAILABLE


def _mean(states: States, basis: str) -> float:
    del basis
    n = sum(states.values())
    return wilson(states.get(1.0, 0), n).value if n else NOT_AVAILABLE


def _spread(states: States) -> Floats:
    values = sorted(states)
    return np.repeat(np.array(values, dtype=np.float64), [states[v] for v in values])


_WORST = {"RESULT": "grade_distribution", "GROUPVAR": None, "STAT": "proportion"}
_INCIDENCE = {"LEVEL": "landmark", "STAT": "cumulative_incidence"}
_ONSET_DAY = 14
HEADLINES = (
    Headline(
        "crs", "share of treated subjects with CRS", "fraction",
        _WORST | {"LEVEL": ">=1"}, _worst, _at_least(1),
    ),
    Headline(
        "severe", "share of treated subjects with CRS of grade 3 or higher", "fraction",
        _WORST | {"LEVEL": ">=3"}, _worst, _at_least(3),
    ),
    Headline(
        "onset_cif", f"cumulative incidence of CRS by day {_ONSET_DAY}", "fraction",
        {"RESULT": "onset_cif", "VARIABLE": "TTCRS", "TIME": float(_ONSET_DAY), **_INCIDENCE},
        _onset(_ONSET_DAY), _incidence(_ONSET_DAY),
    ),
    Headline(
        "onset", "median onset of first CRS", "days",
        {"RESULT": "onset_time", "VARIABLE": "ONSET_D_FIRST", "STAT": "median"},
        lambda: pl.col("ONSET"), _median,
    ),
    *(
        Headline(
            f"recovery_{day}", f"share recovered by day {day} of first CRS", "fraction",
            {"RESULT": "recovery_cif", "VARIABLE": "TTREC", "TIME": float(day), **_INCIDENCE},
            _recovery(day), _incidence(day),
        )
        for day in PLAN.recovery_landmarks
    ),
    Headline(
        "duration", "median duration of first CRS", "days",
        {"RESULT": "duration", "VARIABLE": "DURATION_D", "STAT": "median", "GROUPVAR": None},
        lambda: pl.col("DURATION"), _median,
    ),
    Headline(
        "tocilizumab", "share of subjects with CRS given tocilizumab", "fraction",
        {"RESULT": "interventions", "LEVEL": "tocilizumab", "DENOM": "subjects with CRS"},
        lambda: pl.col("TOCI"), _mean,
    ),
)  # fmt: skip
