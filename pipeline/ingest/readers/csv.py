"""CSV: comma, semicolon, tab or bar; UTF-8, UTF-16 with a mark, or Windows-1252."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv

from pipeline.ingest.readers.source import Source, UnreadableError, make_source

DELIMITERS = (",", ";", "\t", "|")


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
        remarks.append(("NO_FINAL_NEWLINE", "*", "the file does not end with a line break"))
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    header = next(csv.reader([first], delimiter=delimiter))
    return make_source(_rows(text, len(header), delimiter), remarks, header)


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
    return text, [("ENCODING_CP1252", "*", "the file was read as Windows-1252, it is not UTF-8")]


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
            parse_options=pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
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
