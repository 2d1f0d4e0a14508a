import numpy as np
import pytest

from pipeline.stats.counts import count
from pipeline.stats.group_counts import before, by_stratum, count_groups, divide
from tests.stats.hand_typed import CODE, GROUP, STRATUM, TIME


def test_counts_of_a_group_are_those_of_its_subjects_at_the_times_of_all():
    # day 1: event in 0; day 2: competing in 1 and censored in 0; day 4: event in 1
    time, code = np.array([1.0, 2, 2, 4]), np.array([1, 3, 0, 1])
    counts = count_groups(time, code, np.array([0, 1, 0, 1]), 2)
    assert counts.at_risk.tolist() == [[2, 1, 0], [2, 2, 1]]
    assert counts.event.tolist() == [[1, 0, 0], [0, 0, 1]]
    assert counts.competing.tolist() == [[0, 0, 0], [0, 1, 0]]


def test_groups_add_up_to_all():
    counts, whole = count_groups(TIME, CODE, GROUP, 3), count(TIME, CODE)
    assert counts.at_risk.sum(axis=0).tolist() == whole.at_risk.tolist()
    assert counts.event.sum(axis=0).tolist() == whole.event.tolist()


def test_many_labellings_are_counted_as_each_alone():
    labels = np.stack([GROUP, GROUP[::-1], np.sort(GROUP)])
    many = count_groups(TIME, CODE, labels, 3)
    for i, label in enumerate(labels):
        alone = count_groups(TIME, CODE, label, 3)
        assert np.array_equal(many.at_risk[i], alone.at_risk)
        assert np.array_equal(many.competing[i], alone.competing)


def test_strata_part_the_subjects():
    parts = list(by_stratum(TIME, CODE, GROUP, STRATUM))
    assert [part[0].size for part in parts] == [8, 7]
    assert len(list(by_stratum(TIME, CODE, GROUP, None))) == 1


def test_nobody_at_risk_gives_0_and_the_value_before_the_first_time_is_the_start():
    assert divide(np.array([1.0, 2.0]), np.array([0.0, 4.0])).tolist() == [0, 0.5]
    assert before(np.array([0.5, 0.2]), 1.0).tolist() == [1.0, 0.5]


@pytest.mark.parametrize(
    ("label", "strata"),
    [([0, 1], None), ([0, 1, -1], None), ([0, 1, 1], [1, 2])],
)
def test_nonsense_is_refused(label, strata):
    time, code = np.array([1.0, 2, 3]), np.array([1, 0, 1])
    with pytest.raises(ValueError, match="groups"):
        list(by_stratum(time, code, np.array(label), None if strata is None else np.array(strata)))
