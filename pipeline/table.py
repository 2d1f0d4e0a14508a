"""A table is a frame in memory or a Parquet file: how either is read."""

from __future__ import annotations

from pathlib import Path

import polars as pl

Table = Path | pl.DataFrame


def frame_of(table: Table) -> pl.DataFrame:
    """The rows of a table, in memory."""
    return pl.read_parquet(table) if isinstance(table, Path) else table


def lazy(table: Table) -> pl.LazyFrame:
    """The rows of a table, read when they are asked for."""
    return pl.scan_parquet(table) if isinstance(table, Path) else table.lazy()
