"""Ticks are written as the daemon writes them; `tests/e2e/test_nights.py` ends a real one."""

from __future__ import annotations

import json

import dagster as dg
import pytest
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.scheduler.instigation import (
    InstigatorStatus,
    SensorInstigatorData,
    TickStatus,
)

from pipeline.cli import main
from pipeline.watching.alive import alive, tell_alive, unanswered
from tests.watching.test_automation import add_state
from tests.watching.test_watch import Way

NOW = 1_800_000_000.0
MINUTE = 60.0


@pytest.fixture
def instance(tmp_path):
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        yield instance


def looked(instance, *ticks, name="watch", status=InstigatorStatus.RUNNING):
    add_state(instance, name, InstigatorType.SENSOR, SensorInstigatorData(), ticks, status)


def test_a_daemon_that_looked_within_a_quarter_of_an_hour_is_alive(instance):
    looked(instance, (NOW - 15 * MINUTE, TickStatus.SKIPPED))
    assert not alive(instance, NOW).bad
    assert alive(instance, NOW + 1).bad


def test_how_long_it_may_be_silent_can_be_set(instance, monkeypatch):
    looked(instance, (NOW - 20 * MINUTE, TickStatus.SUCCESS))
    assert alive(instance, NOW).bad
    monkeypatch.setenv("CRSIGHT_ALIVE_MIN", "30")
    assert not alive(instance, NOW).bad


def test_a_look_that_failed_is_none(instance):
    looked(instance, (NOW - 20 * MINUTE, TickStatus.SUCCESS), (NOW - MINUTE, TickStatus.FAILURE))
    found = alive(instance, NOW)
    assert found.bad
    assert found.reason.startswith("its last look at the studies was at 2027-01-15 ")


def test_another_sensor_at_work_is_no_sign_of_this_one(instance):
    looked(instance, (NOW, TickStatus.SKIPPED), name="inbox_sensor")
    assert alive(instance, NOW).reason == "it has never looked at the studies"


def test_a_sensor_that_is_switched_off_tells_nobody_so_this_does(instance):
    looked(instance, (NOW, TickStatus.SKIPPED), status=InstigatorStatus.STOPPED)
    assert alive(instance, NOW).reason == "the sensor watch is switched off"


def test_death_is_told_once_and_so_is_the_return(here, instance):
    looked(instance, (NOW, TickStatus.SKIPPED))
    way = Way()
    for later in (16, 17, 18):
        tell_alive(here.store, alive(instance, NOW + later * MINUTE), NOW, {"mail": way})
    for _ in range(2):
        tell_alive(here.store, alive(instance, NOW), NOW, {"mail": way})
    assert way.subjects == [
        "crsight: the daemon does not look after the studies", "crsight: the daemon runs",
    ]  # fmt: skip


def test_where_the_lake_remembers_nothing_it_is_told_each_time(here, monkeypatch):
    def down(_):
        raise OSError("no route")

    monkeypatch.setattr(type(here.store.files), "read", lambda _self, name: down(name))
    way, found = Way(), unanswered(ConnectionError("password=secret"))
    for _ in range(2):
        assert tell_alive(here.store, found, NOW, {"mail": way}) == ["the lake: OSError"]
    assert len(way.subjects) == 2
    assert "secret" not in json.dumps(found.__dict__)


def test_the_command_says_that_nothing_was_ever_started_here(tmp_path, capsys):
    assert main(["alive", "--home", str(tmp_path)]) == 1
    assert "no daemon was ever started here" in capsys.readouterr().err


def test_the_command_says_that_nobody_looked_yet(here, capsys):
    here.home.prepare()
    assert main(["alive", "--home", str(here.home.root)]) == 1
    assert capsys.readouterr().out == (
        "the daemon does not look after the studies: it has never looked at the studies\n"
    )
