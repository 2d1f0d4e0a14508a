import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar

from pipeline.stats.chi_square import chi_square
from pipeline.stats.firth_cox import firth_cox
from pipeline.stats.partial_likelihood import derivatives, sort_subjects
from tests.stats.hand_typed import CODE, GROUP, TIME

ARM = (GROUP == 1).astype(int)


def by_hand(time, event, group):
    """Maximum and profile limits of the penalised likelihood, from our own derivatives."""
    zero, one = np.zeros(time.size, dtype=int), np.ones(time.size)
    data = sort_subjects(time, event == 1, group[:, None] * 1.0, zero, one, ties="breslow")

    def penalised(coef):
        at = derivatives(data, np.array([coef]))
        return at.loglik + 0.5 * np.log(at.information[0, 0])

    top = minimize_scalar(lambda b: -penalised(b), bounds=(-9, 9), method="bounded",
                          options={"xatol": 1e-10}).x  # fmt: skip

    def below(coef):
        return 2 * (penalised(top) - penalised(coef)) - 3.841458820694124

    return np.exp([top, brentq(below, top - 15, top), brentq(below, top, top + 15)])


@pytest.mark.parametrize(
    "event",
    [
        np.where(CODE == 1, 1, 0),
        np.where((CODE == 1) & (ARM == 1), 1, 0),  # no event in group 0
        np.where((CODE == 1) & (ARM == 0), 1, 0),  # no event in group 1
    ],
)
def test_it_agrees_with_the_penalised_likelihood_maximised_by_hand(event):
    assert chi_square(3.841458820694124, 1).p == pytest.approx(0.05)
    assert firth_cox(TIME, event, ARM) == pytest.approx(tuple(by_hand(TIME, event, ARM)), rel=1e-4)


def test_without_events_or_a_second_group_there_is_no_ratio():
    assert np.isnan(firth_cox(TIME, CODE * 0, ARM)).all()
    assert np.isnan(firth_cox(TIME, CODE, ARM * 0)).all()


def test_events_that_come_when_the_other_group_has_left_tell_nothing():
    time, event, group = np.array([1.0, 1, 5, 6]), np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0])
    assert np.isnan(firth_cox(time, event, group)).all()
