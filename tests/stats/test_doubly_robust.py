import numpy as np
import pytest

from pipeline.stats.cumulative_incidence import cumulative_incidence
from pipeline.stats.doubly_robust import doubly_robust_difference, pseudo_observations
from pipeline.stats.propensity import fit_propensity, model_matrix

X = np.array([1.0, 2, 3, 4, 5, 2, 3, 1, 6, 4])
ARM = np.array([1, 1, 1, 1, 1, 0, 0, 0, 0, 0])
HAD = np.array([1.0, 0, 1, 1, 1, 0, 1, 0, 1, 0])
ONCE = np.ones((1, 10))


def test_without_censoring_a_pseudo_observation_is_the_event_itself():
    time, code = np.array([1.0, 2, 2, 3, 5, 5]), np.array([1, 2, 1, 1, 0, 0])
    got = pseudo_observations(time, code, (2, 4))
    assert got == pytest.approx(
        np.array([[1, 1], [0, 0], [1, 1], [0, 1], [0, 0], [0, 0]]), abs=1e-12
    )


def test_with_censoring_it_is_what_the_subject_adds():
    time, code = np.array([1.0, 2, 2, 3, 4, 6]), np.array([1, 0, 1, 2, 1, 0])
    got = pseudo_observations(time, code, (4,))[:, 0]
    whole = cumulative_incidence(time, code).at(4).value
    for i in range(6):
        without = cumulative_incidence(np.delete(time, i), np.delete(code, i)).at(4).value
        assert got[i] == pytest.approx(6 * whole - 5 * without)


@pytest.mark.parametrize(
    ("weighting", "want"),
    # R: glm for the score, lm within arms, mean of h (m1 - m0) plus weighted residuals
    [("ATO", 0.427708333565), ("ATE", 0.427830156163), ("ATT", 0.435055881826)],
)
def test_by_hand_in_r(weighting, want):
    design = model_matrix(X[:, None])
    score = fit_propensity(design, ARM).score[None, :]
    got = doubly_robust_difference(
        HAD[:, None], design, ARM, score=score, weighting=weighting, drawn=ONCE
    )
    assert got[0, 0] == pytest.approx(want, abs=1e-9)


@pytest.mark.parametrize("weighting", ["ATO", "ATE", "ATT"])
def test_a_right_outcome_model_mends_a_wrong_propensity(weighting):
    design = model_matrix(X[:, None])
    outcome = (0.1 + 0.05 * X + 0.2 * ARM)[:, None]
    wrong = np.linspace(0.1, 0.9, 10)[None, :]
    got = doubly_robust_difference(
        outcome, design, ARM, score=wrong, weighting=weighting, drawn=ONCE
    )
    assert got[0, 0] == pytest.approx(0.2)


def test_a_replicate_in_which_an_arm_has_one_covariate_value_has_none():
    drawn = np.where(ARM == 1, (X == 3) * 5.0, 1.0)[None, :]
    got = doubly_robust_difference(
        HAD[:, None], model_matrix(X[:, None]), ARM, score=np.full((1, 10), 0.5),
        weighting="ATO", drawn=drawn,
    )  # fmt: skip
    assert np.isnan(got).all()
