import numpy as np
import pytest

from pipeline.stats.counts import count
from pipeline.stats.rmst import RestrictedMean, rmst, rmst_difference, rmst_ratio
from tests.stats.reference import codes, column, expected, needs_reference, rows, same


@needs_reference
@pytest.mark.parametrize("tau", [90, 365])
def test_veteran_agrees_with_survrm2(tau):
    want = expected("veteran_expected.json")[f"rmst_{tau}"]
    got = {}
    for arm in ("standard", "test"):
        chosen = [r for r in rows("veteran.csv") if r["arm"] == arm]
        got[arm] = rmst(count(column(chosen, "time"), codes(chosen, "status")), tau)
        assert same(got[arm].value, want["arms"][arm]["est"])
        assert same(got[arm].se, want["arms"][arm]["se"])
    difference = rmst_difference(got["test"], got["standard"])
    assert same(difference.value, want["diff"]["est"])
    assert same(difference.low, want["diff"]["lower"])
    assert same(difference.high, want["diff"]["upper"])
    ratio = rmst_ratio(got["test"], got["standard"])
    assert same(ratio.value, want["ratio"]["est"])
    assert same(ratio.low, want["ratio"]["lower"])
    assert same(ratio.high, want["ratio"]["upper"])


def test_without_censoring_it_is_the_mean_of_the_shorter_of_time_and_tau():
    time = np.array([2.0, 5, 9, 20])
    got = rmst(count(time, np.ones(4, dtype=int)), 10)
    assert got.value == pytest.approx(np.minimum(time, 10).mean())
    assert got.se == pytest.approx(np.minimum(time, 10).std() / 2)


def test_all_recovered_before_tau_is_estimable_and_a_curve_that_ends_before_tau_is_not():
    assert rmst(count(np.array([2.0, 4.0]), np.array([1, 1])), 14).value == pytest.approx(3)
    assert np.isnan(rmst(count(np.array([2.0, 4.0]), np.array([1, 0])), 14).value)


def test_a_ratio_turned_round_is_its_inverse_and_a_mean_of_0_has_none():
    a, b = RestrictedMean(4.0, 0.5), RestrictedMean(5.0, 0.7)
    one, two = rmst_ratio(a, b), rmst_ratio(b, a)
    assert (one.value, one.low, one.high) == pytest.approx(
        (1 / two.value, 1 / two.high, 1 / two.low)
    )
    assert np.isnan(rmst_ratio(a, RestrictedMean(0.0, 0.0))).all()
    assert np.isnan(rmst_ratio(a, RestrictedMean(np.nan, np.nan))).all()
