import numpy as np
import pytest

from pipeline.stats.partial_likelihood import derivatives, score_residuals, sort_subjects
from tests.stats.hand_typed import CODE, COVARIATES, STRATUM, TIME, WEIGHT

COEF = np.array([0.4, -0.7])


def subjects(ties, strata=STRATUM):
    return sort_subjects(TIME, CODE == 1, COVARIATES, strata, WEIGHT, ties=ties)


def test_efron_and_breslow_by_hand_at_0():
    # 4 at risk, two die on day 1; one of two dies on day 2: Efron 4 * 3 * 2, Breslow 4 * 4 * 2
    time, event = np.array([1.0, 1, 2, 2]), np.array([True, True, True, False])
    x, one, zero = np.arange(4.0)[:, None], np.ones(4), np.zeros(4, dtype=int)
    for ties, product in (("efron", 24), ("breslow", 32)):
        data = sort_subjects(time, event, x, zero, one, ties=ties)
        assert derivatives(data, np.zeros(1)).loglik == pytest.approx(-np.log(product))


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_score_and_information_are_the_derivatives_of_the_likelihood(ties):
    data, step = subjects(ties), 1e-5
    at = derivatives(data, COEF)
    for j in range(2):
        move = step * np.eye(2)[j]
        up, down = derivatives(data, COEF + move), derivatives(data, COEF - move)
        assert (up.loglik - down.loglik) / (2 * step) == pytest.approx(at.score[j], abs=1e-7)
        assert np.allclose((down.score - up.score) / (2 * step), at.information[j], atol=1e-7)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_score_residuals_add_up_to_the_score(ties):
    data = subjects(ties)
    total = WEIGHT @ score_residuals(data, COEF)
    assert np.allclose(total, derivatives(data, COEF).score, atol=1e-12)


def test_strata_add_up():
    whole = derivatives(subjects("efron"), COEF)
    parts = []
    for s in (1, 2):
        here = s == STRATUM
        data = sort_subjects(
            TIME[here], (CODE == 1)[here], COVARIATES[here], STRATUM[here], WEIGHT[here],
            ties="efron",
        )  # fmt: skip
        parts.append(derivatives(data, COEF))
    assert np.allclose(whole.information, sum(p.information for p in parts))
    assert np.allclose(whole.score, sum(p.score for p in parts))
