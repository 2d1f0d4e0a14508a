import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stats.kaplan_meier import kaplan_meier
from pipeline.stats.quantiles import quantile_of, summary


def test_five_numbers():
    assert summary(np.array([4.0, 1, 2, 10])) == (3.0, 1.5, 7.0, 1.0, 10.0)


def test_nothing_is_refused():
    with pytest.raises(ValueError, match="no values"):
        summary(np.array([]))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(1, 20), min_size=1, max_size=30))
def test_quantiles_equal_those_of_kaplan_meier_without_censoring(days):
    values = np.array(days, dtype=float)
    km = kaplan_meier(values, np.ones(len(days), dtype=int))
    got = summary(values)
    assert (got.q1, got.median, got.q3) == tuple(km.quantile(p).value for p in (0.25, 0.5, 0.75))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(-5, 5)), min_size=1, max_size=30))
def test_quantiles_of_a_column_are_those_of_each_group(rows):
    frame = pl.DataFrame(rows, schema=["G", "X"], orient="row").cast({"X": pl.Float64})
    made = frame.group_by("G").agg(
        *(quantile_of(pl.col("X"), p).alias(str(p)) for p in (0.25, 0.5))
    )
    for group, low, middle in made.iter_rows():
        want = summary(frame.filter(G=group)["X"].to_numpy())
        assert (low, middle) == (want.q1, want.median)
