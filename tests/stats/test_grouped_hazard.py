import numpy as np
import pytest

from pipeline.stats.cox import cox
from pipeline.stats.grouped_hazard import grouped_hazard
from tests.stats.hand_typed import CODE, GROUP, TIME

ARM = (GROUP == 1).astype(int)


def test_it_agrees_with_glm():
    # eighty subjects, groups 0 and 1 in turn; one row per subject and day in R:
    # glm(y ~ factor(day) + g - 1, binomial("cloglog"), control = list(epsilon = 1e-14))
    days = np.array(
        list("52474283784278888525455851188628148643687235736757682413641258721111528657832461"),
        float,
    )
    event = np.array(
        list("00110011001110011110001001111111110000110001010101111101111111000100110101011111"),
        int,
    )
    got = grouped_hazard(days, event, np.arange(80) % 2)
    assert got.coef == pytest.approx(0.382092964903, abs=1e-7)
    assert got.se == pytest.approx(0.295015589214, abs=1e-7)


def test_two_days_by_hand():
    # day 1: 2 of 6 and 1 of 6; nobody is censored, day 2 is the end
    time = np.array([1.0, 1, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2])
    event = np.array([1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    group = np.repeat([1, 0], 6)
    got = grouped_hazard(time, event, group)
    assert got.coef == pytest.approx(np.log(np.log(4 / 6) / np.log(5 / 6)))


def test_with_rare_events_it_comes_near_to_cox():
    rng = np.random.default_rng(1)
    time, group = rng.integers(1, 200, 2000).astype(float), np.arange(2000) % 2
    event = (rng.random(2000) < 0.03).astype(int)
    got = grouped_hazard(time, event, group)
    plain = cox(time, event, group[:, None].astype(float))
    assert got.coef == pytest.approx(plain.coef[0], abs=2e-3)
    assert got.se == pytest.approx(plain.se[0], abs=2e-3)


def test_relabelling_turns_the_sign_and_the_unit_of_time_changes_nothing():
    got = grouped_hazard(TIME, CODE, ARM)
    assert grouped_hazard(TIME, CODE, 1 - ARM).coef == pytest.approx(-got.coef)
    assert grouped_hazard(TIME * 24, CODE, ARM) == got


@pytest.mark.parametrize(
    ("event", "group", "status"),
    [
        (CODE * ARM, ARM, "monotone"),  # no event in group 0
        (CODE * 0, ARM, "no_information"),
        (CODE, ARM * 0, "no_information"),
    ],
)
def test_without_a_maximum_there_is_no_ratio(event, group, status):
    got = grouped_hazard(TIME, event, group)
    assert got.status == status
    assert np.isnan([got.coef, got.se]).all()
