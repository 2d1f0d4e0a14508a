"""VS: readings of the true course, every few hours in hospital, daily for a month, then none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.simulate.blocks import DAY, HOUR, Bools, Floats, Ints, block, minutes, stack
from pipeline.simulate.followup import FollowUp
from pipeline.simulate.patterns import PATTERNS, REGIMENS
from pipeline.simulate.people import People, Trial

TESTS = {
    "TEMP": ("Temperature", "C"),
    "SYSBP": ("Systolic Blood Pressure", "mmHg"),
    "DIABP": ("Diastolic Blood Pressure", "mmHg"),
    "HR": ("Heart Rate", "beats/min"),
    "RESP": ("Respiratory Rate", "breaths/min"),
    "OXYSAT": ("Oxygen Saturation", "%"),
    "WEIGHT": ("Weight", "kg"),
    "HEIGHT": ("Height", "cm"),
}
_ORDER = ("SUBJ", "VSDTC", "IN_CRS", "VSTESTCD", "VALUE")
_LOW = np.array([p.low_pressure for p in PATTERNS])
_HYPOXIC = np.array([p.oxygen != "none" for p in PATTERNS])
_PRESSOR = np.array([bool(REGIMENS[p.pressors].infusions) for p in PATTERNS])


@dataclass(frozen=True)
class _Ill:
    """What readings depend on: the CRS course, fevers of another cause, hospital stays."""

    course: pl.DataFrame
    fevers: pl.DataFrame
    stay: pl.DataFrame


def vitals(
    trial: Trial,
    stay: pl.DataFrame,
    course: pl.DataFrame,
    fevers: pl.DataFrame,
    follow_up: FollowUp,
) -> pl.DataFrame:
    """Long table of readings (SUBJ, VSTESTCD, VALUE, VSDTC); IN_CRS marks those within CRS.

    `fevers` are fevers of another cause (SUBJ, START, END).
    """
    rng, ill = trial.stream("vitals"), _Ill(course, fevers, stay)
    subj, time = _times(rng, trial, ill)
    within = time < follow_up.end[subj]
    subj, time = subj[within], time[within]
    signs = _signs(rng, ill, subj, time)
    values = _values(rng, trial.people.systolic[subj], signs)
    wide = block(subj, VSDTC=time, IN_CRS=signs["in_crs"], **values)
    long = wide.unpivot(
        index=["SUBJ", "VSDTC", "IN_CRS"], variable_name="VSTESTCD", value_name="VALUE"
    )
    return pl.concat([_body(rng, trial.people), long.select(_ORDER)])


def _body(rng: np.random.Generator, people: People) -> pl.DataFrame:
    """Weight and height before the first dose."""
    who = np.arange(people.n, dtype=np.int64)
    tall = np.round(rng.normal(np.where(people.sex == "M", 177, 164), 7))
    same = {"VSDTC": -DAY + 8 * HOUR, "IN_CRS": False}
    return stack(
        [
            block(who, VSTESTCD="WEIGHT", VALUE=people.weight, **same),
            block(who, VSTESTCD="HEIGHT", VALUE=tall, **same),
        ]
    ).select(_ORDER)


def _times(rng: np.random.Generator, trial: Trial, ill: _Ill) -> tuple[Ints, Ints]:
    """When readings are taken: rounds, a daily visit, and at every change of the course."""
    people, course, stay, fevers = trial.people, ill.course, ill.stay, ill.fevers
    rounds = _rounds(rng, trial.spec.vitals_h, stay["SUBJ"], stay["IN"], stay["OUT"])
    daily = np.repeat(np.arange(people.n, dtype=np.int64), 32)
    visit = np.tile(np.arange(-1, 31, dtype=np.int64) * DAY, people.n)
    visit = visit + 8 * HOUR + minutes(rng.random(len(visit)) * 5 * HOUR)
    changes = [
        (course["SUBJ"].to_numpy(), course[c].to_numpy())
        for c in ("ONSET", "SIGN0", "SIGN1", "GAP0", "GAP1", "END")
    ]
    feverish = _rounds(rng, 8, fevers["SUBJ"], fevers["START"], fevers["END"])
    parts = [(daily, visit), rounds, feverish, *changes]
    subj = np.concatenate([p[0] for p in parts])
    time = np.concatenate([p[1] for p in parts])
    keep = (time > -3 * DAY) & ~((subj < 0) | (time == -1))
    key = np.unique(subj[keep] * 10_000_000 + time[keep] + 5_000_000)
    return key // 10_000_000, key % 10_000_000 - 5_000_000


def _rounds(
    rng: np.random.Generator, every_h: int, subj: pl.Series, start: pl.Series, end: pl.Series
) -> tuple[Ints, Ints]:
    first, last = start.to_numpy(), end.to_numpy()
    count = np.maximum((last - first) // (every_h * HOUR), 0)
    index = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    jitter = minutes(rng.random(len(index)) * 40)
    time = np.repeat(first, count) + index * every_h * HOUR + jitter
    return np.repeat(subj.to_numpy(), count), time.astype(np.int64)


def _latest(starts: pl.DataFrame, start: str, subj: Ints, time: Ints) -> tuple[Ints, Bools]:
    """For each reading the last interval of its subject that began by then, and if there is one."""
    scale = 10_000_000
    key = starts["SUBJ"].to_numpy() * scale + starts[start].to_numpy() + scale // 2
    at = np.searchsorted(key, subj * scale + time + scale // 2, side="right") - 1
    found = at >= 0
    if starts.height == 0:
        return np.zeros(len(subj), dtype=np.int64), np.zeros(len(subj), dtype=bool)
    at = np.maximum(at, 0)
    return at, found & (starts["SUBJ"].to_numpy()[at] == subj)


def _signs(rng: np.random.Generator, ill: _Ill, subj: Ints, time: Ints) -> dict[str, Bools]:
    """Which signs stand at the given moments."""
    course, fevers, n = ill.course, ill.fevers, len(subj)
    at, known = _latest(course, "ONSET", subj, time)

    def c(name: str) -> Ints:
        column = course[name].to_numpy()
        return column[at] if len(column) else np.zeros(n, dtype=np.int64)

    in_crs = known & (time <= c("END"))
    again = (c("GAP1") > 0) & (time >= c("GAP1")) & (time < c("BACK1"))
    fever = in_crs & c("FEVER").astype(bool) & ((time < c("FEVER1")) | again)
    signs = in_crs & (c("SIGN0") > 0) & (time >= c("SIGN0")) & (time < c("SIGN1"))
    first = time == c("SIGN0")
    low = signs & _LOW[c("FORM")]
    other, by = _latest(fevers, "START", subj, time)
    ends = fevers["END"].to_numpy()[other] if fevers.height else time
    return {
        "in_crs": in_crs,
        "hot": fever | (by & (time < ends)),
        "low": low,
        "hypoxic": signs & _HYPOXIC[c("FORM")],
        "first": first,
        # The first reading of low pressure precedes any pressor; under one it may be normal.
        "held": low & _PRESSOR[c("FORM")] & ~first & (rng.random(n) < 0.4),
    }


def _values(rng: np.random.Generator, usual: Floats, signs: dict[str, Bools]) -> dict[str, Floats]:
    """Values that show exactly these signs; all others are clearly normal."""
    z = rng.standard_normal((5, len(usual)))
    hot, low, hypoxic = signs["hot"], signs["low"], signs["hypoxic"]
    normal = np.clip(36.7 + 0.25 * z[0], 36, 37.4)
    temp = np.where(hot, np.clip(38.7 + 0.5 * z[0], 38.0, 40.6), normal)
    systolic = np.where(low, np.clip(81 + 4 * z[1], 62, 88), np.clip(usual + 6 * z[1], 98, 175))
    systolic = np.round(np.where(signs["held"], np.clip(100 + 3 * z[1], 95, 112), systolic))
    supported = np.where(signs["first"], 86 + z[2], 93 + 1.2 * z[2])
    oxygen = np.where(hypoxic, supported, 97 + 0.9 * z[2])
    return {
        "TEMP": np.round(temp, 1),
        "SYSBP": systolic,
        "DIABP": np.round(systolic * (0.6 + 0.02 * z[3])),
        "HR": np.round(np.clip(76 + 8 * z[4] + 22 * hot + 14 * low, 45, 170)),
        "RESP": np.round(np.clip(16 + 1.5 * z[3] + 3 * hot + 6 * hypoxic, 9, 40)),
        "OXYSAT": np.round(np.clip(oxygen, np.where(hypoxic, 80, 94), 100)),
    }
