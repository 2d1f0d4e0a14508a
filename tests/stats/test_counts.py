import numpy as np
import pytest

from pipeline.stats.counts import count


def test_a_day_counts_its_own_events_and_censorings_as_at_risk():
    # day 1: event; day 2: event, competing and censored together; day 5: censored
    c = count(np.array([2.0, 1, 2, 5, 2]), np.array([1, 1, 2, 0, 0]))
    assert c.time.tolist() == [1, 2, 5]
    assert c.at_risk.tolist() == [5, 4, 1]
    assert c.event.tolist() == [1, 1, 0]
    assert c.competing.tolist() == [0, 1, 0]
    assert c.censored.tolist() == [0, 1, 1]


def test_a_curve_is_known_until_the_last_day_or_for_ever_if_nobody_was_censored_last():
    assert count(np.array([1.0, 3.0]), np.array([1, 0])).known_at(3)
    assert not count(np.array([1.0, 3.0]), np.array([1, 0])).known_at(4)
    assert count(np.array([1.0, 3.0]), np.array([0, 2])).known_at(99)
    assert not count(np.array([]), np.array([], dtype=int)).known_at(1)


@pytest.mark.parametrize(
    ("time", "code", "message"),
    [
        ([1.0], [1, 0], "1 times but 2 codes"),
        ([np.nan], [1], "finite"),
        ([-1.0], [1], "not negative"),
        ([1.0], [-1], "codes"),
    ],
)
def test_nonsense_is_refused(time, code, message):
    with pytest.raises(ValueError, match=message):
        count(np.array(time), np.array(code))
