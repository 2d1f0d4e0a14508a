"""CDISC Dataset-JSON 1.1: as JSON, as NDJSON, and compressed (DSJC)."""

from __future__ import annotations

import codecs
import json
import zlib
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.ingest.readers.json_text import JsonText
from pipeline.ingest.readers.source import Source, UnreadableError, make_source, slices

# A file that unpacks to more than this is a trap, not a data set.
LARGEST = 4 * 1024**3
BLOCK = 4 * 1024**2
_NUMBER = {"integer", "float", "double", "decimal"}


def read_json(path: Path) -> Source:
    """Read Dataset-JSON: one object with columns and rows."""
    document = _parse(_text(path.read_bytes()))
    return _source(document, document.get("rows"))


def read_ndjson(path: Path) -> Source:
    """Read NDJSON: the metadata on the first line, then one row a line."""
    return _lines(_text(path.read_bytes()))


def read_dsjc(path: Path) -> Source:
    """Read compressed NDJSON (zlib, as the standard says, or gzip, as its examples are)."""
    unpack = zlib.decompressobj(wbits=47)
    try:
        data = unpack.decompress(path.read_bytes(), LARGEST)
    except zlib.error as error:
        raise UnreadableError(f"cannot be unpacked: {error}") from error
    if not unpack.eof:
        raise UnreadableError("is truncated, or too large when unpacked")
    return _lines(_text(data))


def ndjson_batches(
    path: Path, rows: int, schema: Mapping[str, pl.DataType] | None = None
) -> Iterator[Source]:
    """Read a long NDJSON file in batches of at most so many rows.

    Args:
        path: The file.
        rows: At most so many at once.
        schema: Types of an earlier reading: numbers in a column that holds text anywhere are text.
    """
    with path.open("rb") as file:
        yield from _batches(iter(lambda: file.read(BLOCK), b""), rows, schema)


def dsjc_batches(
    path: Path, rows: int, schema: Mapping[str, pl.DataType] | None = None
) -> Iterator[Source]:
    """Read a long compressed NDJSON file in batches of at most so many rows."""
    yield from _batches(_unpacked(path), rows, schema)


def json_batches(
    path: Path, rows: int, schema: Mapping[str, pl.DataType] | None = None
) -> Iterator[Source]:
    """Read a long Dataset-JSON file in batches of at most so many rows.

    The standard puts the columns before the rows; a file that does not is read whole.
    """
    document: dict[str, Any] = {}
    count: int | None = None
    with path.open("rb") as file:
        text = JsonText(iter(lambda: file.read(BLOCK), b""))
        for name in text.members():
            if name != "rows" or text.peek() != "[":
                document[name] = text.value()
            elif "columns" not in document:
                whole = read_json(path)
                yield from (Source(part, whole.remarks) for part in slices(whole.frame, rows))
                return
            else:
                columns, items, count = _columns(document), text.items(), 0
                while some := list(islice(items, rows)):
                    yield make_source(_frame(columns, some, count, schema or {}))
                    count += len(some)
    if "columns" not in document:
        raise UnreadableError("is not Dataset-JSON: no columns")
    yield from _ended(document, count or 0)


def _unpacked(path: Path) -> Iterator[bytes]:
    unpack, size = zlib.decompressobj(wbits=47), 0
    with path.open("rb") as file:
        try:
            while not unpack.eof and (packed := unpack.unconsumed_tail or file.read(BLOCK)):
                block = unpack.decompress(packed, BLOCK)
                size += len(block)
                if size > LARGEST:
                    break
                yield block
        except zlib.error as error:
            raise UnreadableError(f"cannot be unpacked: {error}") from error
    if not unpack.eof:
        raise UnreadableError("is truncated, or too large when unpacked")


def _lines_in(blocks: Iterator[bytes]) -> Iterator[str]:
    decoder, rest = codecs.getincrementaldecoder("utf-8-sig")(), ""
    try:
        for block in blocks:
            *lines, rest = (rest + decoder.decode(block)).split("\n")
            yield from (line for line in lines if line.strip())
        rest += decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise UnreadableError("is not UTF-8 text") from error
    if rest.strip():
        yield rest


def _batches(
    blocks: Iterator[bytes], rows: int, schema: Mapping[str, pl.DataType] | None
) -> Iterator[Source]:
    lines = _lines_in(blocks)
    first = next(lines, None)
    if first is None:
        raise UnreadableError("is empty")
    document = _parse(first)
    columns, count = _columns(document), 0
    while some := list(islice(lines, rows)):
        values = _load("[" + ",".join(some) + "]")
        yield make_source(_frame(columns, values, count, schema or {}))
        count += len(values)
    yield from _ended(document, count)


def _ended(document: dict[str, Any], count: int) -> Iterator[Source]:
    """After the last row: there were as many as stated; where there was none, its columns."""
    if document.get("records") != count:
        raise UnreadableError(f"states {document.get('records')} records and holds {count}")
    if not count:
        yield make_source(_frame(_columns(document), [], 0, {}))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError("is not UTF-8 text") from error


def _lines(text: str) -> Source:
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines:
        raise UnreadableError("is empty")
    rows = _load("[" + ",".join(lines[1:]) + "]")
    return _source(_parse(lines[0]), rows)


def _load(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"is not JSON: {str(error)[:120]}") from error


def _parse(text: str) -> dict[str, Any]:
    document = _load(text)
    if not isinstance(document, dict) or "columns" not in document:
        raise UnreadableError("is not Dataset-JSON: no columns")
    return document


def _source(document: dict[str, Any], rows: Any) -> Source:
    columns = _columns(document)
    rows = [] if rows is None else rows
    if not isinstance(rows, list):
        raise UnreadableError("is not Dataset-JSON: a row is not a list")
    if document.get("records") != len(rows):
        raise UnreadableError(f"states {document.get('records')} records and holds {len(rows)}")
    return make_source(_frame(columns, rows, 0, {}))


def _columns(document: dict[str, Any]) -> list[dict[str, Any]]:
    columns = document["columns"]
    if not isinstance(columns, list) or not all(
        isinstance(c, dict) and "name" in c for c in columns
    ):
        raise UnreadableError("is not Dataset-JSON: a column has no name")
    return columns


def _frame(
    columns: list[dict[str, Any]], rows: list[Any], before: int, known: Mapping[str, pl.DataType]
) -> pl.DataFrame:
    """Rows as a frame; `before` rows of the file came earlier, its types are `known` or not."""
    if not all(isinstance(row, list) for row in rows):
        raise UnreadableError("is not Dataset-JSON: a row is not a list")
    wrong = next((i for i, row in enumerate(rows, 1) if len(row) != len(columns)), None)
    if wrong is not None:
        raise UnreadableError(f"row {before + wrong} has not one value per column")
    values = list(zip(*rows, strict=True)) if rows else [() for _ in columns]
    series = [_series(c, v, known) for c, v in zip(columns, values, strict=True)]
    names = [s.name.strip().upper() for s in series]
    if len(set(names)) < len(names):
        raise UnreadableError("a column stands in the file twice")
    return pl.DataFrame(series)


def _series(
    column: dict[str, Any], values: tuple[Any, ...], known: Mapping[str, pl.DataType]
) -> pl.Series:
    name, kind = str(column["name"]), column.get("dataType")
    if any(isinstance(value, list | dict) for value in values):
        raise UnreadableError(f"column {name} holds lists or objects")
    if kind in _NUMBER and known.get(name.strip().upper()) != pl.String:
        numbers = pl.Series(name, values, dtype=pl.Float64, strict=False)
        texts = [isinstance(value, str) for value in values]
        if not any(texts):
            return numbers
    return pl.Series(name, [_word(value) for value in values], dtype=pl.String)


def _word(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return ("Y" if value else "N") if isinstance(value, bool) else f"{value:.15g}"
