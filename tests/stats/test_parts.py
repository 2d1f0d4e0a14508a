import polars as pl
from polars.testing import assert_frame_equal

from pipeline.stats.parts import parts_of

FRAME = pl.DataFrame({"X": ["b", "a", None, "b"], "Y": [1, 1, 2, 2], "Z": [1, 2, 3, 4]})


def test_values_and_rows_keep_their_order_and_a_null_is_a_value():
    parts = parts_of(FRAME, "X")
    assert list(parts) == [("b",), ("a",), (None,)]
    assert [part["Z"].to_list() for part in parts.values()] == [[1, 4], [2], [3]]


def test_it_is_the_dict_of_polars():
    for columns in (("X",), ("Y",), ("X", "Y")):
        ours, theirs = parts_of(FRAME, *columns), FRAME.partition_by(columns, as_dict=True)
        assert list(ours) == list(theirs)
        for key, part in ours.items():
            assert_frame_equal(part, theirs[key])


def test_a_frame_without_rows_has_no_parts():
    assert parts_of(FRAME.clear(), "X") == {}
