"""RESULT lab_kinetics: laboratory values before, during and after CRS, by day and by grade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.stats.analyses.grade_distribution import worst_grades
from pipeline.stats.analyses.maximum_grade import GROUPS
from pipeline.stats.ard import NOBODY, Ard, Row
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, Population
from pipeline.stats.quantiles import quantile_of

NO_CRS = "0"
KNOWN_LATER = "by the worst grade of the subject, which is known only afterwards"
QUARTILES = ("median", "q1", "q3")
FIVE = (*QUARTILES, "min", "max")
METHOD = (
    "median and quartiles (averaged inverse distribution) over subjects; of several values of a "
    "subject the {} counts; a value beyond a limit counts as that limit"
)


class _Part(NamedTuple):
    """Values of subjects, one per test and DAY, and what their rows say."""

    values: pl.DataFrame
    level: str
    stats: tuple[str, ...]
    clock: str | None
    words: str


@dataclass(frozen=True, eq=False)
class _Test:
    """A laboratory test as the rows name it."""

    code: str
    words: str
    unit: str
    worst: str


def add_lab_kinetics(pop: Population, ard: Ard) -> None:
    """Per test: baseline, course from the first dose and from onset of the first CRS, and peak.

    For all subjects and by the worst grade that a subject came to have, which is known only later.
    Days are elapsed days. Of several values of a subject on one day, or in the time of a peak, the
    worst counts: the highest, for counts of cells and their like the lowest. Values without a
    number are left out. Only days with a value have a row.
    """
    values = _usable(pop)
    tests = {
        code: _Test(code, words, unit, worst)
        for code, words, unit, worst in values.select("LBTESTCD", "TEST", "UNIT", "WORST")
        .unique("LBTESTCD", keep="first", maintain_order=True)
        .iter_rows()
    }
    for part in _parts(pop, values):
        for group, chosen in (("", part.values), ("MAXGRADE", _graded(pop, part.values))):
            _add_part(pop, ard, tests, part._replace(values=chosen), group)


def _usable(pop: Population) -> pl.DataFrame:
    """Values in follow-up, in the unit that most of the test have; SIGNED is worst where high."""
    followed = pop.labs.join(pop.treated.select("SUBJ", "FUPDY"), on="SUBJ", how="inner")
    there = followed.filter(
        pl.col("VALUE").is_not_null(), pl.col("D_FROM_DOSE") < pl.col("FUPDY")
    ).sort("LBTESTCD", "SUBJ", "LBSEQ")
    units = (
        there.group_by("LBTESTCD", "UNIT")
        .len()
        .sort("LBTESTCD", "len", "UNIT", descending=[False, True, False])
    )
    usual = units.unique("LBTESTCD", keep="first", maintain_order=True)
    falls = pl.col("WORST") == "low"
    return there.join(
        usual, on=["LBTESTCD", "UNIT"], how="semi", maintain_order="left"
    ).with_columns(SIGNED=pl.when(falls).then(-pl.col("VALUE")).otherwise("VALUE"))


def _parts(pop: Population, values: pl.DataFrame) -> list[_Part]:
    dose, onset = pl.col("D_FROM_DOSE"), pl.col("D_FROM_ONSET")
    first = values.join(pop.first.select("EPI"), on="EPI", how="semi", maintain_order="left")
    since = values.filter(dose.is_between(*PLAN.lab_days))
    around = first.filter(onset.is_between(*PLAN.lab_onset_days))
    peaks = [
        _Part(
            _worst(values.filter(dose.is_between(0, last)), pl.lit(last)),
            "peak",
            FIVE,
            "first_dose",
            f"worst value on days 0 to {last} elapsed since the first dose",
        )
        for last in PLAN.lab_peak_days
    ]
    return [
        _Part(
            _worst(values.filter(pl.col("BASELINE") == "Y"), pl.lit(None, pl.Int64)),
            "baseline", FIVE, None, "last value before the first dose",
        ),
        _Part(
            _worst(since, dose), "curve", QUARTILES, "first_dose",
            "by days elapsed since the first dose, 0 = same day",
        ),
        _Part(
            _worst(around, onset), "curve", QUARTILES, "onset",
            "by days elapsed since onset of the first CRS, 0 = same day",
        ),
        *peaks,
    ]  # fmt: skip


def _worst(values: pl.DataFrame, day: pl.Expr) -> pl.DataFrame:
    """The worst value of each subject, test and day."""
    keyed = values.select("LBTESTCD", "SUBJ", "VALUE", "SIGNED", DAY=day.cast(pl.Int64))
    order = ["LBTESTCD", "DAY", "SUBJ", "SIGNED"]
    return keyed.sort(order, descending=[False, False, False, True]).unique(
        ["LBTESTCD", "DAY", "SUBJ"], keep="first", maintain_order=True
    )


def _graded(pop: Population, values: pl.DataFrame) -> pl.DataFrame:
    """The values with the group of their subject's worst grade; without a grade left out."""
    names = {NO_CRS: NO_CRS} | {str(g): name for name, grades in GROUPS.items() for g in grades}
    group = pl.col("WORST").replace_strict(names, default=None, return_dtype=pl.String)
    graded = worst_grades(pop).select("SUBJ", MAXGRADE=group).drop_nulls()
    return values.join(graded, on="SUBJ", how="inner", maintain_order="left")


def _add_part(
    pop: Population, ard: Ard, tests: dict[str, _Test], part: _Part, groupvar: str
) -> None:
    keys = ["LBTESTCD", *([groupvar] if groupvar else []), "DAY"]
    value = pl.col("VALUE")
    made = part.values.group_by(keys).agg(
        pl.col("SUBJ").sort(),
        median=quantile_of(value, 0.5),
        q1=quantile_of(value, 0.25),
        q3=quantile_of(value, 0.75),
        min=value.min(),
        max=value.max(),
    )
    base = Row("lab_kinetics", "", "", "", "", "", NOBODY, LEVEL=part.level, CLOCK=part.clock)
    known_later = f"; {KNOWN_LATER}" if groupvar else ""
    for point in made.sort(keys).iter_rows(named=True):
        test = tests[point["LBTESTCD"]]
        row = base._replace(
            VARIABLE=test.code,
            UNIT=test.unit,
            METHOD=METHOD.format("lowest" if test.worst == "low" else "highest"),
            POPULATION=f"{TREATED} with a value of {test.words}; {part.words}{known_later}",
            n=np.array(point["SUBJ"], dtype=np.int64),
            GROUPVAR=groupvar or None,
            GROUP=point[groupvar] if groupvar else None,
            TIME=None if point["DAY"] is None else float(point["DAY"]),
            DENOM="subjects with a value",
        )
        few = PLAN.guards.no_quartiles(row.n.size)
        if few:
            ard.add(pop.label, row._replace(STAT="median", REASON=few))
            continue
        for stat in part.stats:
            ard.add(pop.label, row._replace(STAT=stat, VALUE=point[stat]))
