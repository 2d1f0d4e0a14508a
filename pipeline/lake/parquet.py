"""A table as Parquet bytes: the same rows give the same bytes."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

Table = Path | pl.DataFrame


def to_parquet(frame: pl.DataFrame) -> bytes:
    """Bytes of a frame. Rechunked first: the layout in memory must not show in the file."""
    buffer = io.BytesIO()
    frame.rechunk().write_parquet(
        buffer, compression="zstd", compression_level=3, statistics=True, row_group_size=131_072
    )
    return buffer.getvalue()


def read(table: Table) -> pl.DataFrame:
    """The frame of a table, wherever it is."""
    return pl.read_parquet(table) if isinstance(table, Path) else table
