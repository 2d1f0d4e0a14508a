"""A table as Parquet bytes: the same rows give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pipeline.schemas.layout import LAYOUT

Table = Path | pl.DataFrame


def to_parquet(frame: pl.DataFrame) -> bytes:
    """Bytes of a frame. Rechunked first: the layout in memory must not show in the file."""
    buffer = io.BytesIO()
    frame.rechunk().write_parquet(buffer, **LAYOUT)
    return buffer.getvalue()


def read(table: Table) -> pl.DataFrame:
    """The frame of a table, wherever it is."""
    return pl.read_parquet(table) if isinstance(table, Path) else table


def lazy(table: Table) -> pl.LazyFrame:
    """The rows of a table, read when they are asked for."""
    return pl.scan_parquet(table) if isinstance(table, Path) else table.lazy()


def row_count(table: Table) -> int:
    """Rows of a table; of a file, from its footer."""
    return int(lazy(table).select(pl.len()).collect().item())


def parts(table: Table) -> Iterator[pl.DataFrame]:
    """A table a row group at a time, in order; a frame, and a file without rows, as it is."""
    if isinstance(table, pl.DataFrame):
        yield table
    elif not row_count(table):
        yield pl.read_parquet(table)
    else:
        rows = LAYOUT["row_group_size"]
        yield from pl.scan_parquet(table).collect_batches(chunk_size=rows, maintain_order=True)
