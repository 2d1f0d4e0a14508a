import numpy as np
import pytest
from statsmodels.discrete.discrete_model import Logit

from pipeline.stats.logistic import fit_logistic, probability


def sample(n=60):
    random = np.random.default_rng(4)
    design = np.column_stack([np.ones(n), random.normal(size=(n, 2))])
    return design, (random.random(n) < 0.3 + 0.4 * (design[:, 1] > 0)).astype(int)


def test_a_row_of_weights_is_a_sample_with_copies():
    design, outcome = sample()
    drawn = np.random.default_rng(5).integers(0, 3, (4, outcome.size))
    found = fit_logistic(design, outcome, drawn.astype(float))
    for one, times in zip(found, drawn, strict=True):
        copied = Logit(np.repeat(outcome, times), np.repeat(design, times, axis=0))
        assert one == pytest.approx(copied.fit(disp=False, tol=1e-12).params, abs=1e-9)


def test_where_it_begins_does_not_matter():
    design, outcome = sample()
    weight = np.ones((1, outcome.size))
    start = np.array([0.3, -0.2, 0.5])
    one, two = fit_logistic(design, outcome, weight), fit_logistic(design, outcome, weight, start)
    assert one == pytest.approx(two, abs=1e-12)


def test_a_replicate_without_a_maximum_has_no_coefficients_and_leaves_the_others_alone():
    x = np.array([-2.0, -1, -1, 1, 1, 2, -3, 3])
    outcome = np.array([0, 0, 0, 1, 1, 1, 1, 0])
    design = np.column_stack([np.ones(8), x])
    whole, separated, one_column = np.ones(8), np.repeat([1.0, 0.0], [6, 2]), np.zeros(8)
    one_column[[1, 2]] = 1.0  # both subjects have the same covariate
    found = fit_logistic(design, outcome, np.stack([whole, separated, one_column]))
    assert np.isfinite(found[0]).all()
    assert np.isnan(found[1:]).all()


def test_a_far_predictor_does_not_overflow():
    design = np.array([[1.0, 1e4], [1.0, -1e4]])
    assert probability(design, np.array([[0.0, 1.0]])).tolist() == [[1.0, 0.0]]
