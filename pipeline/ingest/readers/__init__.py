"""One reader per format: a file in, the same frame out whatever the format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.ingest.readers.csv import read_csv
from pipeline.ingest.readers.dataset_json import read_dsjc, read_json, read_ndjson
from pipeline.ingest.readers.parquet import read_parquet
from pipeline.ingest.readers.source import Source, UnreadableError
from pipeline.ingest.readers.xpt import read_sas7bdat, read_xpt

READERS: dict[str, Callable[[Path], Source]] = {
    "csv": read_csv,
    "xpt": read_xpt,
    "parquet": read_parquet,
    "json": read_json,
    "ndjson": read_ndjson,
    "dsjc": read_dsjc,
    "sas7bdat": read_sas7bdat,
}

__all__ = ["READERS", "Source", "UnreadableError"]
