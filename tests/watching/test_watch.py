from __future__ import annotations

import json

import dagster as dg
import pytest

from pipeline.alerts.changes import Condition
from pipeline.assets import staleness
from pipeline.lake.state import State
from pipeline.watching import waiting, watch
from pipeline.watching.watch import tell
from tests.alerts.receivers import mail_server, web_address
from tests.assets.fakes import write_drop
from tests.assets.test_staleness import HOUR, Clock, work
from tests.e2e.processes import free_port

BAD = {"A": Condition("A", "failed", bad=True, reason="stage crs: a check failed")}


class Way:
    def __init__(self):
        self.subjects, self.down = [], False

    def send(self, message):
        if self.down:
            raise OSError("no route")
        self.subjects.append(message.subject)


def test_two_channels_are_told_and_one_that_is_down_does_not_hold_the_other(here):
    mail, hook = Way(), Way()
    mail.down = True
    ways = {"mail": mail, "webhook": hook}
    assert tell(here.store, BAD, set(), 0, ways) == ["mail: OSError; 1 wait, again in 60 s"]
    assert hook.subjects == ["crsight: A failed"]
    mail.down = False
    assert tell(here.store, BAD, set(), 60, ways) == []
    assert mail.subjects == hook.subjects == ["crsight: A failed"]


def test_the_lake_remembers_over_a_new_start(here):
    way = Way()
    for _ in range(3):
        tell(here.store, BAD, set(), 0, {"mail": way})
    assert way.subjects == ["crsight: A failed"]


def test_a_crash_while_sending_loses_no_message(here):
    class Crash(Way):
        def send(self, message):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tell(here.store, BAD, set(), 0, {"mail": Crash()})
    way = Way()
    tell(here.store, BAD, set(), 1, {"mail": way})
    assert way.subjects == ["crsight: A failed"]


def test_without_a_channel_nothing_is_written(here):
    assert tell(here.store, BAD, set(), 0, {}) == []
    assert here.store.files.read("alerts.json") is None


# ---- the sensor ----


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(watch, "time", clock)
    for module in (staleness, waiting):
        monkeypatch.setattr(module, "time", clock)
    return clock


@pytest.fixture
def tick(here, clock):
    cursor = None
    with dg.DagsterInstance.ephemeral() as instance:

        def look():
            nonlocal cursor
            with dg.build_sensor_context(
                instance=instance, cursor=cursor, resources={"place": here}
            ) as context:
                result = watch.watch(context)
            cursor = result.cursor
            return result

        yield look


def test_a_failure_and_its_end_arrive_by_mail_and_web_with_links(here, clock, tick, monkeypatch):
    monkeypatch.setenv("CRSIGHT_URL", "https://ui.example.org/")
    monkeypatch.setenv("CRSIGHT_REPORTS_URL", "https://reports.example.org")
    with mail_server() as box, web_address() as hook:
        monkeypatch.setenv("CRSIGHT_ALERT_MAIL", box.url)
        monkeypatch.setenv("CRSIGHT_ALERT_WEBHOOK", hook.url)
        here.store.set_state(State("A", "failed", ("stage crs: a check failed", "S-1 38.6 C")))
        tick()
        tick()
        here.store.set_state(State("A", "published"))
        tick()
    assert box.subjects == ["crsight: A failed", "crsight: A is published"]
    assert [post["state"] for post in hook.posts] == ["failed", "is published"]
    text = box.mails[0].get_content()
    assert "UI: https://ui.example.org" in text
    assert "status of all studies: https://reports.example.org/status.html" in text
    assert "38.6" not in text + json.dumps(hook.posts)


def test_a_channel_that_is_down_does_not_fail_the_tick(here, clock, tick, monkeypatch):
    monkeypatch.setenv("CRSIGHT_ALERT_MAIL", f"smtp://127.0.0.1:{free_port()}/?to=a@example.org")
    here.store.set_state(State("A", "failed", ("x",)))
    assert tick().asset_events
    assert b'"waiting": [\n' in here.store.files.read("alerts.json")


def test_the_check_is_reported_when_its_answer_changes_and_once_a_day(here, clock, tick):
    (first,) = tick().asset_events
    assert first.passed
    assert tick().asset_events == []
    write_drop(here.inbox, "A")
    waiting.note_waiting(here, [work(here)])
    clock.now += 23 * HOUR
    assert tick().asset_events == []
    clock.now += 14 * HOUR
    (now,) = tick().asset_events
    assert (now.passed, now.check_name) == (False, "every_study_is_fresh")
    clock.now += 23 * HOUR
    assert tick().asset_events == []
    clock.now += 2 * HOUR
    assert len(tick().asset_events) == 1
