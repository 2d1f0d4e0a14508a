import lifelines
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stats import kaplan_meier as module
from pipeline.stats.kaplan_meier import Curves, DisagreementError, kaplan_meier
from tests.stats.reference import codes, column, expected, needs_reference, rows, same

EDGE = (
    "median_exact_half", "median_flat_censored", "never_half", "no_events", "all_same_day",
    "tie_event_before_censor", "one_subject", "drop_to_zero", "crs_and_death_same_day",
)  # fmt: skip
subjects = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 1)), min_size=1, max_size=30)


def split(pairs):
    return np.array([float(t) for t, _ in pairs]), np.array([c for _, c in pairs])


@needs_reference
@pytest.mark.parametrize("case", EDGE)
def test_edge_cases_agree_with_survfit(case):
    chosen = [r for r in rows("edge.csv") if r["case"] == case]
    event = (codes(chosen, "event") == 1).astype(int)
    km = kaplan_meier(column(chosen, "time"), event)
    want = expected("edge_expected.json")[case]
    for i, row in enumerate(want["km"]):
        assert km.time[i] == row["t"]
        assert km.counts.at_risk[i] == row["n_risk"]
        assert same(km.value[i], row["surv"])
        assert same(km.se[i], row["se"])
        assert same(km.low[i], row["lower"])
        assert same(km.high[i], row["upper"])
    for row in want["quantiles"]:
        q = km.quantile(row["p"])
        assert same(q.value, row["est"])
        assert same(q.low, row["lower"])
        assert same(q.high, row["upper"])


@needs_reference
@pytest.mark.parametrize("arm", ["standard", "test"])
def test_veteran_agrees_with_survfit(arm):
    chosen = [r for r in rows("veteran.csv") if r["arm"] == arm]
    km = kaplan_meier(column(chosen, "time"), codes(chosen, "status"))
    want = expected("veteran_expected.json")["km"][arm]
    assert (km.counts.n, km.counts.n_events) == (want["n"], want["events"])
    for row in want["at_times"]["log-log"]:
        at = km.at(row["t"])
        assert same(at.value, row["surv"])
        assert same(at.se, row["se"])
        assert same(at.low, row["lower"])
        assert same(at.high, row["upper"])
    for row in want["quantiles"]["log-log"]:
        q = km.quantile(row["p"])
        assert (q.value, q.low, q.high) == (row["est"], row["lower"], row["upper"])


def test_the_median_of_a_flat_part_is_its_midpoint_where_lifelines_takes_the_first_time():
    time, event = np.array([1.0, 3.0]), np.array([1, 1])
    assert kaplan_meier(time, event).quantile(0.5).value == 2.0
    assert lifelines.KaplanMeierFitter().fit(time, event).median_survival_time_ == 1.0


def test_the_upper_limit_of_a_median_is_not_estimable_where_survival_falls_to_zero():
    q = kaplan_meier(np.array([1.0, 2, 2, 6]), np.ones(4, dtype=int)).quantile(0.5)
    assert (q.value, q.low) == (2.0, 1.0)
    assert np.isnan(q.high)


def test_nobody_gives_an_empty_curve():
    km = kaplan_meier(np.array([]), np.array([], dtype=int))
    assert km.at(7).value == 1.0
    assert np.isnan(km.quantile(0.5).value)


def test_a_competing_code_is_refused_because_lifelines_would_take_it_as_an_event():
    with pytest.raises(ValueError, match="recode"):
        kaplan_meier(np.array([1.0, 2.0]), np.array([1, 2]))


def test_a_difference_from_lifelines_is_an_error(monkeypatch):
    def wrong(counts):
        surv = 1 - np.cumsum(counts.event) / (counts.n + 1)
        return surv, np.full(surv.size, 0.1)

    monkeypatch.setattr(module, "product_limit", wrong)
    with pytest.raises(DisagreementError, match=r"S\(t\)"):
        kaplan_meier(np.array([1.0, 2.0, 3.0]), np.array([1, 1, 0]))


@settings(deadline=None, max_examples=50)
@given(subjects)
def test_order_of_rows_changes_nothing(pairs):
    one, two = (kaplan_meier(*split(p)) for p in (pairs, pairs[::-1]))
    for name in ("time", "value", "se", "low", "high"):
        assert np.array_equal(getattr(one, name), getattr(two, name), equal_nan=True)


@settings(deadline=None, max_examples=50)
@given(subjects, st.integers(2, 48))
def test_a_change_of_time_unit_changes_nothing_but_the_unit(pairs, factor):
    time, event = split(pairs)
    one, two = kaplan_meier(time, event), kaplan_meier(time * factor, event)
    assert np.array_equal(one.value, two.value)
    median, scaled = one.quantile(0.5).value, two.quantile(0.5).value
    assert np.isnan(scaled) if np.isnan(median) else scaled == pytest.approx(median * factor)


def test_a_curve_of_the_same_times_and_events_is_made_once():
    # 3 subjects; then another event, and another confidence level
    curves, time, event = Curves(), np.array([1.0, 2, 3]), np.array([1, 0, 1])
    made = curves.of(time, event, 0.95)
    assert curves.of(time.copy(), event.copy(), 0.95) is made
    assert made.value.tolist() == kaplan_meier(time, event).value.tolist()
    assert curves.of(time, np.array([1, 1, 1]), 0.95).value.tolist() != made.value.tolist()
    assert curves.of(time, event, 0.9).low[0] > made.low[0]
