from __future__ import annotations

import dagster as dg
import pytest

from pipeline.assets import staleness
from pipeline.assets.staleness import fresh, fresh_now, late
from pipeline.definitions import build
from pipeline.lake.inbox import Drop
from pipeline.watching import waiting
from pipeline.watching.stale import work_of
from pipeline.watching.waiting import note_waiting
from tests.assets.fakes import write_drop
from tests.assets.test_work import run_all

HOUR = 3600.0


class Clock:
    now = 1_000_000.0

    def time(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    for module in (staleness, waiting):
        monkeypatch.setattr(module, "time", clock)
    monkeypatch.setenv("CRSIGHT_STALE_H", "36")
    return clock


def work(here, study="A"):
    return work_of(here, Drop(study, here.inbox / study))


def test_late_is_more_than_36_hours(here, clock):
    write_drop(here.inbox, "A")
    note_waiting(here, [work(here)])
    assert late(here, clock.now + 36 * HOUR) == {}
    assert set(late(here, clock.now + 36 * HOUR + 1)) == {"A"}


def test_the_check_names_every_study_that_waits_too_long_and_since_when(here, clock):
    for study in ("A", "B", "C"):
        write_drop(here.inbox, study)
    run_all(here, "A")
    write_drop(here.inbox, "A", "S-9")
    run_all(here, "C")
    note_waiting(here, [work(here, study) for study in ("A", "B", "C")])
    said = fresh(here, clock.now + 40 * HOUR)
    assert not said.passed
    assert said.severity == dg.AssetCheckSeverity.WARN
    assert said.description == "These wait for too long: A, B"
    assert said.metadata["studies that wait"].value == 2
    head, _, a, b = said.metadata["since when"].value.splitlines()
    assert head == "| study | waits since | hours | why | last good version |"
    assert "| 40 | dm.csv changed | number 1, " in a
    assert "1970-01-12" in a
    assert b.endswith("| 40 | new study | none |")
    assert fresh(here, clock.now).passed


def test_within_a_run_the_answer_is_that_of_the_moment(here, clock):
    write_drop(here.inbox, "A")
    note_waiting(here, [work(here)])
    assert fresh_now(here).passed
    clock.now += 37 * HOUR
    assert fresh_now(here).description == "These wait for too long: A"


def test_a_run_over_studies_evaluates_the_check(here, memory):
    result = (
        build(here)
        .resolve_job_def("over_studies")
        .execute_in_process(
            instance=memory,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    )
    said = {c.check_name: c.passed for c in result.get_asset_check_evaluations()}
    assert said["every_study_is_fresh"]
