"""Parquet files."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipeline.ingest.readers.source import Source, UnreadableError, make_source


def read_parquet(path: Path) -> Source:
    """Read a Parquet file of flat columns."""
    data = path.read_bytes()
    if len(data) < 12 or data[:4] != b"PAR1" or data[-4:] != b"PAR1":
        raise UnreadableError("is not a whole Parquet file")
    try:
        frame = pl.read_parquet(path, hive_partitioning=False)
    except (pl.exceptions.PolarsError, OSError, pl.exceptions.PanicException) as error:
        raise UnreadableError(f"cannot be read: {' '.join(str(error).split())[:200]}") from error
    return make_source(frame)
