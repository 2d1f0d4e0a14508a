"""SAS transport (XPT v5) and SAS7BDAT files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat

from pipeline.ingest.readers.source import Source, UnreadableError, make_source

RECORD = 80
_OBS = b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!"
_NAMESTR = b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!"
_LIBRARY = b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"


def read_xpt(path: Path) -> Source:
    """Read a version 5 transport file of one data set.

    The format does not say how many rows it holds, so a file that ends within a row, or whose size
    is not a multiple of 80 bytes, is taken as truncated.
    """
    _check_whole(path.read_bytes())
    return _read(pyreadstat.read_xport, path)


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


def _check_whole(data: bytes) -> None:
    if not data.startswith(_LIBRARY):
        raise UnreadableError("is not a version 5 transport file")
    if len(data) % RECORD:
        raise UnreadableError("is truncated: its size is not a multiple of 80 bytes")
    names, rows = data.find(_NAMESTR), data.find(_OBS)
    if names < 0 or rows < 0:
        raise UnreadableError("is truncated: it ends before its rows begin")
    if data.find(_OBS, rows + RECORD) >= 0:
        raise UnreadableError("holds more than one data set")
    width = _row_width(data, names)
    rest = (len(data) - rows - RECORD) % width
    if rest >= RECORD or data[len(data) - rest :].strip(b" "):
        raise UnreadableError("is truncated: it ends within a row")


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
