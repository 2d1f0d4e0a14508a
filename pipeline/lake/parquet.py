"""A table as Parquet bytes: the same rows give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator

import polars as pl

from pipeline.schemas.layout import LAYOUT
from pipeline.table import Table, lazy


def to_parquet(frame: pl.DataFrame) -> bytes:
    """Bytes of a frame. Rechunked first: the layout in memory must not show in the file."""
    buffer = io.BytesIO()
    frame.rechunk().write_parquet(buffer, **LAYOUT)
    return buffer.getvalue()


def row_count(table: Table) -> int:
    """Rows of a table; of a file, from its footer."""
    return int(lazy(table).select(pl.len()).collect().item())


def parts(table: Table) -> Iterator[pl.DataFrame]:
    """A table a row group at a time, in order; a frame, and a file without rows, as it is."""
    if isinstance(table, pl.DataFrame):
        yield table
        return
    rows, step = row_count(table), LAYOUT["row_group_size"]
    # polars reads ahead when it is asked for batches; of a slice it reads no more than its groups.
    for at in range(0, max(rows, 1), step):
        yield pl.scan_parquet(table).slice(at, step).collect()
