from __future__ import annotations

import io

import polars as pl
from polars.testing import assert_frame_equal

from pipeline.lake.parquet import read, to_parquet


def test_same_rows_give_the_same_bytes_however_they_lie_in_memory():
    whole = pl.DataFrame({"A": [1, 2, 3, None], "B": ["x", None, "z", "z"]})
    pieces = pl.concat([whole[:1], whole[1:3], whole[3:]], rechunk=False)
    assert to_parquet(whole) == to_parquet(pieces)


def test_what_is_written_is_read(tmp_path):
    frame = pl.DataFrame({"A": [1.5, None]})
    (tmp_path / "t.parquet").write_bytes(to_parquet(frame))
    assert_frame_equal(read(tmp_path / "t.parquet"), frame)
    assert_frame_equal(pl.read_parquet(io.BytesIO(to_parquet(frame))), frame)
    assert read(frame) is frame
