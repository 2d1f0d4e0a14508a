"""SAS transport (XPT v5) and SAS7BDAT files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl
import pyreadstat

from pipeline.ingest.readers.source import Source, UnreadableError, make_source

RECORD = 80
BLOCK = 8 * 1024**2
_OBS = b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!"
_NAMESTR = b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!"
_LIBRARY = b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"


def read_xpt(path: Path) -> Source:
    """Read a version 5 transport file of one data set.

    The format does not say how many rows it holds, so a file that ends within a row, or whose size
    is not a multiple of 80 bytes, is taken as truncated.
    """
    _check_whole(path)
    return _read(pyreadstat.read_xport, path)


def xpt_batches(
    path: Path, rows: int, _schema: Mapping[str, pl.DataType] | None = None
) -> Iterator[Source]:
    """Read a long transport file in batches of at least so many rows.

    pyreadstat reads from the start for every batch that it is asked for, so each batch is given to
    it as a file of its own: the same head, then some of the rows. Rows of blanks at a file's end
    are no rows, so a batch never ends with one.
    """
    layout = _check_whole(path)
    with path.open("rb") as file, tempfile.TemporaryDirectory() as folder:
        head, piece, left = file.read(layout.begin), Path(folder) / "batch.xpt", layout.rows
        while True:
            data = file.read(layout.width * min(rows, left))
            left -= rows
            while left > 0 and not data[-layout.width :].strip(b" "):
                data += file.read(layout.width)
                left -= 1
            piece.write_bytes(head + data + b" " * (-len(head + data) % RECORD))
            yield _read(pyreadstat.read_xport, piece)
            if left <= 0:
                return


def read_sas7bdat(path: Path) -> Source:
    """Read a SAS7BDAT file."""
    return _read(pyreadstat.read_sas7bdat, path)


def _read(reader: Callable[..., Any], path: Path) -> Source:
    try:
        frame, _ = reader(str(path), output_format="polars")
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as error:
        raise UnreadableError(f"cannot be read: {' '.join(str(error).split())}") from error
    if not isinstance(frame, pl.DataFrame):
        raise UnreadableError("is not a table")
    return make_source(frame)


@dataclass(frozen=True)
class _Layout:
    """Where the rows of a transport file begin and how wide they are."""

    begin: int
    width: int
    rows: int


def _check_whole(path: Path) -> _Layout:
    size = path.stat().st_size
    with path.open("rb") as file:
        # Names of columns take 140 bytes each: all of them lie in the first block.
        head = file.read(BLOCK)
        if not head.startswith(_LIBRARY):
            raise UnreadableError("is not a version 5 transport file")
        if size % RECORD:
            raise UnreadableError("is truncated: its size is not a multiple of 80 bytes")
        names, rows = head.find(_NAMESTR), head.find(_OBS)
        if names < 0 or rows < 0:
            raise UnreadableError("is truncated: it ends before its rows begin")
        begin, width = rows + RECORD, _row_width(head, names)
        if _stands_in(file, _OBS, begin):
            raise UnreadableError("holds more than one data set")
        rest = (size - begin) % width
        file.seek(size - rest)
        if rest >= RECORD or file.read().strip(b" "):
            raise UnreadableError("is truncated: it ends within a row")
    return _Layout(begin, width, (size - begin) // width)


def _stands_in(file: BinaryIO, mark: bytes, begin: int) -> bool:
    """Whether the mark stands anywhere after a place in the file."""
    file.seek(begin)
    before = b""
    while block := file.read(BLOCK):
        if mark in before + block:
            return True
        before = block[-len(mark) + 1 :]
    return False


def _row_width(data: bytes, names: int) -> int:
    header = data[names : names + RECORD]
    count = int(header[54:58])
    size = 140
    start = names + RECORD
    widths = (
        int.from_bytes(data[start + size * i + 4 : start + size * i + 6], "big")
        for i in range(count)
    )
    return max(sum(widths), 1)
