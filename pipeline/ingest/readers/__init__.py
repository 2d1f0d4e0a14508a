"""One reader per format: a file in, the same frame out whatever the format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import polars as pl

from pipeline.ingest.readers.csv import csv_batches, read_csv
from pipeline.ingest.readers.dataset_json import (
    dsjc_batches,
    json_batches,
    ndjson_batches,
    read_dsjc,
    read_json,
    read_ndjson,
)
from pipeline.ingest.readers.parquet import parquet_batches, read_parquet
from pipeline.ingest.readers.source import Source, UnreadableError, slices
from pipeline.ingest.readers.xpt import read_sas7bdat, read_xpt, xpt_batches

READERS: dict[str, Callable[[Path], Source]] = {
    "csv": read_csv,
    "xpt": read_xpt,
    "parquet": read_parquet,
    "json": read_json,
    "ndjson": read_ndjson,
    "dsjc": read_dsjc,
    "sas7bdat": read_sas7bdat,
}

# Formats whose long files can be read without holding them; SAS7BDAT is read whole.
BATCHES: dict[str, Callable[..., Iterator[Source]]] = {
    "csv": csv_batches,
    "xpt": xpt_batches,
    "parquet": parquet_batches,
    "json": json_batches,
    "ndjson": ndjson_batches,
    "dsjc": dsjc_batches,
}


def read_batches(
    kind: str, path: Path, rows: int, schema: Mapping[str, pl.DataType] | None = None
) -> Iterator[Source]:
    """What the reader of a format gives, in batches of about so many rows; at least one batch.

    Args:
        kind: The format.
        path: The file.
        rows: Of a batch.
        schema: Types that an earlier reading found over all batches; the frames are given them.
    """
    if kind in BATCHES:
        batches = BATCHES[kind](path, rows, schema)
    else:
        whole = READERS[kind](path)
        batches = (Source(part, whole.remarks) for part in slices(whole.frame, rows))
    for source in batches:
        if schema is None:
            yield source
        else:
            yield Source(source.frame.cast(pl.Schema(schema)), source.remarks)


__all__ = ["BATCHES", "READERS", "Source", "UnreadableError", "read_batches"]
