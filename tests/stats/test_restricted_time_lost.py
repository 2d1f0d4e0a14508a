import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stats.counts import count
from pipeline.stats.cumulative_incidence import cumulative_incidence
from pipeline.stats.restricted_time_lost import restricted_time_lost
from pipeline.stats.rmst import rmst, rmst_difference, rmst_ratio
from tests.stats.reference import codes, column, needs_reference, rows

# day and code of 16 subjects: 1 CRS, 2 death, 3 discontinuation, 0 censored, with ties of all
TIME = np.array([1.0, 1, 2, 2, 3, 5, 5, 8, 8, 12, 14, 20, 28, 28, 30, 30])
CODE = np.array([1, 2, 1, 1, 0, 1, 2, 1, 0, 1, 3, 0, 0, 0, 0, 0])

subjects = st.lists(st.tuples(st.integers(1, 10), st.integers(0, 2)), min_size=1, max_size=30)


def split(pairs):
    return np.array([float(t) for t, _ in pairs]), np.array([c for _, c in pairs])


@pytest.mark.parametrize(
    ("tau", "value", "se"),
    [
        # R 4.2.2, survival 3.5-3: survfit(Surv(t, factor(code)) ~ 1, id = id, influence = TRUE);
        # area under pstate, and the root of the sum of squares of the same area under influence
        (7, 1.13636363636364, 0.523148186625019),
        (14, 3.49107142857143, 1.25724628229928),
        (28, 9.11607142857143, 2.94075545169467),
    ],
)
def test_agrees_with_the_area_under_survfits_influence(tau, value, se):
    got = restricted_time_lost(cumulative_incidence(TIME, CODE), tau)
    assert got.value == pytest.approx(value, abs=1e-8)
    assert got.se == pytest.approx(se, abs=1e-8)


@needs_reference
@pytest.mark.parametrize(
    ("sex", "tau", "value", "se"),
    [
        # R as above, cause 1
        ("F", 120, 4.79459475706963, 0.786498365493128),
        ("F", 240, 15.8794026633244, 2.09077465320317),
        ("M", 120, 3.50130535792532, 0.599218173977083),
        ("M", 240, 12.7763219842558, 1.70088355871095),
    ],
)
def test_mgus2_agrees_with_the_area_under_survfits_influence(sex, tau, value, se):
    chosen = [r for r in rows("mgus2.csv") if r["sex"] == sex]
    fit = cumulative_incidence(column(chosen, "time"), codes(chosen, "event"))
    got = restricted_time_lost(fit, tau)
    assert got.value == pytest.approx(value, abs=1e-8)
    assert got.se == pytest.approx(se, abs=1e-8)


def test_an_event_on_the_day_tau_loses_nothing_and_one_on_day_1_loses_the_rest():
    assert (
        restricted_time_lost(cumulative_incidence(np.array([28.0]), np.array([1])), 28).value == 0
    )
    lost = restricted_time_lost(cumulative_incidence(np.array([1.0]), np.array([1])), 28)
    assert lost.value == 27


def test_a_curve_that_ends_before_tau_has_no_area_and_one_that_emptied_has():
    ends = cumulative_incidence(np.array([2.0, 4.0]), np.array([1, 0]))
    assert np.isnan(restricted_time_lost(ends, 14)).all()
    emptied = cumulative_incidence(np.array([2.0, 4.0]), np.array([1, 2]))
    assert restricted_time_lost(emptied, 14).value == pytest.approx(12 / 2)


@settings(deadline=None, max_examples=50)
@given(subjects, st.integers(1, 10))
def test_it_is_the_sum_of_the_incidence_over_whole_days(pairs, tau):
    fit = cumulative_incidence(*split(pairs))
    lost = restricted_time_lost(fit, tau)
    if fit.counts.known_at(tau):
        total = sum(fit.at(day).value for day in range(tau))
        assert lost.value == pytest.approx(total, abs=1e-12)
    else:
        assert np.isnan(lost.value)


@settings(deadline=None, max_examples=50)
@given(subjects)
def test_without_competing_events_it_is_tau_less_the_restricted_mean(pairs):
    time, code = split(pairs)
    event = (code == 1).astype(int)
    tau = float(time.max())
    lost = restricted_time_lost(cumulative_incidence(time, event), tau)
    mean = rmst(count(time, event), tau)
    assert lost.value == pytest.approx(tau - mean.value, abs=1e-9)
    assert lost.se == pytest.approx(mean.se, abs=1e-9)


@settings(deadline=None, max_examples=50)
@given(subjects)
def test_times_in_hours_are_24_times_as_long_and_order_of_rows_changes_nothing(pairs):
    time, code = split(pairs)
    tau = float(time.max())
    days = restricted_time_lost(cumulative_incidence(time, code), tau)
    hours = restricted_time_lost(cumulative_incidence(time * 24, code), tau * 24)
    assert hours == pytest.approx((days.value * 24, days.se * 24), nan_ok=True)
    assert restricted_time_lost(cumulative_incidence(time[::-1], code[::-1]), tau) == days


def test_exchanging_the_groups_flips_the_sign_of_the_difference_and_inverts_the_ratio():
    one = restricted_time_lost(cumulative_incidence(TIME, CODE), 14)
    two = restricted_time_lost(cumulative_incidence(TIME + 1, CODE), 14)
    there, back = rmst_difference(one, two), rmst_difference(two, one)
    assert there.value == pytest.approx(-back.value)
    assert there.low == pytest.approx(-back.high)
    ratio, inverse = rmst_ratio(one, two), rmst_ratio(two, one)
    assert ratio.value == pytest.approx(one.value / two.value)
    assert ratio.low == pytest.approx(1 / inverse.high)
