import numpy as np

from pipeline.simulate.streams import stream


def test_same_seed_study_and_purpose_give_the_same_numbers():
    assert np.array_equal(stream(1, "A", "x").random(5), stream(1, "A", "x").random(5))


def test_seed_study_and_purpose_each_change_the_numbers():
    base = stream(1, "A", "x").random()
    others = [stream(2, "A", "x"), stream(1, "B", "x"), stream(1, "A", "y")]
    assert all(other.random() != base for other in others)
