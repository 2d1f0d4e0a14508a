import numpy as np
import pytest

from pipeline.stats.chi_square import chi_square, quadratic_form


def test_p_is_the_upper_tail():
    assert chi_square(5.991464547107979, 2).p == pytest.approx(0.05)
    assert chi_square(0.0, 1).p == 1.0


def test_a_small_p_does_not_become_0():
    assert chi_square(331.3, 1).p == pytest.approx(4.8e-74, rel=0.05)


def test_nothing_to_test_has_neither_statistic_nor_p():
    for nothing in (chi_square(np.nan, 1), chi_square(3.0, 0)):
        assert np.isnan([nothing.value, nothing.p]).all()


def test_many_statistics_at_once_and_a_variance_without_an_inverse():
    score = np.array([[1.0, 2.0], [1.0, 2.0], [1.0, 1.0]])
    variance = np.array([np.eye(2), np.diag([1.0, 0.0]), np.ones((2, 2))])
    assert quadratic_form(score, variance)[0] == 5.0
    assert np.isnan(quadratic_form(score, variance)[1:]).all()


def test_units_of_a_score_change_nothing():
    score, variance = np.array([1.0, 2.0]), np.array([[2.0, 0.5], [0.5, 1.0]])
    unit = np.array([1e-9, 1e6])
    scaled = quadratic_form(score * unit, variance * unit * unit[:, None])
    assert scaled == pytest.approx(quadratic_form(score, variance))


def test_a_variance_that_is_rounding_is_0():
    assert np.isnan(quadratic_form(np.array([1e-9]), np.array([[1e-12]]), 1e-10))
