import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stats.risk_difference import newcombe, square_and_add
from pipeline.stats.step_curve import Estimate

shares = st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        # Newcombe 1998, Table II, method 10
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((10, 10, 0, 10), 0.6075, 1.0000),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0000),
    ],
)
def test_newcombes_own_table(counts, low, high):
    got = newcombe(*counts)
    assert got.low == pytest.approx(low, abs=6e-5)
    assert got.high == pytest.approx(high, abs=6e-5)


def test_square_and_add_keeps_the_asymmetry_of_the_limits():
    got = square_and_add(Estimate(0.7, 0.1, 0.4, 0.8), Estimate(0.2, 0.05, 0.1, 0.5))
    assert got.value == pytest.approx(0.5)
    assert got.low == pytest.approx(0.5 - (0.3**2 + 0.3**2) ** 0.5)
    assert got.high == pytest.approx(0.5 + (0.1**2 + 0.1**2) ** 0.5)


@settings(deadline=None, max_examples=50)
@given(shares, shares)
def test_exchanging_the_groups_flips_the_sign(first, second):
    one, two = newcombe(*first, *second), newcombe(*second, *first)
    assert one.value == pytest.approx(-two.value)
    assert one.low == pytest.approx(-two.high, abs=1e-12)
    assert -1 <= one.low <= one.value <= one.high <= 1
