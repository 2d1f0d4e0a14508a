import numpy as np
import pytest

from pipeline.stats.step_curve import loglog_limits, step_quantile


@pytest.mark.parametrize(
    ("rise", "want"),
    [
        ([0.2, 0.6, 0.8], 2.0),  # crosses one half at the second time
        ([0.2, 0.5, 0.8], 2.5),  # flat at one half: midpoint to the next rise
        ([0.2, 0.4999999999999999, 0.8], 2.5),  # one half but for rounding
        ([0.1, 0.5, 0.5], 2.5),  # flat at one half to the end: midpoint to the last time
        ([0.1, 0.2, 0.3], np.nan),  # never reached
        ([0.1, 0.6, np.nan], 2.0),  # a limit that is not estimable later on
        ([0.1, 0.5, np.nan], np.nan),  # flat at one half with an unknown end
    ],
)
def test_quantile_rule(rise, want):
    got = step_quantile(np.array([1.0, 2.0, 3.0]), np.array(rise), 0.5)
    assert np.isnan(got) if np.isnan(want) else got == want


def test_log_log_limits_of_0_and_1_are_not_estimable():
    low, high = loglog_limits(np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.1, 0.0]), 1.96)
    assert np.isnan(low).tolist() == [True, False, True]
    assert np.isnan(high).tolist() == [True, False, True]
    assert low[1] < 0.5 < high[1]
