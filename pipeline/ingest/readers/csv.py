"""CSV: comma, semicolon, tab or bar; UTF-8, UTF-16 with a mark, or Windows-1252."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv

from pipeline.ingest.readers.source import Source, UnreadableError, make_source, slices

DELIMITERS = (",", ";", "\t", "|")

# A block of a long file; a row that does not fit into one is taken as a quote that never closes.
BLOCK = 2 * 1024**2
_BYTE_MARK = codecs.BOM_UTF8
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CP1252 = ("ENCODING_CP1252", "*", "the file was read as Windows-1252, it is not UTF-8")
_NO_END = ("NO_FINAL_NEWLINE", "*", "the file does not end with a line break")
_NOT_CP1252 = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))


def read_csv(path: Path) -> Source:
    """Read every column as text.

    Rows with too few or too many fields make the file unreadable: where a field is missing, all
    that follow stand under a wrong name.
    """
    text, remarks = _decode(path.read_bytes())
    text = text.lstrip("\r\n")
    if not text:
        raise UnreadableError("is empty")
    if not text.endswith(("\n", "\r")):
        if text.count('"') % 2:
            raise UnreadableError("ends inside a quoted field")
        remarks.append(_NO_END)
    header, delimiter = _header(text)
    return make_source(_rows(text, len(header), delimiter), remarks, header)


def csv_batches(
    path: Path, rows: int, _schema: Mapping[str, pl.DataType] | None = None
) -> Iterator[Source]:
    """Read a long file in batches of at most so many rows, with what `read_csv` would give.

    UTF-16 is the exception: it is read whole.
    """
    with path.open("rb") as file:
        if file.read(2) in _UTF16:
            source = read_csv(path)
            yield from (Source(part, source.remarks) for part in slices(source.frame, rows))
            return
        encoding, start, remarks = _examine(path)
        file.seek(start)
        header, delimiter = _header(file.readline(BLOCK).decode(encoding, errors="replace"))
        file.seek(start)
        text = pa.PythonFile(file, mode="r")
        if encoding != "utf-8":
            text = pa.transcoding_input_stream(text, encoding, "utf8")
        names = [f"{number}" for number in range(len(header))]
        for frame in _in_batches(_parsed(text, names, delimiter), rows):
            yield make_source(frame, remarks, header)


def _in_batches(frames: Iterator[pl.DataFrame], rows: int) -> Iterator[pl.DataFrame]:
    """The same rows in frames of so many; the last has fewer."""
    held: list[pl.DataFrame] = []
    for frame in frames:
        held.append(frame)
        if sum(part.height for part in held) > rows:
            *full, rest = slices(pl.concat(held), rows)
            yield from full
            held = [rest]
    yield pl.concat(held)


def _header(text: str) -> tuple[list[str], str]:
    """The names in the first line, and what divides them."""
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    return next(csv.reader([first], delimiter=delimiter)), delimiter


def _examine(path: Path) -> tuple[str, int, list[tuple[str, str, str]]]:
    """Encoding of a file, where its first line begins, and remarks, without holding it."""
    decoder, utf8 = codecs.getincrementaldecoder("utf-8")(), True
    quotes, first, last = 0, b"", b""
    for block in _blocks(path):
        if b"\x00" in block:
            raise UnreadableError("holds zero bytes: not a text file")
        utf8 = utf8 and _decodes(decoder, block)
        quotes, first, last = quotes + block.count(b'"'), first or block, block[-1:]
    utf8 = utf8 and _decodes(decoder, b"", final=True)
    if not utf8 and any(block.translate(None, _NOT_CP1252) != block for block in _blocks(path)):
        raise UnreadableError("is neither UTF-8 nor Windows-1252 text")
    remarks: list[tuple[str, str, str]] = [] if utf8 else [_CP1252]
    body = first.removeprefix(_BYTE_MARK) if utf8 else first
    start = len(first) - len(body.lstrip(b"\r\n"))
    if start == path.stat().st_size:
        raise UnreadableError("is empty")
    if last not in (b"\n", b"\r"):
        if quotes % 2:
            raise UnreadableError("ends inside a quoted field")
        remarks.append(_NO_END)
    return "utf-8" if utf8 else "cp1252", start, remarks


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(BLOCK), b"")


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _parsed(file: object, names: list[str], delimiter: str) -> Iterator[pl.DataFrame]:
    try:
        reader = pacsv.open_csv(
            file,
            read_options=pacsv.ReadOptions(
                use_threads=False, block_size=BLOCK, column_names=names, skip_rows_after_names=1
            ),
            parse_options=_parse_options(delimiter),
            convert_options=_convert_options(names),
        )
        empty = True
        for batch in reader:
            empty = False
            yield pl.DataFrame(pl.from_arrow(batch))
    except pa.ArrowException as error:
        raise UnreadableError(_place(str(error))) from error
    if empty:
        yield pl.DataFrame(schema=dict.fromkeys(names, pl.String))


def _parse_options(delimiter: str) -> pacsv.ParseOptions:
    return pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=True)


def _convert_options(names: list[str]) -> pacsv.ConvertOptions:
    return pacsv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
    )


def _decode(data: bytes) -> tuple[str, list[tuple[str, str, str]]]:
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16"), []
        if b"\x00" in data:
            raise UnreadableError("holds zero bytes: not a text file")
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise UnreadableError("is neither UTF-8 nor Windows-1252 text") from error
    return text, [_CP1252]


def _rows(text: str, width: int, delimiter: str) -> pl.DataFrame:
    data = text.encode()
    names = [f"{number}" for number in range(width)]
    try:
        table = pacsv.read_csv(
            io.BytesIO(data),
            read_options=pacsv.ReadOptions(
                use_threads=False,
                block_size=len(data) + 1,
                column_names=names,
                skip_rows_after_names=1,
            ),
            parse_options=_parse_options(delimiter),
            convert_options=_convert_options(names),
        )
    except pa.ArrowException as error:
        raise UnreadableError(_place(str(error))) from error
    return pl.DataFrame(pl.from_arrow(table))


def _place(message: str) -> str:
    # After the counts stands the row itself, which must not go into a message.
    counts = re.search(r"Row #(\d+): Expected (\d+) columns, got (\d+)", message)
    if counts is None:
        return "is no table: a row cannot be told from the next"
    # pyarrow counts the header as row 1.
    row, expected, got = (int(text) for text in counts.groups())
    return f"row {row - 1} has {got} fields, the header {expected}"
