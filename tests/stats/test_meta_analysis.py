import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import binom, norm

from pipeline.stats.meta_analysis import _loss, pool_proportions

# R lme4: glmer(cbind(y, n - y) ~ 1 + (1 | study), binomial, nAGQ = 25): fixef, theta, sqrt(vcov)
SETS = [
    (
        [12, 20, 5, 31, 9, 14, 3], [30, 32, 20, 50, 12, 40, 15],
        (-0.185704969121, 0.642126577436, 0.292256316008),
    ),
    # studies that differ no more than by chance
    (
        [3, 4, 5, 2, 4, 3], [10, 12, 14, 9, 11, 10],
        (-0.762140053829, 0.0, 0.264274977522),
    ),
    # a study without an event
    (
        [0, 4, 5, 2, 9, 3], [10, 12, 14, 9, 11, 10],
        (-0.801777766126, 1.094586198579, 0.548113669913),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("events", "n", "want"), SETS)
def test_it_agrees_with_glmer(events, n, want):
    pooled = pool_proportions(np.array(events), np.array(n))
    assert (pooled.logit, np.sqrt(pooled.tau2), pooled.se) == pytest.approx(want, abs=2e-7)


def test_the_likelihood_is_the_integral():
    y, n, mean, tau = np.array([5.0, 0.0, 31.0]), np.array([20.0, 10.0, 50.0]), -0.4, 0.9

    def integrand(u, k, size):
        p = 1 / (1 + np.exp(-(mean + tau * u)))
        return binom.pmf(k, size, p) * norm.pdf(u)

    want = sum(
        np.log(quad(integrand, -12, 12, (k, m), epsabs=1e-14)[0] / binom.pmf(k, m, 0.5))
        - m * np.log(2)
        for k, m in zip(y, n, strict=True)
    )
    assert _loss(np.array([mean, tau]), y, n)[0] == pytest.approx(-want, abs=1e-9)


def test_limits_by_students_t():
    pooled = pool_proportions(np.array(SETS[0][0]), np.array(SETS[0][1]))
    # t with 6 and 5 degrees of freedom: 2.446912 and 2.570582
    half, new = 2.446912 * 0.2922563, 2.570582 * np.hypot(0.2922563, 0.6421266)
    for got, width in ((pooled.proportion, half), (pooled.prediction, new)):
        logits = [-0.1857050, -0.1857050 - width, -0.1857050 + width]
        assert got == pytest.approx(1 / (1 + np.exp(-np.array(logits))), abs=1e-5)


def test_exchanging_events_and_the_rest_exchanges_the_limits():
    y, n = np.array(SETS[2][0]), np.array(SETS[2][1])
    one, two = pool_proportions(y, n), pool_proportions(n - y, n)
    assert one.tau2 == pytest.approx(two.tau2, abs=1e-6)
    assert one.proportion.low == pytest.approx(1 - two.proportion.high, abs=1e-6)


def test_order_of_studies_changes_nothing_but_rounding():
    y, n = np.array(SETS[0][0]), np.array(SETS[0][1])
    one, two = pool_proportions(y, n), pool_proportions(y[::-1], n[::-1])
    assert one.logit == pytest.approx(two.logit, abs=1e-7)


@pytest.mark.parametrize(
    ("events", "n"),
    [([0] * 6, [9] * 6), ([9] * 6, [9] * 6), ([1, 2], [5, 5])],
)
def test_no_event_events_only_or_two_studies_give_nothing(events, n):
    pooled = pool_proportions(np.array(events), np.array(n))
    assert np.isnan([pooled.logit, pooled.tau2, *pooled.proportion, *pooled.prediction]).all()
