from __future__ import annotations

import datetime as dt

import dagster as dg
import pytest
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteInstigatorOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    ScheduleInstigatorData,
    SensorInstigatorData,
    TickData,
    TickStatus,
)
from dagster._utils.error import SerializableErrorInfo

from pipeline.watching.automation import at_work, automation
from pipeline.watching.schedules import nightly

HOUR = 3600.0


@pytest.fixture
def instance(tmp_path):
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        yield instance


def bad(instance, now):
    return {c.about: c.state for c in automation(instance, [nightly], now) if c.bad}


NIGHT = dt.datetime(2026, 3, 1, 2, tzinfo=dt.UTC).timestamp()


def add_state(instance, name, kind, data, ticks=(), status=InstigatorStatus.RUNNING):
    origin = RemoteInstigatorOrigin(
        RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("crsight"), "__repository__"), name
    )
    state = instance.add_instigator_state(InstigatorState(origin, kind, status, data))
    for at, ending in ticks:
        more = {
            TickStatus.SUCCESS: {"run_ids": ["r1"]},
            TickStatus.FAILURE: {"error": SerializableErrorInfo("x", [], "ValueError")},
        }.get(ending, {})
        tick = TickData(
            state.instigator_origin_id,
            name,
            kind,
            ending,
            at,
            selector_id=state.selector_id,
            **more,
        )
        instance.create_tick(tick)


def add_night(instance, *ticks, **more):
    data = ScheduleInstigatorData("0 2 * * *", NIGHT - HOUR)
    add_state(instance, "nightly", InstigatorType.SCHEDULE, data, ticks, **more)


def test_a_night_is_missed_an_hour_after_its_time(instance):
    add_night(instance, (NIGHT, TickStatus.SKIPPED))
    due = NIGHT + 24 * HOUR
    assert bad(instance, due + HOUR) == {}
    assert bad(instance, due + HOUR + 1) == {"the schedule nightly": "has not run"}


def test_a_night_that_was_switched_off_is_missed_too(instance):
    add_night(instance, (NIGHT, TickStatus.SUCCESS), status=InstigatorStatus.STOPPED)
    assert bad(instance, NIGHT + 26 * HOUR) == {"the schedule nightly": "has not run"}


def test_the_first_night_is_missed_if_it_does_not_come(instance):
    add_night(instance)
    assert bad(instance, NIGHT + HOUR) == {}
    assert bad(instance, NIGHT + 2 * HOUR) == {"the schedule nightly": "has not run"}


def test_what_is_well_is_told_as_such(instance):
    add_night(instance, (NIGHT, TickStatus.SUCCESS))
    (said,) = automation(instance, [nightly], NIGHT + 1)
    assert (said.about, said.state, said.bad) == ("the schedule nightly", "runs", False)


def test_a_sensor_is_at_work_unless_it_is_stopped_or_unknown(instance):
    add_state(instance, "inbox_sensor", InstigatorType.SENSOR, SensorInstigatorData())
    add_state(instance, "watch", InstigatorType.SENSOR, SensorInstigatorData(),
              status=InstigatorStatus.STOPPED)  # fmt: skip
    assert at_work(instance, "inbox_sensor")
    assert not at_work(instance, "watch")
    assert not at_work(instance, "nobody")
    with dg.DagsterInstance.ephemeral() as memory:
        assert not at_work(memory, "inbox_sensor")


def test_a_schedule_or_sensor_that_fails_is_told(instance):
    add_night(instance, (NIGHT, TickStatus.FAILURE))
    thrice = [(NIGHT + n, TickStatus.FAILURE) for n in range(3)]
    add_state(instance, "inbox_sensor", InstigatorType.SENSOR, SensorInstigatorData(), thrice)
    assert bad(instance, NIGHT + 1) == {
        "the schedule nightly": "fails", "the sensor inbox_sensor": "fails",
    }  # fmt: skip


def test_a_sensor_that_failed_but_then_ran_or_failed_twice_is_not_told(instance):
    twice = [(NIGHT + n, TickStatus.FAILURE) for n in range(2)]
    again = [*twice, (NIGHT + 2, TickStatus.SKIPPED), (NIGHT + 3, TickStatus.FAILURE)]
    add_state(instance, "inbox_sensor", InstigatorType.SENSOR, SensorInstigatorData(), twice)
    add_state(instance, "watch", InstigatorType.SENSOR, SensorInstigatorData(), again)
    assert bad(instance, NIGHT + 4) == {}
