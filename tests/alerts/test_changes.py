from __future__ import annotations

from pipeline.alerts.changes import GONE, Condition, after, changes

FAILED = Condition("A", "failed", bad=True, reason="stage crs: a check failed", run="r1")
PUBLISHED = Condition("A", "is published")


def told(before, *now, unsure=()):
    return [(c.about, c.state) for c in changes(before, {c.about: c for c in now}, unsure)]


def nights(*conditions):
    """What is told over several looks at study A."""
    marks, said = {}, []
    for condition in conditions:
        for change in changes(marks, {"A": condition} if condition else {}):
            marks = after(marks, change)
            said.append(change.state)
    return said


def test_a_failure_is_told_once_however_often_it_is_tried_again():
    again = Condition("A", "failed", bad=True, reason="stage crs: a check failed", run="r2")
    assert nights(FAILED, again, FAILED) == ["failed"]


def test_another_state_or_another_reason_is_news():
    other = Condition("A", "failed", bad=True, reason="stage stats: MemoryError")
    refused = Condition("A", "was refused", bad=True, reason="study.yaml: title: Field required")
    assert nights(FAILED, other, refused) == ["failed", "failed", "was refused"]


def test_recovery_is_told_once_and_a_relapse_again():
    assert nights(FAILED, PUBLISHED, PUBLISHED, FAILED) == ["failed", "is published", "failed"]


def test_what_is_well_from_the_start_is_no_news():
    assert nights(PUBLISHED, PUBLISHED) == []


def test_a_told_study_that_leaves_is_told_as_gone():
    assert nights(FAILED, None, None) == ["failed", GONE]


def test_of_what_is_being_worked_on_nothing_is_said():
    mark = {"A": FAILED.mark}
    assert told(mark, PUBLISHED, unsure={"A"}) == []
    assert told({}, FAILED, unsure={"A"}) == []
    assert told(mark, unsure={"A"}) == []


def test_each_thing_is_told_by_itself_in_order_of_names():
    other = Condition("B", "was refused", bad=True)
    assert told({}, other, FAILED) == [("A", "failed"), ("B", "was refused")]
