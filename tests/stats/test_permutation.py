import numpy as np
import pytest

from pipeline.stats.gray import gray_statistic
from pipeline.stats.logrank import logrank_statistic
from pipeline.stats.permutation import permutation_p
from tests.stats.hand_typed import CODE, GROUP, STRATUM, TIME


def firsts(time, code, label, strata=None):
    """Events of group 1: a statistic whose permutation distribution can be counted by hand."""
    return ((code == 1) * label).sum(axis=-1).astype(float)


def test_p_comes_near_the_exact_share_of_relabellings():
    # 3 events among 8, all in the group of 4: C(5, 1) / C(8, 4) = 5 / 70
    code, label = np.array([1, 1, 1, 0, 0, 0, 0, 0]), np.array([1, 1, 1, 1, 0, 0, 0, 0])
    got = permutation_p(firsts, np.ones(8), code, label)
    assert got.draws == 9999
    assert got.p == pytest.approx(5 / 70, abs=0.01)


def test_labels_stay_in_their_strata():
    # the group is the stratum, so that there is one labelling only
    code, label = np.array([1, 1, 1, 0, 0, 0]), np.array([1, 1, 1, 0, 0, 0])
    assert permutation_p(firsts, np.ones(6), code, label, label, draws=99).p == 1.0
    assert permutation_p(firsts, np.ones(6), code, label, draws=999).p < 0.1


def test_p_is_never_0():
    code, label = np.repeat([1, 0], 30), np.repeat([1, 0], 30)
    assert permutation_p(firsts, np.ones(60), code, label, draws=99).p == 0.01


@pytest.mark.parametrize("statistic", [gray_statistic, logrank_statistic])
@pytest.mark.parametrize("strata", [None, STRATUM])
def test_the_order_of_rows_changes_nothing_and_a_seed_gives_one_p(statistic, strata):
    turned = None if strata is None else strata[::-1]
    one = permutation_p(statistic, TIME, CODE, GROUP, strata, draws=299, seed=7)
    two = permutation_p(statistic, TIME[::-1], CODE[::-1], GROUP[::-1], turned, draws=299, seed=7)
    other = permutation_p(statistic, TIME, CODE, GROUP, strata, draws=299, seed=8)
    assert one == two
    assert one != other


def test_a_relabelling_without_a_statistic_counts_as_one_that_says_nothing():
    # the only event comes last: if both last subjects have one label, nothing can be told
    time, code = np.array([1.0, 1, 2, 2]), np.array([0, 0, 1, 0])
    got = permutation_p(logrank_statistic, time, code, np.array([0, 1, 0, 1]), draws=999)
    assert got.p == pytest.approx(2 / 3, abs=0.06)


def test_without_an_observed_statistic_there_is_no_p():
    got = permutation_p(gray_statistic, TIME, CODE * 0, GROUP)
    assert np.isnan(got.p)
    assert got.draws == 0


def test_it_agrees_with_chi_square_where_there_are_many_events():
    rng = np.random.default_rng(3)
    time, code = rng.integers(1, 20, 200).astype(float), rng.integers(0, 3, 200)
    label = rng.integers(0, 2, 200)
    from pipeline.stats.gray import gray_test

    got = permutation_p(gray_statistic, time, code, label, draws=1999)
    assert got.p == pytest.approx(gray_test(time, code, label).p, abs=0.03)
