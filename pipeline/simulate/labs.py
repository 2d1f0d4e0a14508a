"""LB: inflammation markers that rise and fall with CRS, blood counts, kidney and liver."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.simulate.blocks import DAY, HOUR, Floats, Ints, block, minutes
from pipeline.simulate.followup import FollowUp
from pipeline.simulate.patterns import PATTERNS
from pipeline.simulate.people import People, Trial
from pipeline.simulate.products import StudySpec

#: LBTESTCD: name, unit, lower and upper limit of normal, decimals
TESTS: dict[str, tuple[str, str, float | None, float | None, int]] = {
    "CRP": ("C Reactive Protein", "mg/L", None, 5.0, 1),
    "FERRITIN": ("Ferritin", "ug/L", 20.0, 300.0, 0),
    "INTLK6": ("Interleukin 6", "ng/L", None, 7.0, 1),
    "PLAT": ("Platelets", "10^9/L", 150.0, 400.0, 0),
    "NEUT": ("Neutrophils", "10^9/L", 1.8, 7.5, 2),
    "LDH": ("Lactate Dehydrogenase", "U/L", 120.0, 250.0, 0),
    "CREAT": ("Creatinine", "mg/dL", 0.5, 1.2, 2),
    "ALT": ("Alanine Aminotransferase", "U/L", 5.0, 40.0, 0),
    "FIBRINO": ("Fibrinogen", "g/L", 2.0, 4.0, 2),
}
_KIDNEY = {"creatinine 2": 2.2, "kidney 3": 4.2}
_LIVER = {"enzymes 2": 160.0, "enzymes 3": 400.0, "enzymes 4": 1100.0}
_ASTCT = np.array([p.astct for p in PATTERNS])
_CREAT = np.array([_KIDNEY.get(p.organ, 0.0) for p in PATTERNS])
_ALT = np.array([_LIVER.get(p.organ, 0.0) for p in PATTERNS])
_DAYS = (-6, -1, 0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 14, 17, 21, 28)


def labs(trial: Trial, course: pl.DataFrame, follow_up: FollowUp) -> pl.DataFrame:
    """Long table of laboratory values (SUBJ, LBTESTCD, VALUE, LBDTC), before breakfast."""
    rng = trial.stream("labs")
    subj, time = _draws(rng, trial.people, course, follow_up)
    values = _values(rng, trial.spec, course, subj, time)
    wide = block(subj, LBDTC=time, **values)
    return wide.unpivot(index=["SUBJ", "LBDTC"], variable_name="LBTESTCD", value_name="VALUE")


def _draws(
    rng: np.random.Generator, people: People, course: pl.DataFrame, follow_up: FollowUp
) -> tuple[Ints, Ints]:
    """Fixed days, and each of the first four mornings of a later CRS."""
    planned = np.repeat(np.arange(people.n, dtype=np.int64), len(_DAYS))
    day = np.tile(np.array(_DAYS, dtype=np.int64), people.n)
    first = course["ONSET"].to_numpy() // DAY
    extra = np.repeat(course["SUBJ"].to_numpy(), 4)
    extra_day = np.repeat(first, 4) + np.tile(np.arange(1, 5), course.height)
    key = np.unique(
        np.concatenate([planned, extra]) * 10_000 + np.concatenate([day, extra_day]) + 5000
    )
    subj, day = key // 10_000, key % 10_000 - 5000
    time = day * DAY + 5 * HOUR + minutes(rng.random(len(day)) * 150)
    keep = (time < follow_up.end[subj]) & (people.treated[subj] | (day < 0))
    return subj[keep], time[keep]


def _since(course: pl.DataFrame, subj: Ints, time: Ints) -> tuple[Ints, Floats, Floats]:
    """Last episode of the subject so far: row, days since onset and since end (inf if none)."""
    scale = 10_000_000
    key = course["SUBJ"].to_numpy() * scale + course["ONSET"].to_numpy() + scale // 2
    at = np.searchsorted(key, subj * scale + time + scale // 2, side="right") - 1
    far = np.full(len(subj), np.inf)
    if course.height == 0:
        return np.zeros(len(subj), dtype=np.int64), far, far
    row = np.maximum(at, 0)
    own = (at >= 0) & (course["SUBJ"].to_numpy()[row] == subj)
    onset = (time - course["ONSET"].to_numpy()[row]) / DAY
    end = (time - course["END"].to_numpy()[row]) / DAY
    return row, np.where(own, onset, far), np.where(own, end, far)


def _values(
    rng: np.random.Generator, spec: StudySpec, course: pl.DataFrame, subj: Ints, time: Ints
) -> dict[str, Floats]:
    n = len(subj)
    z = np.exp(0.25 * rng.standard_normal((9, n)))
    row, since, after = _since(course, subj, time)
    form = course["FORM"].to_numpy()[row] if course.height else row
    grade = _ASTCT[form]
    ill = np.isfinite(since)
    clock = np.where(ill, since, 0.0)
    fade = np.where(ill, np.exp(-np.maximum(np.where(ill, after, 0.0), 0) / 2), 0.0)
    rise = np.where(ill, 1 - np.exp(-clock / 0.7), 0.0) * fade
    slow = np.where(ill, 1 - np.exp(-clock / 2), 0.0) * np.sqrt(fade)
    week = np.exp(-(((time / DAY - 6) / 6) ** 2)) * (spec.cohort == "car_t")
    crp = (12 + 90 * grade**0.7 * rise) * z[0]
    organ = ill & (after < 1)
    values: dict[str, Floats] = {
        "CRP": crp / 10 if spec.crp_unit == "mg/dL" else crp,
        "FERRITIN": (420 + 1800 * grade**1.6 * slow) * z[1],
        "INTLK6": (6 + 160 * grade**2 * rise) * z[2] ** 2,
        "PLAT": np.maximum(160 - 90 * week, 18) * z[3],
        "NEUT": np.maximum(3.2 - 3.0 * week, 0.05) * z[4],
        "LDH": (210 + 90 * rise) * z[5],
        "CREAT": np.where(
            organ & (_CREAT[form] > 0), _CREAT[form], np.clip(0.85 * z[6], 0.5, 1.15)
        ),
        "ALT": np.where(organ & (_ALT[form] > 0), _ALT[form], np.clip(22 * z[7], 8, 38)),
        "FIBRINO": np.maximum((3.4 - 0.4 * grade * slow), 0.9) * z[8],
    }
    digits = {name: test[4] + int(name == "CRP") for name, test in TESTS.items()}
    return {name: v.round(digits[name]) for name, v in values.items()}
