"""The simulated subjects of validation/ as arrays: what a method wants."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints

FOLDER = Path(__file__).resolve().parents[2] / "validation"
COHORTS = {"car_t": 1, "bispecific": 0}
CLOCKS = ("onset", "grade3", "recovery")
DAYS = (1, 3, 7, 14, 28)

Numbers = dict[str, dict[str, float]]


class Observed(NamedTuple):
    """Time and code (0 censored, 1 event, 2 competing) of each subject of a clock."""

    time: Floats
    code: Ints


@cache
def columns(name: str = "input.csv") -> dict[str, list[str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {key: [row[key] for row in rows] for key in rows[0]}


def numbers(name: str) -> Ints:
    """A column of whole numbers; where a subject has none, 0."""
    return np.array([int(x or 0) for x in columns()[name]])


def column(name: str) -> Floats:
    return np.array([float(x or 0) for x in columns()[name]])


def who(cohort: str | None = None) -> np.ndarray:
    arm = numbers("arm")
    return np.ones(arm.size, dtype=bool) if cohort is None else arm == COHORTS[cohort]


def observed(clock: str, cohort: str | None = None) -> Observed:
    """The subjects of a cohort, or all, on a clock; with CRS only, where the clock is recovery."""
    code = numbers("code")
    if clock == "onset":
        return _part(column("time"), np.minimum(code, 2), who(cohort))
    if clock == "recovery":
        return _part(column("duration"), numbers("recovery"), who(cohort) & (code == 1))
    severe = numbers("grade") >= 3
    time = np.where(severe, column("max_day"), column("end"))
    return _part(time, np.where(severe, 1, np.minimum(numbers("terminal"), 2)), who(cohort))


def _part(time: Floats, code: Ints, chosen: np.ndarray) -> Observed:
    return Observed(time[chosen], code[chosen])


def swapped(code: Ints) -> Ints:
    """The competing event as the event."""
    return np.array([0, 2, 1])[code]


def fields(name: str, values: object, **named: str) -> dict[str, float]:
    """Attributes of a result as numbers called "<name> <attribute>"; `named` gives other names."""
    return {
        f"{name} {what}": float(getattr(values, attribute)) for what, attribute in named.items()
    }
