"""A file read in batches gives what it gives when it is read whole."""

from __future__ import annotations

import gzip
import json
import zlib

import polars as pl
import pyreadstat
import pytest
from polars.testing import assert_frame_equal

from pipeline.ingest.readers import READERS, UnreadableError, read_batches
from pipeline.ingest.readers import csv as csv_reader
from pipeline.ingest.readers import dataset_json as json_reader

FRAME = pl.DataFrame(
    {
        "USUBJID": [f"P{n}" for n in range(40)],
        "VSSTRESN": [None if n < 10 else n / 4 for n in range(40)],
        "VSORRES": ["" if n % 3 else f"ä {n}" for n in range(40)],
        "VSLOC": pl.Series([None] * 40, dtype=pl.Float64),
    }
)
META = {
    "records": 40,
    "columns": [
        {"name": name, "dataType": "string" if kind == pl.String else "float"}
        for name, kind in FRAME.schema.items()
    ],
}


def _write(path, frame=FRAME, meta=META):
    lines = "\n".join(json.dumps(part, ensure_ascii=False) for part in (meta, *frame.rows()))
    match path.suffix:
        case ".csv":
            frame.write_csv(path)
        case ".parquet":
            frame.write_parquet(path, row_group_size=9)
        case ".xpt":
            pyreadstat.write_xport(frame, str(path), table_name="VS", file_format_version=5)
        case ".ndjson":
            path.write_text(lines, encoding="utf-8")
        case ".dsjc":
            path.write_bytes(zlib.compress(lines.encode()))
        case _:
            columns = meta | {"rows": frame.rows()}
            path.write_text(json.dumps(columns), encoding="utf-8")
    return path


def _batches(path, rows, schema=None):
    return [s.frame for s in read_batches(path.suffix[1:], path, rows, schema)]


@pytest.mark.parametrize("rows", [1, 7, 40, 1000])
@pytest.mark.parametrize("kind", ["csv", "parquet", "xpt", "ndjson", "dsjc", "json"])
def test_every_format(tmp_path, kind, rows):
    path = _write(tmp_path / f"vs.{kind}")
    whole = READERS[kind](path).frame
    parts = _batches(path, rows, whole.schema)
    assert [part.height for part in parts if part.height] == [
        min(rows, 40 - at) for at in range(0, 40, rows)
    ]
    assert_frame_equal(pl.concat(parts), whole)


@pytest.mark.parametrize("kind", ["csv", "parquet", "ndjson", "dsjc", "json"])
def test_a_file_without_rows_is_one_batch_without_rows(tmp_path, kind):
    path = _write(tmp_path / f"vs.{kind}", FRAME.clear(), META | {"records": 0})
    assert [(part.height, part.columns) for part in _batches(path, 7)] == [(0, FRAME.columns)]


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(csv_reader, "BLOCK", 64)
    monkeypatch.setattr(json_reader, "BLOCK", 64)


@pytest.mark.parametrize("kind", ["csv", "json", "ndjson", "dsjc"])
def test_letters_lines_and_quotes_may_lie_across_blocks(tmp_path, small_blocks, kind):
    frame = FRAME.with_columns(VSORRES=pl.format('"{}"\nä', "USUBJID"))
    path = _write(tmp_path / f"vs.{kind}", frame)
    assert_frame_equal(pl.concat(_batches(path, 3)), READERS[kind](path).frame)


def test_json_with_its_columns_last_is_read_whole(tmp_path, small_blocks):
    path = tmp_path / "vs.json"
    path.write_text(json.dumps({"rows": FRAME.rows(), **META}), encoding="utf-8")
    assert [part.height for part in _batches(path, 30)] == [30, 10]
    assert_frame_equal(pl.concat(_batches(path, 30)), READERS["json"](path).frame)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is not JSON"),
        ("[]", "is not JSON"),
        ('{"columns": [{"name": "A"}], "rows": [["x"], ["y', "is not JSON"),
        ('{"columns": [{"name": "A"}], "rows": [["x"],], "records": 1}', "follows a comma"),
        ('{"columns": [{"name": "A"}], "rows": [["x"] ["y"]], "records": 1}', "is not JSON"),
        ('{"columns": [{"name": "A"}], "rows": [["x"]], "records": 1} x', "follows its end"),
        ('{"columns": [{"name": "A"}], "rows": [["x"]], "records": 12}', "states 12 records"),
        ('{"rows": null, "records": 0}', "no columns"),
        ("{1: 2}", "a name is no text"),
    ],
)
def test_json_that_is_not_whole_says_why(tmp_path, small_blocks, text, why):
    path = tmp_path / "vs.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableError, match=why):
        _batches(path, 1)
    with pytest.raises(UnreadableError):
        READERS["json"](path)


def test_a_number_may_lie_across_blocks(tmp_path, small_blocks):
    path = tmp_path / "vs.json"
    for blanks in range(70):
        text = {"x": " " * blanks, "records": 1, "columns": META["columns"][:1], "rows": [["a"]]}
        path.write_text(json.dumps(text), encoding="utf-8")
        assert pl.concat(_batches(path, 5)).rows() == [("a",)]


def test_gzip_is_unpacked_block_by_block(tmp_path, small_blocks):
    path = _write(tmp_path / "vs.ndjson").rename(tmp_path / "vs.dsjc")
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert pl.concat(_batches(path, 9)).height == 40
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(UnreadableError, match="truncated"):
        _batches(path, 9)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"\xef\xbb\xbf\n", "is empty"),
        (b"A,B\n" + b"1,x\n" * 100 + b"2\n", "row 101 has 1 fields, the header 2"),
        (b'A,B\n1,"x', "ends inside a quoted field"),
        (b'A,B\n1,"' + b"x\n" * 99, "is no table"),
        (b"A,B\n" + b"1,y\n" * 99 + b"1,\x00\n", "zero bytes"),
        (b"A,B\n" + b"1,y\n" * 99 + b"1,\x81\n", "neither UTF-8 nor Windows-1252"),
    ],
)
def test_a_csv_that_is_not_whole_says_why(tmp_path, small_blocks, data, why):
    path = tmp_path / "vs.csv"
    path.write_bytes(data)
    with pytest.raises(UnreadableError, match=why):
        _batches(path, 5)


def test_a_letter_cut_in_two_at_the_end_is_no_utf8(tmp_path):
    path = tmp_path / "vs.csv"
    path.write_bytes(b"A,B\n1,\xc3")
    (source,) = read_batches("csv", path, 5)
    assert source.frame.rows() == [("1", "Ã")]
    assert source.remarks == READERS["csv"](path).remarks


def test_text_among_numbers_makes_the_column_text_in_every_batch(tmp_path):
    rows = [["P1", 37.25], ["P1", "warm"], ["P2", 38]]
    meta = {
        "records": 3,
        "columns": [{"name": "A", "dataType": "string"}, {"name": "B", "dataType": "float"}],
    }
    path = tmp_path / "vs.ndjson"
    path.write_text("\n".join(json.dumps(part) for part in (meta, *rows)), encoding="utf-8")
    whole = READERS["ndjson"](path).frame
    assert_frame_equal(pl.concat(_batches(path, 1, whole.schema)), whole)
    assert whole["B"].to_list() == ["37.25", "warm", "38"]


@pytest.mark.parametrize(
    ("meta", "rows", "why"),
    [
        ({"records": 3}, [["a"], ["b"]], "states 3 records and holds 2"),
        ({"records": 3}, [["a"], ["b"], ["c", "d"]], "row 3 has not one value per column"),
        ({"records": 2}, [["a"], 1], "a row is not a list"),
        ({"records": 2}, [["a"], [["b"]]], "column A holds lists"),
    ],
)
def test_ndjson_that_is_not_whole_says_why(tmp_path, meta, rows, why):
    path = tmp_path / "vs.ndjson"
    meta = {"columns": [{"name": "A", "dataType": "string"}], **meta}
    path.write_text("\n".join(json.dumps(part) for part in (meta, *rows)), encoding="utf-8")
    with pytest.raises(UnreadableError, match=why):
        _batches(path, 1)


def test_blank_rows_within_a_transport_file_stay_and_at_its_end_are_none(tmp_path):
    text = ["a", *[""] * 5, "b", *[""] * 3]
    path = _write(tmp_path / "vs.xpt", pl.DataFrame({"A": text, "B": text}))
    whole = READERS["xpt"](path).frame
    assert whole.height == 7
    for rows in (1, 2, 3, 100):
        parts = [part.cast(pl.Schema(whole.schema)) for part in _batches(path, rows)]
        assert_frame_equal(pl.concat(parts), whole)


def test_a_truncated_parquet_file_is_refused(tmp_path):
    path = _write(tmp_path / "vs.parquet")
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(UnreadableError, match="whole Parquet file"):
        _batches(path, 5)
