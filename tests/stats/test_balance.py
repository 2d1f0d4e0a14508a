import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stats.balance import balance, bins_of, effective_size, largest_share

ARM = np.array([1, 1, 1, 1, 0, 0, 0, 0])


def test_a_number_by_hand():
    ages = np.array([50.0, 60, 70, 80, 40, 50, 60, 70])
    got = balance(ages, ARM, np.ones(8))
    # both arms have the standard deviation sqrt(500 / 3)
    assert got == pytest.approx((65, 55, 10 / np.sqrt(500 / 3)))


def test_a_proportion_has_the_variance_of_a_proportion():
    women = np.array([1.0, 1, 1, 0, 1, 0, 0, 0])
    assert balance(women, ARM, np.ones(8)) == pytest.approx((0.75, 0.25, 0.5 / np.sqrt(0.1875)))


def test_after_weighting_the_difference_is_measured_by_the_same_rod():
    ages = np.array([50.0, 60, 70, 80, 40, 50, 60, 70])
    weight = np.array([2.0, 1, 1, 0, 0, 1, 1, 2])
    got = balance(ages, ARM, weight)
    assert got == pytest.approx((57.5, 62.5, -5 / np.sqrt(500 / 3)))


def test_what_is_constant_within_both_arms():
    assert balance(np.ones(8), ARM, np.ones(8)).smd == 0
    assert np.isnan(balance(ARM.astype(float), ARM, np.ones(8)).smd)


def test_largest_share_by_hand():
    assert largest_share(np.array([1.0, 1, 2])) == 0.5


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=30))
def test_effective_size_lies_between_one_and_n_and_knows_no_scale(weights):
    weight = np.array(weights)
    size = effective_size(weight)
    assert 1 - 1e-9 <= size <= weight.size + 1e-9
    assert effective_size(7 * weight) == pytest.approx(size)
    assert size <= weight.size * (1 + 1e-9)


@pytest.mark.parametrize(("score", "bin_"), [(0.0, 0), (0.0499, 0), (0.05, 1), (0.15, 3), (1, 19)])
def test_bins_are_closed_on_the_left(score, bin_):
    assert bins_of(np.array([score]), 20).tolist() == [bin_]
