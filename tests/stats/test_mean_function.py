import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stats.cumulative_incidence import cumulative_incidence
from pipeline.stats.mean_function import Recurrences, ghosh_lin, mean_cumulative_function

# 8 subjects: end, 1 where it is death, days of episodes. Ties of every kind: subject 5 has one on
# the day of its censoring, 6 on the day of its death; 2 and 5 on one day, 1, 3, 7 and 8 on another
EIGHT = [
    (10, 0, [2, 5]),
    (6, 1, [2, 6]),
    (8, 0, [5]),
    (12, 0, []),
    (6, 0, [6]),
    (3, 1, [3]),
    (9, 1, [5]),
    (12, 0, [2, 5, 9]),
]


def recurrences(subjects):
    who = [i for i, (_, _, days) in enumerate(subjects) for _ in days]
    return Recurrences(
        np.array(who, dtype=np.int64),
        np.array([float(d) for _, _, days in subjects for d in days]),
        np.array([float(end) for end, _, _ in subjects]),
        np.array([terminal for _, terminal, _ in subjects], dtype=np.int64),
    )


def subject(most_events=4):
    """End, kind of end, and distinct days of episodes up to the end."""
    return st.tuples(st.integers(1, 12), st.integers(0, 1)).flatmap(
        lambda e: st.tuples(
            st.just(e[0]),
            st.just(e[1]),
            st.lists(st.integers(1, e[0]), max_size=most_events, unique=True),
        )
    )


subjects = st.lists(subject(), min_size=1, max_size=25)


@pytest.mark.parametrize(
    ("day", "value", "se"),
    [
        # R 4.2.2, survival 3.5-3: survfit(Surv(start, stop, status) ~ 1, id = id, robust = TRUE),
        # cumhaz and std.chaz, one row per interval between the subject's episodes
        (2, 0.375, 0.171163299220364),
        (3, 0.5, 0.176776695296637),
        (5, 1.07142857142857, 0.276476950889541),
        (6, 1.35714285714286, 0.253078710719100),
        (8, 1.35714285714286, 0.253078710719100),
        (12, 1.60714285714286, 0.400038718971533),
    ],
)
def test_mean_cumulative_function_agrees_with_survfit(day, value, se):
    at = mean_cumulative_function(recurrences(EIGHT)).at(day)
    assert at.value == pytest.approx(value, abs=1e-8)
    assert at.se == pytest.approx(se, abs=1e-8)
    assert at.low == pytest.approx(value * np.exp(-1.959963984540054 * se / value))
    assert at.high == pytest.approx(value * np.exp(1.959963984540054 * se / value))


@pytest.mark.parametrize(
    ("day", "value", "se"),
    [
        # R: S from survfit(Surv(end, death) ~ 1, weights = w), mu = sum of S(t-) dN / Y with the
        # same w; se from the central difference of mu by each weight
        (2, 0.375, 0.171163299221),
        (3, 0.5, 0.176776695299),
        (5, 1.0, 0.250000000002),
        (6, 1.25, 0.233853586672),
        (9, 1.4375, 0.337297392893),
        (12, 1.4375, 0.337297392893),
    ],
)
def test_ghosh_lin_agrees_with_weighted_survfit_on_tied_days(day, value, se):
    at = ghosh_lin(recurrences(EIGHT)).at(day)
    assert at.value == pytest.approx(value, abs=1e-8)
    assert at.se == pytest.approx(se, abs=1e-8)


@pytest.mark.parametrize(
    ("day", "value", "se"),
    [
        # R mets 1.3.2: recurrentMarginal(phreg(Surv(start, stop, status) ~ cluster(id)),
        # phreg(Surv(start, stop, death) ~ cluster(id))), mu and se.mu. Its variance takes
        # exp(-hazard) for S, hence the tolerance
        (2, 0.1250, 0.116926793336686),
        (3.3, 0.5000, 0.176776695296637),
        (5.2, 0.7500, 0.234486580582374),
        (6.05, 1.1250, 0.275557787095589),
        (9, 1.4375, 0.336394439076116),
    ],
)
def test_ghosh_lin_agrees_with_mets_without_ties(day, value, se):
    untied = recurrences(EIGHT)._replace(
        time=np.array([2, 5, 2.1, 6.05, 5.2, 6.25, 3.3, 5.4, 2.2, 5.6, 9]),
        end=np.array([10.1, 6.2, 8.3, 12.4, 6.5, 3.6, 9.7, 12.8]),
    )
    at = ghosh_lin(untied).at(day)
    assert at.value == pytest.approx(value, abs=1e-8)
    assert at.se == pytest.approx(se, rel=5e-3)


def test_an_episode_on_the_day_of_death_counts_and_death_lowers_what_follows():
    # 2 of 4 die on day 3, one with an episode that day; the other two have one on day 5
    made = ghosh_lin(recurrences([(3, 1, [3]), (3, 1, []), (9, 0, [5]), (9, 0, [5])]))
    assert made.at(3).value == pytest.approx(1 / 4)
    assert made.at(5).value == pytest.approx(1 / 4 + 1 / 2)


def test_before_the_first_episode_it_is_0_and_has_no_limits():
    at = ghosh_lin(recurrences(EIGHT)).at(1)
    assert at.value == 0
    assert np.isnan([at.low, at.high]).all()
    nobody = mean_cumulative_function(recurrences([(5, 0, []), (5, 1, [])]))
    assert nobody.at(5).value == 0
    assert np.isnan(nobody.at(5).low)


def test_nobody_has_an_empty_curve():
    assert ghosh_lin(recurrences([])).time.size == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"time": np.array([11.0])}, "after the end"),
        ({"time": np.array([np.nan])}, "finite"),
        ({"time": np.array([-1.0])}, "not negative"),
        ({"subject": np.array([1])}, "belongs to no subject"),
        ({"subject": np.array([0, 0])}, "each event has"),
    ],
)
def test_impossible_input_is_refused(change, message):
    one = recurrences([(10, 0, [2])])._replace(**change)
    with pytest.raises(ValueError, match=message):
        ghosh_lin(one)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 10), st.booleans()), min_size=1, max_size=40))
def test_single_events_that_end_observation_without_death_give_nelson_aalen(pairs):
    made = mean_cumulative_function(recurrences([(t, 0, [t] if e else []) for t, e in pairs]))
    time, event = (np.array(x) for x in zip(*pairs, strict=True))
    for day in range(1, 11):
        steps = [((time == t) & event).sum() / (time >= t).sum() for t in {*time[time <= day]}]
        assert made.at(day).value == pytest.approx(sum(steps), abs=1e-12)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 10), st.integers(0, 2)), min_size=1, max_size=30))
def test_events_that_are_terminal_give_the_cumulative_incidence_and_its_error(pairs):
    time, code = (np.array(x) for x in zip(*pairs, strict=True))
    one = [(t, int(c > 0), [t] if c == 1 else []) for t, c in pairs]
    made, cif = ghosh_lin(recurrences(one)), cumulative_incidence(time.astype(float), code)
    assert np.allclose(made.value, cif.value, atol=1e-12)
    assert np.allclose(made.se, cif.se, atol=1e-12)


@settings(deadline=None, max_examples=50)
@given(subjects)
def test_without_death_ghosh_lin_is_the_mean_cumulative_function_and_else_not_above_it(given_ones):
    events = recurrences(given_ones)
    alive = events._replace(terminal=np.zeros_like(events.terminal))
    mcf = mean_cumulative_function(events)
    assert np.array_equal(ghosh_lin(alive).value, mcf.value)
    assert np.array_equal(ghosh_lin(alive).se, mcf.se)
    assert (ghosh_lin(events).value <= mcf.value + 1e-12).all()


@settings(deadline=None, max_examples=50)
@given(subjects)
def test_without_censoring_ghosh_lin_is_the_mean_count_with_its_plain_error(given_ones):
    # everybody is followed to day 12 or to death
    followed = [(end if dies else 12, dies, days) for end, dies, days in given_ones]
    made = ghosh_lin(recurrences(followed))
    for day in (3, 7, 12):
        counts = np.array([sum(d <= day for d in days) for _, _, days in followed])
        assert made.at(day).value == pytest.approx(counts.mean(), abs=1e-12)
        assert made.at(day).se == pytest.approx(counts.std() / np.sqrt(counts.size), abs=1e-12)


@settings(deadline=None, max_examples=50)
@given(subjects)
def test_order_of_subjects_changes_no_bit(given_ones):
    one, two = (ghosh_lin(recurrences(s)) for s in (given_ones, given_ones[::-1]))
    assert np.array_equal(one.value, two.value)
    assert np.array_equal(one.se, two.se)


@settings(deadline=None, max_examples=50)
@given(subjects)
def test_hours_instead_of_days_change_only_the_times(given_ones):
    days = recurrences(given_ones)
    hours = days._replace(time=days.time * 24, end=days.end * 24)
    for method in (ghosh_lin, mean_cumulative_function):
        one, two = method(days), method(hours)
        assert np.array_equal(one.time * 24, two.time)
        assert np.array_equal(one.value, two.value)
        assert np.array_equal(one.se, two.se)
