from __future__ import annotations

import pytest

from pipeline.alerts.changes import Condition
from pipeline.alerts.message import Message
from pipeline.alerts.outbox import Box, boxes_from_bytes, boxes_to_bytes, deliver, fill

BAD = Condition("A", "failed", bad=True, reason="x")
GOOD = Condition("A", "is published")


def message(condition):
    return Message(condition.about, condition.state, condition.reason, "", "", {})


def filled(box, *conditions):
    for condition in conditions:
        box = fill(box, {condition.about: condition}, (), message)
    return box


class Way:
    """Takes what it is sent, but for those of which it is told."""

    def __init__(self, *down):
        self.sent, self.down = [], set(down)

    def send(self, message):
        if message.state in self.down:
            raise OSError("no route")
        self.sent.append(message.state)


def test_a_change_is_put_in_once_and_sent_once():
    box = filled(Box(), BAD, BAD)
    assert [m.state for m in box.waiting] == ["failed"]
    way = Way()
    box, problem = deliver(box, way, 0)
    assert (way.sent, problem, box.waiting) == (["failed"], "", ())
    assert deliver(filled(box, BAD), way, 0)[0].waiting == ()
    assert way.sent == ["failed"]


def test_a_channel_that_is_down_keeps_the_order_and_loses_nothing():
    way = Way("failed")
    box = filled(Box(), BAD, GOOD)
    box, problem = deliver(box, way, 1000)
    assert problem == "OSError; 2 wait, again in 60 s"
    assert way.sent == []
    way.down.clear()
    assert deliver(box, way, 1059)[0] == box  # not yet
    box, _ = deliver(box, way, 1060)
    assert way.sent == ["failed", "is published"]
    assert (box.failures, box.not_before) == (0, 0.0)


def test_what_went_before_the_error_is_not_sent_twice():
    way = Way("is published")
    box, _ = deliver(filled(Box(), BAD, GOOD), way, 0)
    assert [m.state for m in box.waiting] == ["is published"]
    assert way.sent == ["failed"]


def test_the_pause_doubles_up_to_an_hour():
    way, box, now, pauses = Way("failed"), filled(Box(), BAD), 0.0, []
    for _ in range(9):
        box, _ = deliver(box, way, now)
        pauses.append(box.not_before - now)
        now = box.not_before
    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_a_channel_that_comes_later_hears_of_what_is_bad_now():
    assert [m.about for m in filled(Box(), GOOD, BAD).waiting] == ["A"]


def test_an_error_of_ours_is_not_taken_for_one_of_the_channel():
    class Broken:
        def send(self, _):
            raise KeyError("bug")

    with pytest.raises(KeyError):
        deliver(filled(Box(), BAD), Broken(), 0)


def test_boxes_are_read_as_they_were_written():
    box, _ = deliver(filled(Box(), BAD), Way("failed"), 5)
    assert boxes_from_bytes(boxes_to_bytes({"mail": box})) == {"mail": box}
    assert boxes_from_bytes(None) == {}
