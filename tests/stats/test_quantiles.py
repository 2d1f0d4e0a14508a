import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stats.kaplan_meier import kaplan_meier
from pipeline.stats.quantiles import summary


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
