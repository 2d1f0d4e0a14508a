import numpy as np
import pytest

from pipeline.stats.analyses.curves import rising
from pipeline.stats.cumulative_incidence import cumulative_incidence
from pipeline.stats.kaplan_meier import kaplan_meier


def test_a_survival_curve_rises_with_its_limits_exchanged():
    time, event = np.array([1.0, 2, 3, 4]), np.array([1, 1, 1, 0])
    km = kaplan_meier(time, event)
    curve = rising(km)
    at, want = curve.at(2), km.at(2)
    assert (at.value, at.low, at.high) == (1 - want.value, 1 - want.high, 1 - want.low)
    assert curve.at(0.5).value == 0
    assert curve.quantile(0.5) == pytest.approx(km.quantile(0.5), nan_ok=True)


def test_an_incidence_stays_as_it_is():
    fit = cumulative_incidence(np.array([1.0, 2]), np.array([1, 0]))
    assert rising(fit) is fit
