"""A long domain divided by subjects into files that are small enough to be held.

All that ingest compares lies within a subject, so the portions can be checked one after the other;
and as they follow the order of the subjects, so do their results.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow as pa

from pipeline.ingest.coerce import NUMBER, text
from pipeline.ingest.files import File
from pipeline.ingest.readers import read_batches
from pipeline.ingest.survey import Sizes, Survey

_PORTION = "portion"
_PACKED = pa.ipc.IpcWriteOptions(compression="lz4")


def bounds(samples: list[str], sizes: Sizes) -> pl.Series:
    """The last subject of each portion but the last one.

    >>> bounds(["B", "A", "C", "C", "D"], Sizes(portion=20, every=10)).to_list()
    ['C', 'D']
    """
    step = max(1, sizes.portion // sizes.every)
    return pl.Series(sorted(samples)[step::step], dtype=pl.String).unique().sort()


def spread(file: File, seen: Survey, last: pl.Series, folder: Path, sizes: Sizes) -> None:
    """Read a file again and append each row, with its number, to the portion of its subject.

    Raises:
        OSError: the file changed since it was surveyed.
    """
    rows = 0
    for source in read_batches(file.format, file.path, sizes.batch, seen.schema):
        frame = source.frame
        # A row without subject is held back wherever it lies: it goes into the first portion.
        subject = frame.select(text(frame, "USUBJID").fill_null("")).to_series()
        numbered = frame.with_columns(
            pl.int_range(rows + 1, rows + pl.len() + 1, dtype=pl.Int64).alias(NUMBER),
            last.search_sorted(subject, side="left").alias(_PORTION),
        )
        pieces = numbered.partition_by(
            _PORTION, as_dict=True, include_key=False, maintain_order=True
        )
        for (at,), piece in pieces.items():
            append(piece, _path(folder, file, int(str(at))))
        rows += frame.height
    if rows != seen.height:
        raise OSError(f"{file.path.name} changed while it was being read")


def portion(file: File, seen: Survey, at: int, folder: Path) -> pl.DataFrame:
    """Rows of a file in a portion, in their order; they are taken from the disk."""
    path = _path(folder, file, at)
    if not path.exists():
        return pl.DataFrame(schema={**seen.schema, NUMBER: pl.Int64()})
    frame = load(path)
    path.unlink()
    return frame


def _path(folder: Path, file: File, at: int) -> Path:
    return folder / f"{file.dataset}-{at:06}.arrow"


def append(frame: pl.DataFrame, path: Path) -> None:
    """Add rows to a file of rows. It is opened for each time: there may be many such files."""
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    with path.open("ab") as file, pa.ipc.new_stream(file, table.schema, options=_PACKED) as stream:
        stream.write_table(table)


def load(path: Path) -> pl.DataFrame:
    """All rows that were appended, in their order."""
    size, tables = path.stat().st_size, list[pa.Table]()
    with path.open("rb") as file:
        while file.tell() < size:
            tables.append(pa.ipc.open_stream(file).read_all())
    return pl.DataFrame(pl.from_arrow(pa.concat_tables(tables)))
