import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stats import propensity
from pipeline.stats.balance import balance
from pipeline.stats.disagreement import DisagreementError
from pipeline.stats.propensity import (
    WEIGHTINGS,
    balancing_weights,
    fit_propensity,
    model_matrix,
)
from tests.stats.reference import column, needs_reference, rows

# Each covariate value stands in both arms, so nothing separates them.
AGES = np.array([50.0, 60, 60, 70, 70, 50, 60, 70, 50, 70])
ARMS = np.array([1, 1, 1, 1, 1, 0, 0, 0, 0, 0])


def veteran():
    chosen = rows("veteran.csv")
    names = ("age", "karno", "prior", "diagtime")
    arm = np.array([int(r["arm"] == "test") for r in chosen])
    return np.column_stack([column(chosen, n) for n in names]), arm


@needs_reference
def test_scores_are_those_of_glm():
    covariates, arm = veteran()
    fit = fit_propensity(model_matrix(covariates), arm)
    # R: fitted(glm(a ~ age + karno + prior + diagtime, binomial))[c(1, 2, 70, 137)]
    want = [0.5404686079193, 0.4809951870052, 0.4427866033893, 0.4430370610145]
    assert fit.problem is None
    assert fit.score[[0, 1, 69, 136]] == pytest.approx(want, abs=1e-10)


@needs_reference
def test_overlap_weights_balance_every_covariate_of_the_model_exactly():
    covariates, arm = veteran()
    weight = balancing_weights("ATO", fit_propensity(model_matrix(covariates), arm).score, arm)
    for values in covariates.T:
        assert balance(values, arm, weight).smd == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("covariates", "problem"),
    [
        (np.where(ARMS == 1, 40.0, 70.0) + np.arange(10) / 10, "separates the arms"),
        (np.column_stack([AGES, 2 * AGES]), "follows from the others"),
    ],
)
def test_no_propensity_says_why(covariates, problem):
    fit = fit_propensity(model_matrix(covariates.reshape(10, -1)), ARMS)
    assert problem in fit.problem
    assert np.isnan(fit.score).all()


def test_a_disagreement_with_statsmodels_stops_the_run(monkeypatch):
    right = propensity.fit_logistic
    monkeypatch.setattr(propensity, "fit_logistic", lambda *a: right(*a) + 1e-5)
    with pytest.raises(DisagreementError, match="statsmodels differs"):
        fit_propensity(model_matrix(AGES[:, None]), ARMS)


def test_units_of_a_covariate_do_not_matter():
    years, days = (fit_propensity(model_matrix(f * AGES[:, None]), ARMS) for f in (1, 365.25))
    assert years.score == pytest.approx(days.score, abs=1e-12)


def test_weights_by_hand():
    score, arm = np.array([0.8, 0.4]), np.array([1, 0])
    assert balancing_weights("ATO", score, arm) == pytest.approx([0.2, 0.4])
    assert balancing_weights("ATE", score, arm) == pytest.approx([0.6 / 0.8, 0.4 / 0.6])
    assert balancing_weights("ATT", score, arm) == pytest.approx([1.0, 0.4 / 0.6])
    with pytest.raises(ValueError, match="unknown weighting ATX"):
        balancing_weights("ATX", score, arm)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=20), st.sampled_from(WEIGHTINGS))
def test_weights_are_finite_and_not_negative_and_replicates_are_weighted_apart(scores, weighting):
    score = np.array(scores)
    arm = np.arange(score.size) % 2
    weight = balancing_weights(weighting, score, arm)
    assert np.isfinite(weight).all()
    assert (weight >= 0).all()
    both = balancing_weights(weighting, np.stack([score, score[::-1]]), arm)
    assert (both[0] == weight).all()


def test_trimmed_weights_are_those_of_ate_and_none_at_the_ends():
    score = np.array([0.05, 0.1, 0.4, 0.9, 0.95])
    arm = np.array([1, 1, 0, 0, 0])
    ate = balancing_weights("ATE", score, arm)
    assert balancing_weights("TRIM", score, arm).tolist() == [0.0, ate[1], ate[2], ate[3], 0.0]
