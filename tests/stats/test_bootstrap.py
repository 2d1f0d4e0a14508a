import numpy as np
import pytest

from pipeline.stats.bootstrap import draw_studies, draw_subjects, percentile_limits

STUDY = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2])
ARM = np.array([1, 1, 1, 1, 1, 0, 0, 0, 0])


def test_each_study_keeps_its_number_of_subjects():
    drawn = draw_subjects(STUDY, 200, seed=1)
    for name, size in ((0, 3), (1, 2), (2, 4)):
        assert (drawn[:, name == STUDY].sum(axis=1) == size).all()
    assert drawn.min() == 0
    assert drawn.max() > 1


def test_studies_are_drawn_within_their_arm_and_bring_their_subjects():
    drawn = draw_studies(STUDY, ARM, 500, seed=1)
    first, second = drawn[:, STUDY == 0].sum(axis=1), drawn[:, STUDY == 1].sum(axis=1)
    assert set(zip(first.tolist(), second.tolist(), strict=True)) == {(0, 4), (3, 2), (6, 0)}
    assert (drawn[:, ARM == 0].sum(axis=1) == 4).all()


@pytest.mark.parametrize("draw", [draw_subjects, lambda s, r, seed: draw_studies(s, ARM, r, seed)])
def test_the_seed_decides(draw):
    assert (draw(STUDY, 50, 7) == draw(STUDY, 50, 7)).all()
    assert (draw(STUDY, 50, 7) != draw(STUDY, 50, 8)).any()


def test_every_subject_is_drawn_once_on_average():
    drawn = draw_subjects(STUDY, 4000, seed=3)
    # standard error of a mean of 4000 counts of variance below 1
    assert drawn.mean(axis=0) == pytest.approx(1, abs=4 / np.sqrt(4000))


def test_replicates_that_failed_are_counted_and_left_out():
    series = np.concatenate([np.arange(1.0, 41.0), [np.nan] * 3])
    assert percentile_limits(series, 0.90) == pytest.approx((2.95, 38.05, 3))


def test_no_replicate_gives_no_limits():
    limits = percentile_limits(np.full(4, np.nan))
    assert np.isnan([limits.low, limits.high]).all()
    assert limits.failed == 4
