"""Study days as elapsed days, for analyses that subtract one day from another."""

from __future__ import annotations

import polars as pl


def elapsed_day(column: str) -> pl.Expr:
    """Elapsed days of a study day: day 1 is 0, day -1 is -1, there is no day 0.

    >>> pl.DataFrame({"DY": [-1, 1, 3]}).select(elapsed_day("DY")).to_series().to_list()
    [-1, 0, 2]
    """
    day = pl.col(column)
    return pl.when(day > 0).then(day - 1).otherwise(day)
