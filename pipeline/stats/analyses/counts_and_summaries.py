"""Rows that several analyses make alike: a count, a proportion, a five-number summary."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.stats.ard import Ard, Label, Row
from pipeline.stats.arrays import Ints
from pipeline.stats.guards import because, limits_because
from pipeline.stats.plan import PLAN
from pipeline.stats.population import members
from pipeline.stats.proportions import clopper_pearson
from pipeline.stats.quantiles import Summary, summary
from pipeline.stats.step_curve import QuantileEstimate

EXACT = "x/n, Clopper-Pearson limits"
FIVE = "five-number summary of observed values (quartiles: averaged inverse distribution)"


def add_count(ard: Ard, label: Label, row: Row, events: Ints) -> None:
    """Number of members of a set."""
    ard.add(label, row._replace(STAT="n", VALUE=float(events.size), events=events, METHOD="count"))


def add_proportion(ard: Ard, label: Label, row: Row, events: Ints, method: str = EXACT) -> None:
    """Proportion of row.n that is in events, with exact limits; method says what is special."""
    row = row._replace(STAT="proportion", UNIT="fraction", METHOD=method, events=events)
    if not row.n.size:
        reason = because(f"there are no {row.DENOM or row.POPULATION}")
        ard.add(label, row._replace(REASON=reason))
        return
    p = clopper_pearson(events.size, row.n.size, PLAN.conf)
    ard.add(label, row._replace(VALUE=p.value, LOW=p.low, HIGH=p.high))


def add_summary(ard: Ard, label: Label, row: Row, observed: pl.DataFrame, missing: str) -> None:
    """Median, quartiles and range of the values that are there; who has one is in EVENTS.

    Args:
        ard: the result table.
        label: the population's columns.
        row: the row's other columns; VARIABLE is the column of the values.
        observed: SUBJ, one row each, and the values, null where there is none.
        missing: why there are no values, where there are none.
    """
    values = observed.get_column(row.VARIABLE)
    known = values.is_not_null() if values.has_nulls() else None
    values = values if known is None else values.filter(known)
    row = row._replace(METHOD=FIVE, LEVEL="summary", events=members(observed, where=known))
    if values.is_empty():
        for stat in Summary._fields:
            ard.add(label, row._replace(STAT=stat, REASON=because(missing)))
        return
    for stat, value in summary(values.cast(pl.Float64).to_numpy())._asdict().items():
        ard.add(label, row._replace(STAT=stat, VALUE=value))


def add_median(ard: Ard, label: Label, row: Row, q: QuantileEstimate, absent: str) -> None:
    """Median of a curve; its limits only from enough events, as row.events counts them.

    Args:
        ard: the result table.
        label: the population's columns.
        row: the row's other columns.
        q: the median with its limits, NaN where a curve does not reach one half.
        absent: why there is no median, where there is none.
    """
    events = 0 if row.events is None else row.events.size
    few = PLAN.guards.no_median_limits(events)
    if np.isnan(q.value):
        ard.add(label, row._replace(REASON=because(absent)))
    elif few:
        ard.add(label, row._replace(VALUE=q.value, REASON=few))
    else:
        open_end = np.isnan(q.low) or np.isnan(q.high)
        reason = limits_because("a limit curve does not reach 0.5") if open_end else None
        ard.add(label, row._replace(VALUE=q.value, LOW=q.low, HIGH=q.high, REASON=reason))
