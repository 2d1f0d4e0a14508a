import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stats import cox as module
from pipeline.stats.cox import cox, hazard_ratio
from pipeline.stats.disagreement import DisagreementError
from pipeline.stats.logrank import logrank_test
from tests.stats.hand_typed import CLUSTER, CODE, COVARIATES, GROUP, STRATUM, TIME, WEIGHT
from tests.stats.reference import codes, column, expected, needs_reference, rows, same

subjects = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 1), st.integers(0, 1)), min_size=12, max_size=40
)


@needs_reference
@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_veteran_agrees_with_coxph(ties):
    table = rows("veteran.csv")
    arm = np.array([r["arm"] == "test" for r in table])
    fit = cox(column(table, "time"), codes(table, "status"), arm[:, None], ties=ties)
    want = expected("veteran_expected.json")["cox_unadj"][ties]
    ratio = hazard_ratio(fit)
    assert same(fit.coef[0], want["coef"]["test"])
    assert same(fit.se[0], want["se"]["test"])
    assert same(ratio.value, want["hr"]["test"])
    assert same(ratio.low, want["lower"]["test"])
    assert same(ratio.high, want["upper"]["test"])
    assert same(ratio.p, want["p"]["test"])
    assert np.allclose(fit.loglik, want["loglik"], atol=1e-8)
    assert same(fit.lr.value, want["lr"]["test"])
    assert same(fit.score.p, want["score"]["pvalue"])


def test_weights_and_clusters_agree_with_coxph():
    # coxph(Surv(tm, st == 1) ~ x + a, weights = w, cluster = id)
    fit = cox(TIME, CODE, COVARIATES, weight=WEIGHT, cluster=CLUSTER)
    assert np.allclose(fit.coef, [-1.151302617969, 0.905993105494], atol=1e-10)
    assert np.allclose(fit.se, [0.652627053545, 0.546862611606], atol=1e-10)
    assert np.allclose(fit.loglik, [-16.8474704184, -15.1229876095], atol=1e-9)


def test_robust_breslow_agrees_with_coxph():
    # coxph(Surv(tm, st == 1) ~ x + a, weights = w, robust = TRUE, ties = "breslow")
    each = np.arange(TIME.size)
    fit = cox(TIME, CODE, COVARIATES, ties="breslow", weight=WEIGHT, cluster=each)
    assert np.allclose(fit.coef, [-1.12605273087, 0.99731870214], atol=1e-10)
    assert np.allclose(fit.se, [0.529553224258, 0.636457572095], atol=1e-10)


def test_the_robust_error_does_not_change_when_all_weights_are_multiplied():
    one, two = (cox(TIME, CODE, COVARIATES, weight=WEIGHT * k, cluster=CLUSTER) for k in (1, 10))
    assert np.allclose(one.se, two.se, atol=1e-10)
    assert np.allclose(one.coef, two.coef, atol=1e-10)


def test_weights_of_1_change_nothing():
    plain, weighted = (cox(TIME, CODE, COVARIATES, weight=w) for w in (None, np.ones(TIME.size)))
    assert np.allclose(plain.coef, weighted.coef)
    assert np.allclose(plain.se, weighted.se)


def test_the_score_test_without_ties_is_the_logrank_test():
    time = np.arange(1.0, 16)
    fit = cox(time, CODE, (GROUP == 1)[:, None])
    assert fit.score.value == pytest.approx(logrank_test(time, CODE, (GROUP == 1) * 1).test.value)


@pytest.mark.parametrize(
    ("event", "x", "status"),
    [
        ([1, 1, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0], "monotone"),  # no event in one group
        ([1, 1, 0, 1, 0, 0], [6, 5, 4, 3, 2, 1], "monotone"),  # the highest x always dies first
        ([0, 0, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0], "no_information"),  # no event
        ([1, 1, 0, 1, 0, 0], [0.1] * 6, "no_information"),  # a constant
        ([0, 0, 0, 0, 0, 1], [1, 1, 0, 0, 1, 0], "no_information"),  # nobody else at risk
    ],
)
def test_without_a_maximum_there_is_no_hazard_ratio(event, x, status):
    fit = cox(np.arange(1.0, 7), np.array(event), np.array(x, dtype=float)[:, None])
    assert fit.status == status
    assert (fit.n, fit.n_events) == (6, sum(event))
    assert np.isnan([*fit.coef, *fit.se, *fit.loglik, fit.lr.p, fit.wald.value]).all()
    assert np.isnan(hazard_ratio(fit)).all()


def test_a_covariate_that_repeats_another_has_no_information():
    x = np.stack([TIME[::-1], 2 * TIME[::-1] + 1], axis=1)
    assert cox(TIME, CODE, x).status == "no_information"


def test_a_small_group_is_fitted_where_a_full_newton_step_overshoots():
    # one of sixty in group 1, with an event on the first day
    time, group = np.arange(60.0) % 7 + 1, (np.arange(60) == 0)[:, None]
    event = (np.arange(60) % 3 == 0).astype(int)
    fit = cox(time, event, group)
    assert fit.status == "converged"
    assert np.exp(fit.coef[0]) > 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"x": COVARIATES[:3]}, "one row"),
        ({"x": COVARIATES * np.nan}, "finite"),
        ({"weight": WEIGHT - 1}, "positive"),
    ],
)
def test_nonsense_is_refused(changes, message):
    given_ = {"time": TIME, "event": CODE, "x": COVARIATES} | changes
    with pytest.raises(ValueError, match=message):
        cox(**given_)


def test_a_difference_from_lifelines_is_an_error(monkeypatch):
    monkeypatch.setattr(module, "AGREEMENT", -1.0)
    with pytest.raises(DisagreementError, match="Cox"):
        cox(TIME, CODE, COVARIATES, strata=STRATUM)


@settings(deadline=None, max_examples=25)
@given(subjects)
def test_relabelling_turns_the_sign_and_the_unit_of_time_changes_nothing(triples):
    time, event, group = (np.array(c) for c in zip(*triples, strict=True))
    fits = [
        cox(t.astype(float), event, x[:, None].astype(float))
        for t, x in ((time, group), (time, 1 - group), (time * 24, group))
    ]
    assert len({f.status for f in fits}) == 1
    if fits[0].status == "converged":
        assert fits[1].coef == pytest.approx(-fits[0].coef, abs=1e-9)
        assert fits[2].coef == pytest.approx(fits[0].coef, abs=1e-9)
        assert fits[1].se == pytest.approx(fits[0].se, abs=1e-9)
