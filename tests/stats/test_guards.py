import math

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
        (G.no_restricted_limits(20), True),
        (G.no_restricted_limits(19), False),
        (G.no_mean_function(5), True),
        (G.no_mean_function(4), False),
        (G.no_mean_function_limits(5), True),
        (G.no_mean_function_limits(4), False),
        (G.no_common_odds({"grade 0": 15, "grade 1": 10, "grade 2": 5}, 3), True),
        (G.no_common_odds({"grade 0": 15, "grade 1": 11, "grade 2": 4}, 3), False),
        (G.no_common_odds({"grade 0": 15, "grade 1": 9, "grade 2": 5}, 3), False),  # 29 for 30
        (G.no_test(5), True),
        (G.no_test(4), False),
        (G.no_ratio(3, 7), True),
        (G.no_ratio(2, 9, "an odds ratio"), False),
        (G.no_ratio(3, 6), False),  # 9 events in all
        (G.no_ratio(20, 2), False),  # 2 in an arm
        (G.hazard_flag(20), True),
        (G.hazard_flag(19), False),  # imprecise
        (G.no_firth(5), True),
        (G.no_firth(4), False),
        (G.no_hazards_check(20), True),
        (G.no_hazards_check(19), False),
        (G.no_kappa(5, (2, 2)), True),
        (G.no_kappa(4, (2, 2)), False),
        (G.no_kappa(50, (3, 1)), False),  # one grade on one side
        (G.no_scale_check(20), True),
        (G.no_scale_check(19), False),
        (G.no_propensity(30, 40, 3), True),
        (G.no_propensity(40, 29, 1), False),
        (G.no_propensity(40, 39, 4), False),  # ten for each parameter
        (G.no_weighting(0.099, 30.0, 0.50, 0.05), True),
        (G.no_weighting(0.100, 30.0, 0.50, 0.05), False),
        (G.no_weighting(math.nan, 30.0, 0.50, 0.05), False),
        (G.no_weighting(0.099, 29.9, 0.50, 0.05), False),
        (G.no_weighting(0.099, 30.0, 0.49, 0.05), False),
        (G.no_weighting(0.099, 30.0, 0.50, 0.051), False),
        (G.no_bootstrap_limits(100, 1000), True),
        (G.no_bootstrap_limits(101, 1000), False),
        (G.no_pooling(5), True),
        (G.no_pooling(4), False),
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


def test_all_that_is_wrong_with_a_weighting_is_said_at_once():
    assert G.no_weighting(0.25, 12.0, 0.2, 0.5) == (
        "no adjusted comparison, because a standardised mean difference is 0.25 after weighting; "
        "the effective sample size is 12.0 or 20% of a cohort; one subject has 50.0% of the weight"
    )
