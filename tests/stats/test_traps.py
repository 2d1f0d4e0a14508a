"""Known wrong ways, planted: the comparison with R must refuse each and accept ours."""

import lifelines
import numpy as np
import pytest
from lifelines.statistics import logrank_test as of_lifelines
from lifelines.statistics import proportional_hazard_test

from pipeline.stats.counts import count
from pipeline.stats.cox import cox
from pipeline.stats.cumulative_incidence import cumulative_incidence
from pipeline.stats.kaplan_meier import kaplan_meier
from pipeline.stats.logrank import logrank_test
from pipeline.stats.proportional_hazards import proportional_hazards
from pipeline.stats.rmst import rmst
from pipeline.stats.weighted_incidence import weighted_incidence
from tests.stats.reference import codes, column, expected, needs_reference, rows
from tests.stats.reference_numbers import agrees


def veteran(arm=None):
    table = [r for r in rows("veteran.csv") if arm in (None, r["arm"])]
    group = np.array([int(r["arm"] == "test") for r in table])
    return column(table, "time"), codes(table, "status"), group


def women():
    """mgus2, with R's numbers of cause 1 at month 240."""
    table = [r for r in rows("mgus2.csv") if r["sex"] == "F"]
    want = expected("mgus2_expected.json")["cif"]["F"]["cause1"][-1]
    return column(table, "time"), codes(table, "event"), want


@needs_reference
def test_one_minus_kaplan_meier_for_cumulative_incidence():
    time, code, want = women()
    naive = 1 - kaplan_meier(time, (code == 1).astype(int)).at(want["t"]).value
    assert agrees(cumulative_incidence(time, code).at(want["t"]).value, want["cif"])
    assert not agrees(naive, want["cif"])


@needs_reference
def test_competing_events_counted_as_events():
    time, code, want = women()
    # lifelines takes any code but 0 as the event
    fit = lifelines.KaplanMeierFitter().fit(time, code)
    assert not agrees(1 - float(fit.predict(want["t"])), want["cif"])


def test_greenwood_with_weights():
    # s <- survfit(Surv(t, d) ~ 1, weights = w, id = 1:12, robust = TRUE)
    # summary(s, times = c(2, 4, 5))$surv and $std.err
    time = np.array([1.0, 1, 2, 2, 2, 3, 4, 4, 5, 5, 6, 7])
    event = np.array([1, 0, 1, 1, 0, 0, 1, 1, 0, 1, 0, 0])
    weight = np.array([0.5, 1.2, 2, 0.7, 1.5, 1, 0.4, 3, 1.1, 0.9, 2.2, 0.6])
    surv = {2: 0.772066818226747, 4: 0.451941552132730, 5: 0.367202511107843}
    error = {2: 0.140997502143699, 4: 0.203441047173969, 5: 0.195197448946686}
    ours = weighted_incidence(time, event, weight)
    for t, value in surv.items():
        assert agrees(1 - ours.at(t).value, value)
        assert agrees(ours.at(t).se, error[t])
        # Greenwood's sum with weights for numbers of subjects
        at = np.unique(time[(time <= t) & (event == 1)])
        n = np.array([weight[time >= x].sum() for x in at])
        d = np.array([weight[(time == x) & (event == 1)].sum() for x in at])
        assert np.prod(1 - d / n) == pytest.approx(value)
        assert not agrees(value * np.sqrt((d / (n * (n - d))).sum()), error[t], 1e-3)


@needs_reference
@pytest.mark.filterwarnings("ignore:Tied event times")
def test_jittered_ties():
    time, code, _ = women()
    want = expected("mgus2_expected.json")["cif"]["F"]["cause1"]
    # lifelines resets everybody's generator of random numbers
    state = np.random.get_state()
    fit = lifelines.AalenJohansenFitter(seed=1, calculate_variance=False)
    curve = fit.fit(time, code, event_of_interest=1).cumulative_density_
    np.random.set_state(state)
    ours = cumulative_incidence(time, code)
    jittered = [float(curve.loc[: r["t"]].iloc[-1, 0]) for r in want]
    assert all(agrees(ours.at(r["t"]).value, r["cif"]) for r in want)
    assert not all(agrees(j, r["cif"]) for j, r in zip(jittered, want, strict=True))


@needs_reference
def test_at_risk_counted_after_the_days_events():
    time, event, _ = veteran("test")
    want = expected("veteran_expected.json")["km"]["test"]["at_times"]["log-log"]
    counts = count(time, event)
    assert all(agrees(counts.at_risk_at(r["t"]), r["n_risk"]) for r in want)
    after = [(time > r["t"]).sum() for r in want]
    assert not all(agrees(a, r["n_risk"]) for a, r in zip(after, want, strict=True))


@needs_reference
def test_survival_with_the_day_before_at_risk():
    # at risk after the day's events as denominator
    time, event, _ = veteran("test")
    counts = count(time, event)
    left = np.maximum(counts.at_risk - counts.event - counts.censored, 1)
    late = np.cumprod(1 - np.minimum(counts.event / left, 1))
    row = expected("veteran_expected.json")["km"]["test"]["at_times"]["log-log"][3]
    at = np.searchsorted(counts.time, row["t"], side="right") - 1
    assert agrees(kaplan_meier(time, event).at(row["t"]).value, row["surv"])
    assert not agrees(late[at], row["surv"])


@needs_reference
@pytest.mark.parametrize("tau", [90, 365])
def test_variance_of_the_shorter_of_time_and_tau_for_that_of_its_mean(tau):
    time, event, _ = veteran("test")
    want = expected("veteran_expected.json")[f"rmst_{tau}"]["arms"]["test"]
    # restricted_mean_survival_time(return_variance = True) of lifelines: twice the integral of
    # t S(t), less the square of the mean
    km = kaplan_meier(time, event)
    edges = np.concatenate([[0.0], km.time[km.time < tau], [tau]])
    surv = np.concatenate([[1.0], km.value[km.time < tau]])
    mean, square = surv @ np.diff(edges), surv @ np.diff(edges**2)
    assert agrees(mean, want["est"])
    assert agrees(rmst(count(time, event), tau).se, want["se"])
    assert np.sqrt(square - mean**2) > 8 * want["se"]
    assert not agrees(np.sqrt(square - mean**2), want["se"])


@needs_reference
def test_peto_for_rho_1():
    time, event, group = veteran()
    want = expected("veteran_expected.json")["logrank"]["peto_rho1"]
    a, b = group == 0, group == 1
    peto = of_lifelines(time[a], time[b], event[a], event[b], weightings="peto")
    assert agrees(logrank_test(time, event, group, rho=1).test.value, want["chisq"])
    assert not agrees(peto.test_statistic, want["chisq"], 1e-3)


@needs_reference
@pytest.mark.parametrize("transform", ["km", "rank", "identity"])
def test_the_old_test_of_proportional_hazards(transform):
    import pandas as pd

    table = rows("veteran.csv")
    x = {name: column(table, name) for name in ("karno", "age")}
    x = {"test": veteran()[2].astype(float), "karno": x["karno"], "age": x["age"]}
    time, event, _ = veteran()
    data = pd.DataFrame(x | {"prior10": column(table, "prior"), "time": time, "event": event})
    terms = [*x, "prior10"]
    covariates = data[terms].to_numpy()
    ours = proportional_hazards(cox(time, event, covariates), time, event, covariates, transform)
    old = proportional_hazard_test(
        lifelines.CoxPHFitter().fit(data, "time", "event"), data, time_transform=transform
    )
    want = expected("veteran_expected.json")["cox_adj"]["zph"][transform]
    told = dict(zip(old.name, old.test_statistic, strict=True))
    for test, row in zip(ours.terms, want[:-1], strict=True):
        assert agrees(test.value, row["chisq"])
    assert not all(agrees(told[row["term"]], row["chisq"], 0.1) for row in want[:-1])
