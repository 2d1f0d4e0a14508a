"""RESULT risk_factors: CRS by what was known before the first dose. Descriptive, without a test."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.stats.analyses.counts_and_summaries import EXACT, add_proportion
from pipeline.stats.analyses.grade_distribution import at_least, missing_grades, worst_grades
from pipeline.stats.analyses.remarks import counted_below
from pipeline.stats.ard import Ard, Row
from pipeline.stats.arrays import Ints
from pipeline.stats.parts import parts_of
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, Population, members
from pipeline.stats.quantiles import quantile_of
from pipeline.stats.risk_difference import newcombe

NOT_KNOWN = "not known"


@dataclass(frozen=True, eq=False)
class _Level:
    """Treated subjects of one level of a covariate; the reference is what others are held to."""

    name: str
    who: Ints
    reference: bool


def add_risk_factors(pop: Population, ard: Ard) -> None:
    """Proportion with CRS of any grade and of grade 3 or more at each level, and its difference.

    Rule: a number is split at the cut of study.yaml, else at the median of those treated here;
    the lower part is the reference. Of a flag the reference is N, of a category the commonest
    level. Levels of fewer than 5 subjects are not estimable. Subjects whose level is not known
    have a line, but no difference. Differences are observational and not adjusted for each other.

    Source: Newcombe 1998 (method 10); Clopper & Pearson 1934.
    """
    worst = worst_grades(pop)
    absent, none_graded = missing_grades(worst)
    by_cut = {
        cut: (at_least(worst, cut, pop.label.BASIS), counted_below((pop,), cut))
        for cut in PLAN.risk_cuts
    }
    for (name, label), told in parts_of(pop.covariates, "COVARIATE", "LABEL").items():
        base = Row(
            "risk_factors", "MAXGRADE", "", "fraction", "", TREATED, members(pop.treated),
            GROUPVAR=str(name), ESTIMAND="E3", EPISODES="worst", CLOCK="first_dose",
        )  # fmt: skip
        levels, how = _levels(pop, told)
        for cut, (events, below) in by_cut.items():
            # Recorded CRS is of grade 1 or more; a derived grade that is not known is of none.
            by_grade = cut > 1 or pop.label.BASIS == "derived"
            row = base._replace(LEVEL=f">={cut}", REASON=below)
            if not any(level.name != NOT_KNOWN for level in levels):
                why = "not available, because it is not known for anybody"
                _refuse(pop, ard, row, why)
            elif none_graded and by_grade:
                _refuse(pop, ard, row, str(absent))
            else:
                _add_levels(
                    pop, ard, row._replace(POPULATION=f"{TREATED}; {label}: {how}"), levels, events
                )


def _refuse(pop: Population, ard: Ard, row: Row, why: str) -> None:
    row = row._replace(STAT="proportion", METHOD=EXACT, DENOM=TREATED)
    ard.add(pop.label, row._replace(STATUS="not_available", REASON=why))


def _levels(pop: Population, told: pl.DataFrame) -> tuple[list[_Level], str]:
    """Levels with their subjects, the reference first, and how they were made."""
    if told["KIND"][0] == "number":
        told, how, order = _split(told)
    else:
        counted = Counter(level for level in told["LEVEL"] if level is not None)
        order = sorted(counted, key=lambda level: (-counted[level], level))
        flag = told["KIND"][0] == "flag"
        order = [level for level in ("N", "Y") if level in order] if flag else order
        how = f"reference {order[0]}" if order else "no level"
    levels = [
        _Level(name, members(told, where=told["LEVEL"] == name), name == order[0]) for name in order
    ]
    known = members(told, where=told["LEVEL"].is_not_null())
    unknown = np.setdiff1d(members(pop.treated), known)
    if unknown.size:
        levels.append(_Level(NOT_KNOWN, unknown, reference=False))
    return levels, how


def _split(told: pl.DataFrame) -> tuple[pl.DataFrame, str, list[str]]:
    """A number in two parts: at the cut that all studies state, else at the median."""
    known = told.drop_nulls("VALUE")
    if known.is_empty():
        return told, "no value", []
    cuts = set(known["CUT"])
    stated = cuts.pop() if len(cuts) == 1 else None
    cut = known.select(quantile_of(pl.col("VALUE"), 0.5)).item() if stated is None else stated
    low, high = f"<{cut:g}", f">={cut:g}"
    part = pl.when(pl.col("VALUE") >= cut).then(pl.lit(high))
    part = part.when(pl.col("VALUE") < cut).then(pl.lit(low))
    told = told.with_columns(LEVEL=part)
    there = set(told["LEVEL"])
    how = f"split at {cut:g} ({'median' if stated is None else 'study.yaml'}), reference {low}"
    return told, how, [level for level in (low, high) if level in there]


def _add_levels(pop: Population, ard: Ard, base: Row, levels: list[_Level], events: Ints) -> None:
    reference = next((level for level in levels if level.reference), None)
    for level in levels:
        hit = np.intersect1d(level.who, events)
        row = base._replace(GROUP=level.name, n=level.who, DENOM="subjects of that level")
        few = PLAN.guards.no_level(level.who.size)
        if few:
            row = row._replace(STAT="proportion", METHOD=EXACT, events=hit, REASON=few)
            ard.add(pop.label, row)
        else:
            add_proportion(ard, pop.label, row, hit)
        if reference and not level.reference and level.name != NOT_KNOWN:
            _add_difference(pop, ard, base, (level, reference), events)


def _add_difference(
    pop: Population, ard: Ard, base: Row, pair: tuple[_Level, _Level], events: Ints
) -> None:
    level, reference = pair
    a, b = (np.intersect1d(x.who, events) for x in pair)
    row = base._replace(
        GROUP=level.name, STAT="risk_difference",
        METHOD=f"difference of proportions, Newcombe limits; observational, minus {reference.name}",
        n=np.union1d(level.who, reference.who), events=np.union1d(a, b),
        DENOM=f"subjects of that level and of {reference.name}",
    )  # fmt: skip
    few = PLAN.guards.no_level(min(level.who.size, reference.who.size))
    if few:
        ard.add(pop.label, row._replace(REASON=few))
        return
    d = newcombe(a.size, level.who.size, b.size, reference.who.size, PLAN.conf)
    ard.add(pop.label, row._replace(VALUE=d.value, LOW=d.low, HIGH=d.high))
