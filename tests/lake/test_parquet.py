from __future__ import annotations

import io

import polars as pl
from polars.testing import assert_frame_equal

from pipeline.lake.parquet import parts, row_count, to_parquet
from pipeline.schemas.layout import LAYOUT
from pipeline.table import frame_of, lazy


def test_same_rows_give_the_same_bytes_however_they_lie_in_memory():
    whole = pl.DataFrame({"A": [1, 2, 3, None], "B": ["x", None, "z", "z"]})
    pieces = pl.concat([whole[:1], whole[1:3], whole[3:]], rechunk=False)
    assert to_parquet(whole) == to_parquet(pieces)


def test_what_is_written_is_read(tmp_path):
    frame = pl.DataFrame({"A": [1.5, None]})
    (tmp_path / "t.parquet").write_bytes(to_parquet(frame))
    assert_frame_equal(frame_of(tmp_path / "t.parquet"), frame)
    assert_frame_equal(pl.read_parquet(io.BytesIO(to_parquet(frame))), frame)
    assert frame_of(frame) is frame


def test_row_count_of_a_frame_of_a_file_and_of_an_empty_one(tmp_path):
    path = tmp_path / "t.parquet"
    assert row_count(pl.DataFrame({"A": [1, 2]})) == 2
    pl.DataFrame({"A": [1, 2, 3]}).write_parquet(path)
    assert row_count(path) == 3
    pl.DataFrame({"A": []}).write_parquet(path)
    assert row_count(path) == 0


def test_a_file_comes_in_parts_in_its_order(tmp_path):
    frame = pl.DataFrame({"A": range(LAYOUT["row_group_size"] + 5)})
    path = tmp_path / "t.parquet"
    path.write_bytes(to_parquet(frame))
    some = list(parts(path))
    assert len(some) > 1
    assert_frame_equal(pl.concat(some), frame)
    assert_frame_equal(lazy(path).collect(), frame)


def test_a_frame_and_a_file_without_rows_are_one_part(tmp_path):
    frame = pl.DataFrame({"A": [1]})
    assert [part is frame for part in parts(frame)] == [True]
    frame.clear().write_parquet(tmp_path / "t.parquet")
    assert [part.schema for part in parts(tmp_path / "t.parquet")] == [frame.schema]


def test_a_file_joined_from_parts_has_the_bytes_of_the_frame(tmp_path):
    frame = pl.DataFrame({"A": range(300_000), "B": [None, "x", "y"] * 100_000})
    pieces = [tmp_path / f"{at}.parquet" for at in range(3)]
    for at, path in enumerate(pieces):
        frame[at * 100_000 :][:100_000].write_parquet(path)
    pl.scan_parquet(pieces).sink_parquet(tmp_path / "t.parquet", **LAYOUT)
    assert (tmp_path / "t.parquet").read_bytes() == to_parquet(frame)
