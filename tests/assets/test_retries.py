from __future__ import annotations

import dagster as dg
import pytest
from dagster._core.execution.plan import active

from pipeline.lake.locks import BusyError
from pipeline.lake.state import State
from tests.assets.fakes import write_drop
from tests.assets.test_materialise import job  # noqa: F401  a fixture


class Hasty:
    """Every look at the clock is an hour later, so that nobody waits."""

    now = 0.0

    def time(self):
        self.now += 3600
        return self.now

    def sleep(self, _):
        pass


@pytest.fixture
def pauses(here, job, monkeypatch):  # noqa: F811
    """How a run of study A ends if stage crs fails so, and the pauses before each new attempt."""
    monkeypatch.setattr(active, "time", Hasty())
    write_drop(here.inbox, "A")

    def of(error=None):
        if error:
            here.stages.fail["crs"] = error
        result = job()
        waits = [
            event.step_retry_data.seconds_to_wait
            for event in result.all_events
            if event.event_type == dg.DagsterEventType.STEP_UP_FOR_RETRY
        ]
        return result.success, waits, here.stages.calls.count("A crs")

    return of


@pytest.mark.parametrize(
    "error",
    [ConnectionResetError("network"), BusyError("publish")],
)
def test_what_may_pass_is_tried_again_after_pauses_that_double(here, pauses, error):
    assert pauses(error) == (False, [1, 2, 4], 4)
    assert here.store.state("A").problems[0] == f"stage crs: {type(error).__name__}"
    assert here.stages.calls.count("A ingest") == 1


def test_what_cannot_pass_is_not_tried_again(here, pauses):
    assert pauses(ValueError("S-1")) == (False, [], 1)
    assert here.store.state("A").state == "failed"


def test_a_check_that_fails_is_not_tried_again(here, pauses):
    here.stages.spoil.add("crs")
    assert pauses() == (False, [], 1)


def test_what_passes_leaves_no_trace(here, job, monkeypatch):  # noqa: F811
    monkeypatch.setattr(active, "time", Hasty())
    write_drop(here.inbox, "A")
    calls = here.stages.crs

    def once(tables, study):
        monkeypatch.setattr(here.stages, "crs", calls)
        raise OSError("once")

    monkeypatch.setattr(here.stages, "crs", once)
    assert job().success
    assert here.store.state("A") == State("A", "published")
