import lifelines
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stats.counts import count
from pipeline.stats.cumulative_incidence import cumulative_incidence, incidence_by
from pipeline.stats.kaplan_meier import kaplan_meier
from tests.stats.reference import (
    codes,
    column,
    competing,
    expected,
    needs_reference,
    rows,
    same,
)

subjects = st.lists(st.tuples(st.integers(1, 10), st.integers(0, 2)), min_size=1, max_size=40)


def split(pairs):
    return np.array([float(t) for t, _ in pairs]), np.array([c for _, c in pairs])


def swapped(code):
    """Cause 2 as the event, cause 1 competing."""
    return np.array([0, 2, 1])[code]


@needs_reference
@pytest.mark.parametrize("sex", ["F", "M"])
@pytest.mark.parametrize("cause", [1, 2])
def test_mgus2_agrees_with_survfit(sex, cause):
    chosen = [r for r in rows("mgus2.csv") if r["sex"] == sex]
    code = codes(chosen, "event")
    fit = cumulative_incidence(column(chosen, "time"), code if cause == 1 else swapped(code))
    for row in expected("mgus2_expected.json")["cif"][sex][f"cause{cause}"]:
        at = fit.at(row["t"])
        assert same(at.value, row["cif"])
        assert same(at.se, row["se_survfit"])
        assert same(at.low, row["lower_loglog"])
        assert same(at.high, row["upper_loglog"])
        assert fit.counts.at_risk_at(row["t"]) == row["n_risk"]


@needs_reference
@pytest.mark.parametrize("dataset", ["mgus2_cr", "mets_bmt", "Melanoma"])
def test_competing_risk_sets_agree_with_cmprsk_and_survfit(dataset):
    checked = 0
    table = rows(f"{dataset}.csv")
    fits = {}
    for group in {r["group"] for r in table}:
        chosen = [r for r in table if r["group"] == group]
        time, code = column(chosen, "time"), codes(chosen, "status")
        fits[group] = (cumulative_incidence(time, code), cumulative_incidence(time, swapped(code)))
    for statistic, key, want in competing(dataset):
        if statistic == "cuminc_est":
            group, cause = key["group_event"].rsplit(" ", 1)
            got = fits[group][int(cause) - 1].at(float(key["t"])).value
        elif statistic == "survival_AJ_e1":
            got = fits[key["grp"]][0].at(float(key["t"])).value
        elif statistic == "survival_AJ_e1_se":
            got = fits[key["grp"]][0].at(float(key["t"])).se
        else:
            continue
        assert same(got, want), (statistic, key)
        checked += 1
    assert checked >= 24


@needs_reference
def test_crs_and_death_on_the_same_day_need_no_jitter():
    chosen = [r for r in rows("edge.csv") if r["case"] == "crs_and_death_same_day"]
    time, code = column(chosen, "time"), codes(chosen, "event")
    first, second = cumulative_incidence(time, code), cumulative_incidence(time, swapped(code))
    for row in expected("edge_expected.json")["crs_and_death_same_day"]["cif"]:
        assert same(first.at(row["t"]).value, row["cif1"])
        assert same(first.at(row["t"]).se, row["se1"])
        assert same(second.at(row["t"]).value, row["cif2"])
        assert same(second.at(row["t"]).se, row["se2"])


def test_one_minus_kaplan_meier_is_too_high_where_death_competes():
    # 10 subjects: 3 die on day 1, 4 get CRS on day 2, 3 are followed to day 28
    time = np.array([1.0] * 3 + [2.0] * 4 + [28.0] * 3)
    code = np.array([2] * 3 + [1] * 4 + [0] * 3)
    naive = 1 - kaplan_meier(time, (code == 1).astype(int)).at(7).value
    assert cumulative_incidence(time, code).at(7).value == pytest.approx(0.4)
    assert naive == pytest.approx(4 / 7)


@pytest.mark.filterwarnings("ignore:Tied event times")
def test_jittered_ties_lose_events_of_the_landmark_day():
    # one CRS and one death on day 5: such a day of singletons is what turns the jitter on
    time = np.array([2.0] * 12 + [2.0] * 3 + [5.0] * 2 + [9.0] * 3)
    code = np.array([1] * 12 + [2] * 3 + [1, 2] + [0] * 3)
    ours = cumulative_incidence(time, code).at(2).value
    fit = lifelines.AalenJohansenFitter(seed=1).fit(time, code, event_of_interest=1)
    theirs = float(fit.cumulative_density_.loc[:2.0].iloc[-1, 0])
    assert ours == pytest.approx(0.6)
    assert theirs < 0.5


def test_limits_are_not_estimable_at_0_and_1():
    fit = cumulative_incidence(np.array([2.0, 3.0, 3.0]), np.array([0, 1, 1]))
    assert fit.at(2).value == 0
    assert np.isnan([fit.at(2).low, fit.at(2).high]).all()
    assert fit.at(3).value == 1
    assert np.isnan([fit.at(3).low, fit.at(3).high]).all()


@settings(deadline=None, max_examples=50)
@given(subjects)
def test_incidences_and_survival_add_up_to_one(pairs):
    time, code = split(pairs)
    one, two = cumulative_incidence(time, code), cumulative_incidence(time, swapped(code))
    alive = kaplan_meier(time, (code > 0).astype(int))
    assert np.allclose(one.value + two.value + alive.value, 1, atol=1e-12)


@settings(deadline=None, max_examples=50)
@given(subjects)
def test_incidence_never_passes_one_minus_kaplan_meier(pairs):
    time, code = split(pairs)
    naive = 1 - kaplan_meier(time, (code == 1).astype(int)).value
    assert (cumulative_incidence(time, code).value <= naive + 1e-12).all()


@settings(deadline=None, max_examples=50)
@given(subjects)
def test_incidence_is_x_of_n_until_somebody_is_censored(pairs):
    time, code = split(pairs)
    fit = cumulative_incidence(time, code)
    for day in fit.time:
        if fit.counts.censored_before(day) == 0:
            share = ((time <= day) & (code == 1)).sum() / time.size
            assert fit.at(day).value == pytest.approx(share, abs=1e-12)


@settings(deadline=None, max_examples=50)
@given(subjects)
def test_without_competing_events_it_is_one_minus_kaplan_meier_with_greenwoods_error(pairs):
    time, code = split(pairs)
    event = (code == 1).astype(int)
    fit, km = cumulative_incidence(time, event), kaplan_meier(time, event)
    assert np.allclose(fit.value, 1 - km.value, atol=1e-12)
    known = ~np.isnan(km.se)
    assert np.allclose(fit.se[known], km.se[known], atol=1e-12)


@settings(deadline=None, max_examples=50)
@given(subjects)
def test_order_of_rows_changes_nothing(pairs):
    one, two = (cumulative_incidence(*split(p)) for p in (pairs, pairs[::-1]))
    assert np.array_equal(one.value, two.value)
    assert np.array_equal(one.se, two.se)


@settings(deadline=None, max_examples=50)
@given(subjects, st.integers(0, 11))
def test_the_incidence_by_a_day_is_that_of_the_curve(pairs, day):
    time, code = split(pairs)
    assert incidence_by(count(time, code), day) == cumulative_incidence(time, code).at(day).value


def test_the_incidence_before_the_first_time_is_0():
    # 2 subjects: event day 3, censored day 5
    counts = count(np.array([3.0, 5]), np.array([1, 0]))
    assert [incidence_by(counts, day) for day in (2, 3, 5)] == [0.0, 0.5, 0.5]
