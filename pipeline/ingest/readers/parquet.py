"""Parquet files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from pipeline.ingest.readers.source import Source, UnreadableError, make_source

_ERRORS = (pl.exceptions.PolarsError, OSError, pl.exceptions.PanicException)


def read_parquet(path: Path) -> Source:
    """Read a Parquet file of flat columns."""
    _check_whole(path)
    try:
        frame = pl.read_parquet(path, hive_partitioning=False)
    except _ERRORS as error:
        raise _unreadable(error) from error
    return make_source(frame)


def parquet_batches(
    path: Path, rows: int, _schema: Mapping[str, pl.DataType] | None = None
) -> Iterator[Source]:
    """Read a long file in batches of at most so many rows."""
    _check_whole(path)
    table = pl.scan_parquet(path, hive_partitioning=False)
    try:
        yield make_source(table.head(0).collect())
        for batch in table.collect_batches(chunk_size=rows, maintain_order=True):
            for part in batch.iter_slices(rows):
                yield make_source(part)
    except _ERRORS as error:
        raise _unreadable(error) from error


def _check_whole(path: Path) -> None:
    with path.open("rb") as file:
        begin = file.read(4)
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - 4, 0))
        whole = size >= 12 and begin == b"PAR1" and file.read(4) == b"PAR1"
    if not whole:
        raise UnreadableError("is not a whole Parquet file")


def _unreadable(error: BaseException) -> UnreadableError:
    return UnreadableError(f"cannot be read: {' '.join(str(error).split())[:200]}")
