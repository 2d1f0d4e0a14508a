import numpy as np

from pipeline.stats.analyses.onset_pair import onset_of
from tests.stats.analyses.onset_cohorts import cohort, pair_of


def onset(paramcd="TTCRS"):
    # CAR-T: CRS on days 3 and 28, after the window, death, nothing
    # bispecific: CRS on day 5, discontinued on day 7, death after the window
    car_t = cohort("A", "car_t", [3, 28, 29], [9, None])
    return onset_of(pair_of(car_t, cohort("B", "bispecific", [5], ["d7", 35]))[0], paramcd)


def test_what_happens_after_the_window_is_censored_at_its_end():
    got = onset()
    assert sorted(zip(got.time, got.code, got.group, strict=True)) == [
        (3, 1, 1), (5, 1, 0), (7, 3, 0), (9, 2, 1), (28, 0, 0), (28, 0, 1), (28, 0, 1), (28, 1, 1),
    ]  # fmt: skip


def test_with_death_alone_competing_the_discontinued_are_followed_on():
    assert 3 not in onset("TTCRSD").code
    assert (onset("TTCRSD").time == 28).sum() == 5


def test_events_are_those_of_the_window_by_cohort():
    got = onset()
    assert got.events == (2, 1)
    assert got.where(got.happened).size == 3
    assert np.array_equal(got.x[:, 0], got.group)


def test_a_cohort_without_subjects_is_named():
    assert onset().missing_cohort() is None
    got = onset_of(pair_of(cohort("A", "car_t", [3]), cohort("B", "bispecific", []))[0], "TTCRS")
    assert got.missing_cohort() == "not estimable, because one cohort has no subject"
