from __future__ import annotations

import polars as pl
import pyreadstat
import pytest

from pipeline.ingest.readers import UnreadableError
from pipeline.ingest.readers.xpt import read_xpt

FRAME = pl.DataFrame(
    {"AETERM": ["Fever", "", "Größe", "x" * 30], "AESEQ": [1.0, 2.0, None, 4.5], "B": list("abcd")}
)


@pytest.fixture
def path(tmp_path):
    out = tmp_path / "ae.xpt"
    pyreadstat.write_xport(FRAME, str(out), table_name="AE", file_format_version=5)
    return out


def test_text_and_numbers_come_back(path):
    got = read_xpt(path).frame
    assert got["AETERM"].to_list() == ["Fever", None, "Größe", "x" * 30]
    assert got["AESEQ"].to_list() == [1.0, 2.0, None, 4.5]


def test_every_truncation_is_found(path):
    data = path.read_bytes()
    # Right after the header record of the rows it is a whole data set without rows.
    empty = data.index(b"HEADER RECORD*******OBS ") + 80
    for size in set(range(0, len(data), 40)) - {empty}:
        path.write_bytes(data[:size])
        with pytest.raises(UnreadableError):
            read_xpt(path)


def test_another_format_is_not_taken_for_a_transport_file(path):
    path.write_bytes(b"A,B\n1,2\n" * 20)
    with pytest.raises(UnreadableError, match="not a version 5 transport file"):
        read_xpt(path)
