import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from pipeline.stats.odds_ratio import conditional_odds_ratio, firth_odds_ratio, odds_ratio

ALL = (odds_ratio, firth_odds_ratio, conditional_odds_ratio)

shares = st.integers(1, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def tail(psi, a, n1, b, n2, upper):
    """P(A >= a), or P(A <= a), of Fisher's noncentral hypergeometric distribution."""
    m = a + b
    log = {
        x: math.log(math.comb(n1, x)) + math.log(math.comb(n2, m - x)) + x * math.log(psi)
        for x in range(max(0, m - n2), min(n1, m) + 1)
    }
    top = max(log.values())
    weight = {x: math.exp(v - top) for x, v in log.items()}
    chosen = sum(w for x, w in weight.items() if (x >= a if upper else x <= a))
    mean = sum(x * w for x, w in weight.items()) / sum(weight.values())
    return chosen / sum(weight.values()), mean


def test_ordinary_agrees_with_logistic_regression():
    # R 4.2.2: glm(cbind(c(36, 17), c(32, 43)) ~ c(1, 0), binomial): 1.045769807294, 0.375642278162
    got = odds_ratio(36, 68, 17, 60)
    assert math.log(got.value) == pytest.approx(1.045769807294, abs=1e-8)
    half = 1.959963984540054 * 0.375642278162
    assert math.log(got.low) == pytest.approx(1.045769807294 - half, abs=1e-8)
    assert math.log(got.high) == pytest.approx(1.045769807294 + half, abs=1e-8)


def test_firth_agrees_with_brglm_where_the_ordinary_one_does_not_exist():
    # R brglm 0.7.2: brglm(y ~ arm, pl = FALSE), 6 of 20 against 0 of 25: 3.12947916020
    assert math.isnan(odds_ratio(6, 20, 0, 25).value)
    got = firth_odds_ratio(6, 20, 0, 25)
    assert math.log(got.value) == pytest.approx(3.12947916020, abs=1e-6)
    assert got.low < got.value < got.high


def test_profile_limits_are_where_the_penalised_likelihood_falls_by_half_a_chi_square():
    got = firth_odds_ratio(6, 20, 0, 25)

    def penalised(log_or):
        """Best penalised log-likelihood with this log odds ratio, over the other coefficient."""
        grid = np.linspace(-12, 4, 200001)
        p1, p2 = (1 / (1 + np.exp(-x)) for x in (grid + log_or, grid))
        loglik = 6 * np.log(p1) + 14 * np.log1p(-p1) + 25 * np.log1p(-p2)
        information = 20 * p1 * (1 - p1) * 25 * p2 * (1 - p2)
        return (loglik + 0.5 * np.log(information)).max()

    best = penalised(math.log(got.value))
    for limit in (got.low, got.high):
        assert 2 * (best - penalised(math.log(limit))) == pytest.approx(3.841458820694124, abs=1e-4)


@pytest.mark.parametrize(
    ("counts", "value", "low", "high"),
    [
        # R 4.2.2: fisher.test(), whose root finder stops at a relative 1e-4
        ((8, 12, 2, 11), 8.04244174864, 0.986861572554, 112.555791923874),
        ((36, 53, 32, 75), 2.82165033676, 1.28453912874, 6.37996570656),
    ],
)
def test_conditional_agrees_with_r(counts, value, low, high):
    assert conditional_odds_ratio(*counts) == pytest.approx((value, low, high), rel=3e-4)


@pytest.mark.parametrize("counts", [(8, 12, 2, 11), (36, 53, 32, 75)])
def test_conditional_solves_its_equations(counts):
    got = conditional_odds_ratio(*counts)
    want = brentq(lambda x: tail(math.exp(x), *counts, True)[1] - counts[0], -5, 5)
    assert math.log(got.value) == pytest.approx(want, abs=1e-6)
    assert tail(got.low, *counts, True)[0] == pytest.approx(0.025, abs=1e-6)
    assert tail(got.high, *counts, False)[0] == pytest.approx(0.025, abs=1e-6)


def test_conditional_with_an_empty_cell_has_one_limit_and_nothing_infinite():
    none = conditional_odds_ratio(0, 12, 3, 40)
    assert (none.value, none.low) == (0, 0)
    assert tail(none.high, 0, 12, 3, 40, upper=False)[0] == pytest.approx(0.025, abs=1e-6)
    every = conditional_odds_ratio(12, 12, 3, 40)
    assert math.isnan(every.value)
    assert math.isnan(every.high)
    assert tail(every.low, 12, 12, 3, 40, upper=True)[0] == pytest.approx(0.025, abs=1e-6)


@pytest.mark.parametrize("method", ALL)
@pytest.mark.parametrize("counts", [(0, 5, 0, 5), (5, 5, 5, 5)])
def test_nobody_or_everybody_has_no_odds_ratio(method, counts):
    assert np.isnan(method(*counts)).all()


@pytest.mark.parametrize("method", ALL)
def test_more_events_than_subjects_are_refused(method):
    with pytest.raises(ValueError, match="not two proportions"):
        method(5, 4, 1, 3)


@settings(deadline=None, max_examples=25)
@given(shares, shares)
def test_firth_of_two_groups_adds_one_half_to_each_count(first, second):
    (a, n1), (b, n2) = first, second
    got = firth_odds_ratio(a, n1, b, n2)
    if a + b in (0, n1 + n2):
        assert math.isnan(got.value)
        return
    want = (a + 0.5) * (n2 - b + 0.5) / ((n1 - a + 0.5) * (b + 0.5))
    assert math.log(got.value) == pytest.approx(math.log(want), abs=2e-6)
    assert got.low < got.value < got.high


@pytest.mark.parametrize("method", ALL)
@settings(deadline=None, max_examples=25)
@given(first=shares, second=shares)
def test_exchanging_the_groups_inverts_it(method, first, second):
    one, two = method(*first, *second), method(*second, *first)
    for x, y in ((one.value, two.value), (one.low, two.high), (one.high, two.low)):
        if not (math.isnan(x) or math.isnan(y)):
            assert math.log(x) == pytest.approx(-math.log(y), abs=1e-4)
        elif not (math.isnan(x) and math.isnan(y)):
            # 0 one way round is infinite, so not estimable, the other way round
            assert np.nansum([x, y]) == 0
