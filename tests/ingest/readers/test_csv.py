from __future__ import annotations

import pytest

from pipeline.ingest.readers import UnreadableError
from pipeline.ingest.readers.csv import read_csv

ROWS = [{"A": "1", "B": "x"}, {"A": None, "B": "y"}]


def _read(tmp_path, data: bytes):
    path = tmp_path / "ae.csv"
    path.write_bytes(data)
    return read_csv(path)


@pytest.mark.parametrize(
    "data",
    [
        b"A,B\n1,x\n,y\n",
        b"a,b\n1,x\n,y\n",  # lower-case names
        b" A ,B\r\n 1 ,x\r\n , y\r\n",  # blanks around, Windows line breaks
        b"A;B\n1;x\n;y\n",
        b"A\tB\n1\tx\n\ty\n",
        b"A|B\n1|x\n|y\n",
        b'"A","B"\n"1","x"\n"","y"\n',
        b"\xef\xbb\xbfA,B\n1,x\n,y\n",  # with a byte-order mark
        "A,B\n1,x\n,y\n".encode("utf-16"),
        b"\n\nA,B\n1,x\n\n,y\n",  # empty lines
        b"A,B\r1,x\r,y\r",  # old Mac line breaks
    ],
)
def test_the_same_table_however_it_is_written(tmp_path, data):
    assert _read(tmp_path, data).frame.to_dicts() == ROWS


def test_a_quoted_field_may_hold_delimiters_quotes_and_line_breaks(tmp_path):
    source = _read(tmp_path, b'A,B\n1,"x, ""y""\nz"\n')
    assert source.frame.to_dicts() == [{"A": "1", "B": 'x, "y"\nz'}]


def test_windows_1252_is_read_and_remarked_on(tmp_path):
    source = _read(tmp_path, "A,B\n1,Fièvre 38 °C\n".encode("cp1252"))
    assert source.frame["B"][0] == "Fièvre 38 °C"
    assert [rule for rule, _, _ in source.remarks] == ["ENCODING_CP1252"]


def test_a_missing_final_line_break_is_remarked_on(tmp_path):
    assert [rule for rule, _, _ in _read(tmp_path, b"A,B\n1,x").remarks] == ["NO_FINAL_NEWLINE"]


def test_a_header_alone_is_a_table_without_rows(tmp_path):
    assert _read(tmp_path, b"A,B\n").frame.shape == (0, 2)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"A,B\n1,x\n2\n", "row 2 has 1 fields, the header 2"),  # cut within a row
        (b"A,B\n1,x,secret\n", "row 1 has 3 fields, the header 2"),
        (b'A,B\n1,"x', "ends inside a quoted field"),
        (b"A,B\n1,\x00\n", "zero bytes"),
        (b"A,B\n1,\x81\n", "neither UTF-8 nor Windows-1252"),
        (b"A,a\n1,x\n", "two columns have the same name: A"),
    ],
)
def test_a_file_that_is_not_whole_says_why_and_shows_no_data(tmp_path, data, why):
    with pytest.raises(UnreadableError, match=why) as caught:
        _read(tmp_path, data)
    assert "secret" not in str(caught.value)
