from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from pipeline.ingest.readers import UnreadableError
from pipeline.ingest.readers.parquet import read_parquet


def _read(tmp_path, frame):
    path = tmp_path / "ae.parquet"
    frame.write_parquet(path)
    return read_parquet(path).frame


def test_every_flat_type_becomes_text_or_a_number(tmp_path):
    frame = pl.DataFrame(
        {
            "aeterm": pl.Series([" Fever "], dtype=pl.Categorical),
            "SEQ": pl.Series([1], dtype=pl.UInt8),
            "N": [float("nan")],
            "F": pl.Series([1.5], dtype=pl.Float32),
            "FL": [True],
            "D": [dt.date(2024, 3, 2)],
            "DTM": [dt.datetime(2024, 3, 2, 8, 30)],
            "NULL": [None],
        }
    )
    assert _read(tmp_path, frame).to_dicts() == [
        {
            "AETERM": "Fever", "SEQ": 1, "N": None, "F": 1.5, "FL": "Y",
            "D": "2024-03-02", "DTM": "2024-03-02T08:30:00", "NULL": None,
        }
    ]  # fmt: skip


def test_a_nested_column_is_no_data_set(tmp_path):
    with pytest.raises(UnreadableError, match="column A holds List"):
        _read(tmp_path, pl.DataFrame({"A": [[1]]}))


def test_a_truncated_file_is_refused(tmp_path):
    path = tmp_path / "ae.parquet"
    pl.DataFrame({"A": list(range(1000))}).write_parquet(path)
    data = path.read_bytes()
    for size in (0, 3, 10, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:size])
        with pytest.raises(UnreadableError):
            read_parquet(path)
