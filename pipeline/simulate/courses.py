"""The true course of CRS after one dose: onset, end, fever, signs and form, for many subjects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipeline.simulate.blocks import DAY, HOUR, Bools, Floats, Ints, day_of, minutes
from pipeline.simulate.patterns import PATTERNS
from pipeline.simulate.products import Spread, StudySpec

STYLES = ("episode", "changes", "split")
_SIGNS = np.array([p.signs for p in PATTERNS])
_GRADE = {
    "ASTCT2019": np.array([p.astct for p in PATTERNS]),
    "LEE2014": np.array([p.lee for p in PATTERNS]),
}
_ASTCT = _GRADE["ASTCT2019"]
#: graver forms are rarer; this matters where forms are drawn by a Lee grade that spans several
_RARER = {1: 1.0, 2: 1.0, 3: 0.3, 4: 0.1}
_WEIGHT = np.array([p.weight * _RARER[p.astct] for p in PATTERNS])
_NOREPINEPHRINE = next(k for k, p in enumerate(PATTERNS) if p.pressors == "norepinephrine")
_FLUIDS = next(k for k, p in enumerate(PATTERNS) if p.low_pressure and p.pressors == "none")
_FATAL = len(PATTERNS) - 1


@dataclass(frozen=True)
class Given:
    """Doses that CRS follows: subject, number and time, and the last calendar day of onset."""

    subj: Ints
    dose_no: Ints
    time: Ints
    last_day: Ints


@dataclass(frozen=True)
class _Span:
    onset: Ints
    end: Ints
    form: Ints
    fatal: Bools


def draw_spread(rng: np.random.Generator, spread: Spread, n: int) -> Floats:
    """Log-normal draws cut at both ends, in the spread's unit."""
    draw = spread.median * np.exp(spread.sigma * rng.standard_normal(n))
    return np.clip(draw, spread.low, spread.high)


def draw_forms(rng: np.random.Generator, spec: StudySpec, n: int) -> tuple[Ints, Bools]:
    """Form of each episode by the study's grade shares, and whether it ends in death by CRS."""
    share = np.array(spec.grades) / sum(spec.grades)
    grade = np.searchsorted(np.cumsum(share)[:-1], rng.random(n), side="right") + 1
    pick = rng.random(n)
    form = np.full(n, _FATAL, dtype=np.int64)
    for g in range(1, 5):
        # A grade that no form reaches alone has no episodes; grade 5 takes the gravest form.
        pool = np.flatnonzero(_GRADE[spec.scale] == g)
        edges = np.cumsum(_WEIGHT[pool]) / _WEIGHT[pool].sum()
        of_grade = grade == g
        form[of_grade] = pool[np.searchsorted(edges[:-1], pick[of_grade], side="right")]
    return form, grade == 5


def draw_onset(rng: np.random.Generator, spread: Spread, dose: Ints, last_day: Ints) -> Ints:
    """Onset in minutes, after the dose and not later than the calendar day `last_day`."""
    n, dose_day = len(dose), day_of(dose)
    draw = draw_spread(rng, spread, n)
    clock = rng.random(n)
    if spread.unit == "h":
        onset = dose + minutes(draw * HOUR)
    else:
        days = np.round(draw).astype(np.int64)
        days[rng.random(n) < 0.03] = 0
        onset = (dose_day + days) * DAY + minutes(clock * (DAY - HOUR))
    latest = (last_day + 1) * DAY - minutes(HOUR + clock * 20 * HOUR)
    onset = np.minimum(onset, latest)
    return np.maximum(onset, dose + HOUR + minutes(clock * 2 * HOUR))


def draw_end(
    rng: np.random.Generator, spread: Spread, onset: Ints, form: Ints, fatal: Bools
) -> Ints:
    """End in minutes.

    A duration in days counts the first and the last calendar day, as published durations do.
    Signs need a day at least, grade 3 and higher two, so that no course is shorter than its care.
    """
    n = len(onset)
    draw, clock = draw_spread(rng, spread, n), rng.random(n)
    grave = (_ASTCT[form] >= 3) | fatal
    if spread.unit == "h":
        least = np.where(grave, 54, np.where(_SIGNS[form], 26, 4))
        return onset + minutes(np.maximum(draw, least) * HOUR)
    least = np.where(grave, 4, np.where(_SIGNS[form], 3, np.where(onset % DAY > 19 * HOUR, 2, 1)))
    days = np.maximum(np.round(draw), least).astype(np.int64)
    room = DAY - 10 - onset % DAY
    one_day = onset + minutes(3 * HOUR + clock * np.maximum(room - 3 * HOUR, 0))
    longer = (day_of(onset) + days - 1) * DAY + minutes((8 + 12 * clock) * HOUR)
    return np.where(days == 1, one_day, np.maximum(longer, onset + 8 * HOUR))


def lay_course(
    rng: np.random.Generator, styles: tuple[float, float, float], span: _Span
) -> dict[str, Any]:
    """When within the episode fever and signs stand, and how the investigator will write it down.

    FEVER0..FEVER1 fever, SIGN0..SIGN1 hypotension and hypoxia, GAP0..GAP1 a free time of 8 to 20
    hours within one episode (then fever comes back until BACK1).
    """
    onset, end, form = span.onset, span.end, span.form
    n = len(onset)
    length = (end - onset).astype(np.float64)
    u = rng.random((8, n))
    grade = _ASTCT[form]
    style = np.searchsorted(np.cumsum(styles)[:-1], u[0], side="right").astype(np.int64)
    style[(style == 2) & ((length < 96 * HOUR) | span.fatal)] = 0
    split = style == 2
    fever_share, sign_share = 0.45 + 0.4 * u[1], 0.08 + 0.17 * u[2]
    late = (grade >= 2) & (length >= 96 * HOUR) & ~split & (u[3] < 0.08)
    fever_share, sign_share = np.where(late, 0.25, fever_share), np.where(late, 0.55, sign_share)
    fever_share = np.where(split, np.minimum(fever_share, 0.58), fever_share)
    sign0 = onset + minutes(sign_share * length)
    sign1 = onset + minutes(np.where(late, 0.8, 0.48 + 0.1 * u[4]) * length)
    sign1 = np.maximum(sign1, sign0 + 8 * HOUR)
    gap0 = onset + minutes(0.62 * length)
    gap1 = gap0 + minutes((8 + 11 * u[5]) * HOUR)
    back1 = gap1 + minutes(0.5 * (end - gap1))
    return {
        "FEVER1": onset + minutes(fever_share * length),
        "SIGN0": np.where(_SIGNS[form], sign0, -1),
        "SIGN1": np.where(_SIGNS[form], sign1, -1),
        "GAP0": np.where(split, gap0, -1),
        "GAP1": np.where(split, gap1, -1),
        "BACK1": np.where(split, back1, -1),
        "LATE": late,
        "STYLE": style,
    }


def special_cases(rng: np.random.Generator, form: Ints, fatal: Bools) -> tuple[Ints, Bools, Bools]:
    """A few courses that test the rules: never febrile, and hypotension from bleeding.

    Returns the form, who never has fever, and whose hypotension has another cause.
    """
    draw = rng.random(len(form))
    afebrile = (_ASTCT[form] == 2) & (draw < 0.03) & ~fatal
    bleeding = (_ASTCT[form] == 1) & (draw > 0.98) & ~fatal
    form = np.where(afebrile, _FLUIDS, np.where(bleeding, _NOREPINEPHRINE, form))
    return form, afebrile, bleeding


def draw_episodes(rng: np.random.Generator, spec: StudySpec, given: Given) -> pl.DataFrame:
    """One CRS episode for each dose given here."""
    form, fatal = draw_forms(rng, spec, len(given.subj))
    form, afebrile, bleeding = special_cases(rng, form, fatal)
    onset = draw_onset(rng, spec.onset, given.time, given.last_day)
    end = draw_end(rng, spec.duration, onset, form, fatal)
    laid = lay_course(rng, spec.styles, _Span(onset, end, form, fatal))
    # Written once: their truth rests on one record.
    laid["STYLE"] = np.where(afebrile | bleeding, 0, laid["STYLE"])
    for name in ("GAP0", "GAP1", "BACK1"):
        laid[name] = np.where(laid["STYLE"] == 2, laid[name], -1)
    return treat(
        rng,
        spec,
        pl.DataFrame(
            {
                "SUBJ": given.subj, "DOSE": given.dose_no, "DOSETIME": given.time,
                "ONSET": onset, "END": end,
                "FORM": form, "FATAL": fatal, "FEVER": ~afebrile, "BLEEDING": bleeding, **laid,
            }
        ),
    )  # fmt: skip


def treat(rng: np.random.Generator, spec: StudySpec, course: pl.DataFrame) -> pl.DataFrame:
    """Add who gets antipyretics, tocilizumab (how often, when) and steroids, by true grade."""
    n = course.height
    form = course["FORM"].to_numpy()
    grade = np.where(course["BLEEDING"].to_numpy(), 1, _GRADE[spec.scale][form])
    u = rng.random((6, n))
    late = course["LATE"].to_numpy()
    fever = course["FEVER"].to_numpy()
    toci = fever & (late | (u[0] < np.array(spec.tocilizumab)[grade - 1]))
    twice = toci & (u[1] < np.array((0.15, 0.3, 0.6, 0.8))[grade - 1])
    onset, end = course["ONSET"].to_numpy(), course["END"].to_numpy()
    first_sign = np.where(course["SIGN0"].to_numpy() > 0, course["SIGN0"].to_numpy(), end)
    wait = np.minimum((first_sign - onset) * (0.4 + 0.5 * u[2]), 30 * HOUR)
    when = onset + HOUR + minutes(np.minimum(wait, (end - onset) * 0.4))
    return course.with_columns(
        pl.Series("ANTIPYRETIC", fever & (u[3] < 0.9)),
        pl.Series("TOCI", when).set(pl.Series(~toci), None),
        pl.Series("TOCI_N", toci.astype(np.int64) + twice),
        pl.Series("STEROID", fever & (u[4] < np.array(spec.steroid)[grade - 1])),
    )
