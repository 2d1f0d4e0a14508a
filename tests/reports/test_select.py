from __future__ import annotations

import polars as pl

from reports.select import Block, by, only, split

ROWS = pl.DataFrame(
    [("onset", "a", 1.0), ("onset", None, 2.0), ("signs", "a", 3.0), ("onset", "a", 4.0)],
    schema={"RESULT": pl.String, "LEVEL": pl.String, "VALUE": pl.Float64},
    orient="row",
)


def test_only_takes_none_for_null_and_everything_where_nothing_is_asked():
    assert only(ROWS, RESULT="onset", LEVEL=None)["VALUE"].to_list() == [2]
    assert only(ROWS).equals(ROWS)


def test_a_block_gives_the_rows_of_a_result_in_their_order_and_none_of_another():
    block = Block("ASTCT2019", "derived", ROWS, (None,), primary=True)
    assert block.of("onset", LEVEL="a")["VALUE"].to_list() == [1, 4]
    nothing = block.of("recovery")
    assert nothing.is_empty()
    assert nothing.schema == ROWS.schema


def test_by_keeps_the_first_row_of_a_key():
    found = by(ROWS, "RESULT", "LEVEL")
    assert {key: row["VALUE"] for key, row in found.items()} == {
        ("onset", "a"): 1, ("onset", None): 2, ("signs", "a"): 3,
    }  # fmt: skip


def test_split_keeps_order_and_null():
    parts = split(ROWS, "LEVEL")
    assert {key: part["VALUE"].to_list() for key, part in parts.items()} == {
        ("a",): [1, 3, 4], (None,): [2],
    }  # fmt: skip
