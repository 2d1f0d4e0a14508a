import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stats.agreement import cross_table, grades_used, weighted_kappa

# Two raters of three categories, 100 pairs: the example in scikit-learn's own tests.
THREE = np.array([[46, 0, 0], [4, 40, 0], [0, 0, 10]])
# Couples on sexual fun (Agresti 1990), the example of R's vcd::Kappa.
FUN = np.array([[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]])


def kappa_of(p, power):
    """Weighted kappa from disagreement: 1 - seen / expected by chance, a sum over all cells."""
    size = range(len(p))
    seen = sum(abs(i - j) ** power * p[i][j] for i in size for j in size)
    rows = [sum(p[i][j] for j in size) for i in size]
    columns = [sum(p[i][j] for i in size) for j in size]
    chance = sum(abs(i - j) ** power * rows[i] * columns[j] for i in size for j in size)
    return 1 - seen / chance


def delta_se(table, power, step=1e-6):
    """Standard error by the delta method with numerical derivatives, without any formula of it."""
    n = table.sum()
    p = (table / n).astype(float)
    slope = np.zeros_like(p)
    for i, j in np.ndindex(p.shape):
        up, down = p.copy(), p.copy()
        up[i, j] += step
        down[i, j] -= step
        # kappa of a table that does not add up to 1 is that of its proportions
        slope[i, j] = (kappa_of(up / up.sum(), power) - kappa_of(down / down.sum(), power)) / (
            2 * step
        )
    return math.sqrt(((p * slope**2).sum() - (p * slope).sum() ** 2) / n)


@pytest.mark.parametrize(("weights", "want"), [("linear", 0.9412), ("quadratic", 0.9541)])
def test_example_of_scikit_learn(weights, want):
    first = np.repeat([0, 1, 2], [46, 44, 10])
    second = np.repeat([0, 1, 2], [50, 40, 10])
    table = cross_table(first, second, 3)
    assert table.tolist() == THREE.tolist()
    assert weighted_kappa(table, weights).value == pytest.approx(want, abs=5e-5)


def test_example_of_vcd_with_its_standard_error():
    got = weighted_kappa(FUN, "linear")
    assert (round(got.value, 4), round(got.se, 5)) == (0.2374, 0.07832)
    assert got.low == pytest.approx(0.237380 - 1.959964 * 0.07832, abs=1e-5)
    assert got.high == pytest.approx(0.237380 + 1.959964 * 0.07832, abs=1e-5)


@pytest.mark.parametrize("weights", ["linear", "quadratic"])
def test_two_categories_are_cohens_unweighted_kappa(weights):
    # Cohen 1960: observed 0.70, by chance 0.50
    assert weighted_kappa(np.array([[20, 5], [10, 15]]), weights).value == pytest.approx(0.4)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(0, 9), min_size=16, max_size=16),
    st.sampled_from([("linear", 1), ("quadratic", 2)]),
)
def test_value_and_error_are_those_of_brute_force(cells, kind):
    weights, power = kind
    table = np.array(cells).reshape(4, 4)
    got = weighted_kappa(table, weights)
    if min(grades_used(table)) < 2:
        assert math.isnan(got.value)
        return
    assert got.value == pytest.approx(kappa_of(table / table.sum(), power), abs=1e-12)
    assert got.se == pytest.approx(delta_se(table, power), abs=1e-5)
    # The two gradings may change places.
    assert weighted_kappa(table.T, weights).se == pytest.approx(got.se, abs=1e-12)


def test_grades_that_nobody_used_change_nothing():
    wide = np.zeros((6, 6), dtype=np.int64)
    wide[1:5, 1:5] = FUN
    for weights in ("linear", "quadratic"):
        assert weighted_kappa(wide, weights) == pytest.approx(weighted_kappa(FUN, weights))


def test_all_agree_has_a_value_and_no_limits():
    got = weighted_kappa(np.diag([3, 4, 0]))
    assert (got.value, got.se) == (1.0, 0.0)
    assert math.isnan(got.low)
    assert math.isnan(got.high)


@pytest.mark.parametrize(
    "table",
    [
        [[0, 0], [0, 0]],  # nobody
        [[7, 0], [0, 0]],  # one grade in all
        [[4, 3], [0, 0]],  # one grade on one side: 0 whatever the other side says
        [[4, 0], [3, 0]],
    ],
)
def test_kappa_is_undefined_where_a_side_has_one_grade(table):
    assert all(math.isnan(x) for x in weighted_kappa(np.array(table)))


def test_limits_stop_at_one():
    got = weighted_kappa(np.array([[5, 1], [0, 5]]))
    assert got.high == 1.0


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [([0, 1], [0], "2 grades but 1"), ([0, 6], [0, 1], "between 0 and 5"), ([-1], [0], "between")],
)
def test_grades_that_do_not_pair_are_refused(first, second, why):
    with pytest.raises(ValueError, match=why):
        cross_table(np.array(first), np.array(second), 6)
