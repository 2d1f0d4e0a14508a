import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipeline.stats.proportions import clopper_pearson, wilson


@pytest.mark.parametrize(("events", "n"), [(0, 10), (10, 10), (3, 10), (61, 80), (1, 1)])
def test_clopper_pearson_inverts_the_binomial_test(events, n):
    want = stats.binomtest(events, n).proportion_ci(0.95, method="exact")
    got = clopper_pearson(events, n)
    assert got.low == pytest.approx(want.low, abs=1e-10)
    assert got.high == pytest.approx(want.high, abs=1e-10)


def test_rule_of_three_for_no_event():
    assert clopper_pearson(0, 10).high == pytest.approx(1 - 0.025 ** (1 / 10))


def test_wilson_agrees_with_newcombes_worked_example():
    # Newcombe 1998, Table I: 81 of 263
    got = wilson(81, 263)
    assert (round(got.low, 4), round(got.high, 4)) == (0.2553, 0.3662)


@pytest.mark.parametrize("method", [clopper_pearson, wilson])
@pytest.mark.parametrize(("events", "n"), [(0, 0), (3, 2), (-1, 5)])
def test_what_is_no_proportion_is_refused(method, events, n):
    with pytest.raises(ValueError, match="not a proportion"):
        method(events, n)


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_limits_hold_the_proportion_and_mirror_its_complement(pair):
    events, n = pair
    for method in (clopper_pearson, wilson):
        p, q = method(events, n), method(n - events, n)
        assert 0 <= p.low <= p.value <= p.high <= 1
        assert p.low == pytest.approx(1 - q.high, abs=1e-9)
