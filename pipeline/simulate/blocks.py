"""Rows of one kind for many subjects at once: arrays in, a frame out."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

DAY = 1440
HOUR = 60

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]


def block(subj: Ints, **columns: Any) -> pl.DataFrame:
    """One row per entry of `subj`; a column is an array of that length or one value for all.

    Times (names ending in DTC) are minutes from 00:00 of study day 1, null where unknown.
    """
    n = len(subj)
    out: dict[str, Any] = {"SUBJ": np.asarray(subj, dtype=np.int64)}
    for name, value in columns.items():
        if isinstance(value, np.ndarray) and value.dtype == object:
            out[name] = pl.Series(name, value.tolist(), dtype=pl.String)
        elif isinstance(value, np.ndarray):
            out[name] = pl.Series(name, value)
        elif isinstance(value, pl.Series):
            out[name] = value.alias(name)
        elif isinstance(value, int) and name.endswith("DTC"):
            out[name] = pl.repeat(value, n, dtype=pl.Int64, eager=True)
        elif value is None:
            kind = pl.Int64 if name.endswith("DTC") else pl.String
            out[name] = pl.repeat(None, n, dtype=kind, eager=True)
        else:
            out[name] = pl.repeat(value, n, eager=True)
    return pl.DataFrame(out)


def stack(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Blocks under each other; a column that a block lacks is null there."""
    return pl.concat(frames, how="diagonal_relaxed") if frames else pl.DataFrame()


def minutes(value: Floats | Ints) -> Ints:
    """Whole minutes."""
    return np.asarray(np.floor(value), dtype=np.int64)


def day_of(time: Ints) -> Ints:
    """Calendar days from study day 1 (0 = study day 1)."""
    return np.asarray(np.floor_divide(time, DAY), dtype=np.int64)
