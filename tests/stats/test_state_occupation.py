import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stats.counts import count
from pipeline.stats.kaplan_meier import product_limit
from pipeline.stats.state_occupation import alive, complement, mean_days, occupied, on_day

DAYS = 6
subjects = st.lists(
    st.tuples(
        st.integers(1, DAYS + 1),  # last day
        st.integers(0, 1),  # died on it
        st.lists(st.integers(0, 2), min_size=DAYS, max_size=DAYS),  # state of each day
    ),
    min_size=1,
    max_size=12,
)


def arrays(drawn):
    time = np.array([s[0] for s in drawn], dtype=float)
    died = np.array([s[1] for s in drawn])
    state = np.array([s[2] for s in drawn])
    grid = np.arange(1, DAYS + 1)
    dead = (died[:, None] == 1) & (grid >= time[:, None])
    return time, died, state, ~dead & (grid <= time[:, None])


def test_by_hand_with_one_censored_and_one_death():
    # four subjects; A leaves after day 1, B dies on day 2, C and D are in state 1 and 0 on day 2
    time, died = np.array([1.0, 2.0, 2.0, 2.0]), np.array([0, 1, 0, 0])
    living = alive(time, died, 2)
    assert living.value.tolist() == [1, pytest.approx(2 / 3)]
    state = np.array([[1, 0], [1, 0], [0, 1], [0, 0]])
    known = np.array([[1, 0], [1, 0], [1, 1], [1, 1]]) == 1
    made = occupied(living, state == 1, known)
    assert made.value.tolist() == [0.5, pytest.approx(2 / 3 / 2)]
    assert on_day(complement(living), 2).value == pytest.approx(1 / 3)


@given(subjects)
def test_states_and_death_add_up_to_1(drawn):
    time, died, state, known = arrays(drawn)
    living = alive(time, died, DAYS)
    parts = [occupied(living, state == s, known) for s in range(3)]
    total = sum(p.value for p in parts) + complement(living).value
    slopes = sum(p.influence for p in parts) + complement(living).influence
    there = ~np.isnan(total)
    assert total[there] == pytest.approx(1)
    assert np.allclose(slopes[:, there], 0)


@given(subjects)
def test_the_dead_are_1_minus_kaplan_meier_and_its_error_is_greenwoods(drawn):
    time, died, _, _ = arrays(drawn)
    counts = count(time, died)
    surv, se = product_limit(counts)
    for day in range(1, DAYS + 1):
        dead = on_day(complement(alive(time, died, DAYS)), day)
        if not counts.known_at(day):
            assert np.isnan(dead.value)
            continue
        at = int((counts.time <= day).sum()) - 1
        assert dead.value == pytest.approx(1 - (surv[at] if at >= 0 else 1), abs=1e-12)
        if at >= 0 and surv[at] > 1e-9:
            assert dead.se == pytest.approx(se[at], abs=1e-9)


@settings(deadline=None)  # the first call imports scipy
@given(subjects)
def test_without_censoring_it_is_the_plain_proportion_and_mean(drawn):
    # everybody is followed beyond the last day, or dies
    drawn = [(t if d else DAYS + 1, d, s) for t, d, s in drawn]
    time, died, state, known = arrays(drawn)
    n = time.size
    made = occupied(alive(time, died, DAYS), state == 1, known)
    inside = (state == 1) & known
    assert made.value == pytest.approx(inside.mean(axis=0))
    for day in range(1, DAYS + 1):
        p = inside[:, day - 1].mean()
        assert on_day(made, day).se == pytest.approx(np.sqrt(p * (1 - p) / n), abs=1e-9)
    mean = mean_days(made)
    days = inside.sum(axis=1)
    assert mean.value == pytest.approx(days.mean())
    if n > 1:
        assert mean.se == pytest.approx(days.std(ddof=1) / np.sqrt(n), abs=1e-9)


@given(subjects)
def test_it_is_the_inverse_weighting_by_the_censoring_kaplan_meier(drawn):
    time, died, state, known = arrays(drawn)
    made = occupied(alive(time, died, DAYS), state == 1, known)
    for day in range(1, DAYS + 1):
        if not known[:, day - 1].any():
            continue
        followed = 1.0  # probability of not being censored before the day
        for earlier in range(1, day):
            left = (time == earlier) & (died == 0)
            # on one day death comes before censoring
            at_risk = (time >= earlier) & ~((time == earlier) & (died == 1))
            followed *= 1 - left.sum() / at_risk.sum() if at_risk.any() else 1
        weighted = ((state[:, day - 1] == 1) & known[:, day - 1]).sum() / followed / time.size
        assert made.value[day - 1] == pytest.approx(weighted)


def test_the_error_is_the_derivative_by_the_weights():
    # doubling a subject moves the estimate as its influence says, to first order
    rng = np.random.default_rng(5)
    time = rng.integers(1, DAYS + 2, 400).astype(float)
    died = rng.integers(0, 2, 400)
    state = rng.integers(0, 3, (400, DAYS))
    drawn = list(zip(time.astype(int), died, state, strict=True))
    time, died, state, known = arrays(drawn)
    made = occupied(alive(time, died, DAYS), state == 1, known)
    for i in (0, 7, 50):
        more = [*drawn, drawn[i]]
        t, d, s, k = arrays(more)
        again = occupied(alive(t, d, DAYS), s == 1, k)
        assert again.value - made.value == pytest.approx(made.influence[i], abs=2e-4)


@settings(deadline=None)  # the first call imports scipy
@given(subjects)
def test_limits_enclose_the_estimate_and_stay_in_range(drawn):
    time, died, state, known = arrays(drawn)
    made = occupied(alive(time, died, DAYS), state == 1, known)
    for at, most in ((on_day(made, 2), 1), (mean_days(made), DAYS)):
        if not np.isnan(at.low):
            assert 0 <= at.low <= at.value + 1e-12
            assert at.value - 1e-12 <= at.high <= most


def test_logit_limits_of_a_mean_by_hand():
    # 10 subjects, 0 days each but one with 5 of 5 days: mean 0.5 of 5, SE 0.5
    time, died = np.full(10, 9.0), np.zeros(10, dtype=int)
    inside = np.zeros((10, 5), dtype=bool)
    inside[0] = True
    mean = mean_days(occupied(alive(time, died, 5), inside, np.ones((10, 5), dtype=bool)))
    assert (mean.value, mean.se) == (pytest.approx(0.5), pytest.approx(0.5))
    logit, half = np.log(0.1 / 0.9), 2.2621571628 * 0.1 / 0.09  # t of 9 degrees of freedom
    assert mean.low == pytest.approx(5 / (1 + np.exp(half - logit)))
    assert mean.high == pytest.approx(5 / (1 + np.exp(-half - logit)))


def test_nobody_and_all_dead():
    nobody = alive(np.empty(0), np.empty(0, dtype=int), 3)
    assert np.isnan(nobody.value).all()
    gone = alive(np.array([1.0, 2.0]), np.array([1, 1]), 3)
    assert gone.value.tolist() == [0.5, 0, 0]
    none = np.zeros((2, 3), dtype=bool)
    known = none.copy()
    known[1, 0] = True
    assert occupied(gone, none, known).value.tolist() == [0, 0, 0]
