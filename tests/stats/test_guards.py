import pytest

from pipeline.stats.guards import Guards

G = Guards()


@pytest.mark.parametrize(
    ("got", "shown"),
    [
        (G.no_curve(10, 1), True),
        (G.no_curve(9, 5), False),
        (G.no_curve(10, 0), False),
        (G.no_landmark_limits(5), True),
        (G.no_landmark_limits(4), False),
        (G.landmark_flag(10, 5, 2), True),
        (G.landmark_flag(10, 7, 3), False),  # 30% censored
        (G.landmark_flag(10, 4, 1), False),  # 4 at risk
        (G.landmark_flag(10, 4, 0), True),  # 4 at risk, but the others all had an event
        (G.curve_flag(5), True),
        (G.curve_flag(4), False),
        (G.no_median_limits(5), True),
        (G.no_median_limits(4), False),
        (G.no_rmst_difference(20, 20), True),
        (G.no_rmst_difference(20, 19), False),
        (G.no_kappa(5, (2, 2)), True),
        (G.no_kappa(4, (2, 2)), False),
        (G.no_kappa(50, (3, 1)), False),  # one grade on one side
        (G.no_scale_check(20), True),
        (G.no_scale_check(19), False),
    ],
)
def test_limits_of_each_guard(got, shown):
    assert (got is None) is shown


def test_a_reason_says_what_is_missing():
    assert G.no_curve(9, 5) == "not estimable, because a curve needs 10 subjects and there are 9"


@pytest.mark.parametrize(
    ("kappa", "agreement", "better"),
    [(0.10, 0.05, True), (0.8 - 0.7, 0.65 - 0.6, True), (0.09, 0.5, False), (0.5, 0.04, False)],
)
def test_a_scale_fits_better_in_both_measures_or_not_at_all(kappa, agreement, better):
    assert G.fits_better(kappa, agreement) is better
