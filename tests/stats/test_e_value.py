import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stats.e_value import e_value, e_value_of_limits, tipping_point

ratios = st.floats(0.01, 100)


def test_the_example_of_the_paper():
    # VanderWeele & Ding 2017: risk ratio 3.9 (1.8 to 8.7), E-values 7.26 and 3.0
    assert e_value(3.9) == pytest.approx(7.263, abs=5e-4)
    assert e_value_of_limits(1.8, 8.7) == pytest.approx(3.0, abs=5e-4)


@given(ratios)
def test_a_confounder_of_that_strength_just_explains_the_ratio(ratio):
    strength = e_value(ratio)
    # bounding factor of Ding & VanderWeele 2016 with both associations alike
    bound = strength**2 / (2 * strength - 1)
    assert bound == pytest.approx(max(ratio, 1 / ratio))


@given(ratios)
def test_exchanging_the_arms_changes_nothing(ratio):
    assert e_value(1 / ratio) == pytest.approx(e_value(ratio))


@pytest.mark.parametrize(
    ("low", "high", "want"),
    [(1.0, 2.0, 1), (0.5, 1.0, 1), (0.25, 0.5, e_value(0.5)), (2.0, 4.0, e_value(2.0))],
)
def test_the_nearer_limit_counts(low, high, want):
    assert e_value_of_limits(low, high) == want


def test_limits_that_are_missing_have_none():
    assert np.isnan(e_value_of_limits(np.nan, 2))
    assert np.isnan(e_value(0.0))


@given(st.floats(1.01, 1.9), st.sampled_from([(0.3, 0.1), (0.5, 0.2)]))
def test_at_the_tipping_point_the_confounder_makes_the_ratio(ratio, prevalence):
    common, rare = prevalence
    g = tipping_point(ratio, common, rare)
    assert (1 + (g - 1) * common) / (1 + (g - 1) * rare) == pytest.approx(ratio)


def test_some_ratios_are_beyond_any_confounder_of_that_prevalence():
    assert np.isnan(tipping_point(2.5, 0.5, 0.2))  # at most 0.5 / 0.2
    assert np.isfinite(tipping_point(2.49, 0.5, 0.2))
    assert np.isnan(tipping_point(0.0, 0.5, 0.2))
