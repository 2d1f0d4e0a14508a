from __future__ import annotations

import pytest

from pipeline.assets.staleness import waiting
from pipeline.lake.waiting import Waiting, noted
from pipeline.watching import waiting as module
from pipeline.watching.waiting import note_waiting
from tests.assets.fakes import write_drop
from tests.assets.test_staleness import HOUR, Clock, work
from tests.assets.test_work import run_all


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def test_a_study_waits_from_the_first_look_until_it_is_published(here, clock):
    write_drop(here.inbox, "A")
    note_waiting(here, [work(here)])
    clock.now += HOUR
    write_drop(here.inbox, "A", "S-9")
    note_waiting(here, [work(here)])
    assert waiting(here)["A"].since == 1_000_000.0
    assert waiting(here)["A"].why == "new study"
    run_all(here)
    note_waiting(here, [work(here)])
    assert waiting(here) == {}


def test_a_drop_that_is_still_copied_is_as_it_was(here, clock):
    write_drop(here.inbox, "A")
    note_waiting(here, [work(here)])
    note_waiting(here, [], unsure={"A", "B"})
    assert set(waiting(here)) == {"A"}
    note_waiting(here, [])
    assert waiting(here) == {}


def test_a_withdrawn_study_waits_for_nothing(here, clock):
    write_drop(here.inbox, "A")
    run_all(here)
    here.store.withdraw("A")
    note_waiting(here, [work(here)])
    assert waiting(here) == {}


def test_a_drop_that_changes_is_noted_but_does_not_wait_for_a_run_yet(here, clock):
    write_drop(here.inbox, "A")
    run_all(here)
    note_waiting(here, [], unsure={"A"})
    assert noted(here.store.files) == {"A": Waiting(1_000_000.0, "", 1_000_000.0, 1)}
    assert waiting(here) == {}
    clock.now += HOUR
    note_waiting(here, [], unsure={"A"})
    assert noted(here.store.files)["A"].copying == 1_000_000.0
    write_drop(here.inbox, "A", "S-9")
    note_waiting(here, [work(here)])
    assert noted(here.store.files) == {"A": Waiting(1_000_000.0, "dm.csv changed", None, 1)}


def test_a_study_that_changes_again_after_its_run_waits_from_then(here, clock):
    write_drop(here.inbox, "A")
    note_waiting(here, [work(here)])
    run_all(here)
    write_drop(here.inbox, "A", "S-9")
    clock.now += HOUR
    note_waiting(here, [work(here)])
    assert noted(here.store.files) == {"A": Waiting(1_003_600.0, "dm.csv changed", None, 1)}


def test_a_withdrawn_study_that_is_copied_is_not_noted(here, clock):
    write_drop(here.inbox, "A")
    run_all(here)
    here.store.withdraw("A")
    note_waiting(here, [], unsure={"A"})
    assert noted(here.store.files) == {}
