"""Median, quartiles and range of times that were all observed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.stats.arrays import Floats


class Summary(NamedTuple):
    """Five numbers."""

    median: float
    q1: float
    q3: float
    min: float
    max: float


def quantile_of(values: pl.Expr, p: float) -> pl.Expr:
    """The same quantile as in `summary`, of the values of each group of a frame.

    >>> pl.DataFrame({"X": [1.0, 3.0]}).select(quantile_of(pl.col("X"), 0.5)).item()
    2.0
    """
    order = values.sort()
    rank = pl.len() * p
    low, high = (order.get(r.cast(pl.Int64)) for r in (rank.ceil() - 1, rank.floor()))
    return (low + high) / 2


def summary(values: Floats) -> Summary:
    """Five-number summary.

    Rule: averaged inverse of the empirical distribution (Hyndman & Fan type 2, SAS PCTLDEF=5), so
    that a quantile here equals the Kaplan-Meier quantile of the same times without censoring.

    >>> summary(np.array([1.0, 3.0]))
    Summary(median=2.0, q1=1.0, q3=3.0, min=1.0, max=3.0)
    """
    if not values.size:
        raise ValueError("no values to summarise")
    q1, median, q3 = np.quantile(values, [0.25, 0.5, 0.75], method="averaged_inverted_cdf")
    return Summary(float(median), float(q1), float(q3), float(values.min()), float(values.max()))
