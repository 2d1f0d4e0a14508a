from __future__ import annotations

import json
import os
from dataclasses import replace
from time import monotonic

import dagster as dg
import pytest
from dagster._core.utils import make_new_run_id

from pipeline.assets.staleness import waiting
from pipeline.lake import drop_hashes
from pipeline.lake.drop_hashes import DropHashes
from pipeline.lake.fingerprint import drop_fingerprint
from pipeline.lake.inbox import Drop
from pipeline.lake.manifest import digest
from pipeline.lake.store import State
from pipeline.watching import sensors
from pipeline.watching.sensors import inbox_sensor, look
from pipeline.watching.stale import work_of
from tests.assets.fakes import write_drop
from tests.assets.test_over_studies import run_all_over_studies
from tests.assets.test_work import run_all


class Clock:
    now = 1000.0

    def time(self):
        return self.now

    monotonic = staticmethod(monotonic)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(sensors, "time", clock)
    monkeypatch.setenv("CRSIGHT_SETTLE_S", "60")
    return clock


class Watch:
    """The sensor with its cursor and its instance; runs are noted, not launched."""

    def __init__(self, place, instance):
        self.place, self.instance, self.cursor = place, instance, None

    def tick(self):
        with dg.build_sensor_context(
            instance=self.instance, cursor=self.cursor, resources={"place": self.place}
        ) as context:
            result = inbox_sensor(context)
        self.cursor = result.cursor
        return result.run_requests or []

    def launch(self, request, status):
        """Note a run as if it had been launched, and how it stands."""
        study = request.partition_key
        tags = {**request.tags, **({"dagster/partition": study} if study else {})}
        run = dg.DagsterRun(request.job_name, make_new_run_id(), tags=tags, status=status)
        self.instance.run_storage.add_run(run)


@pytest.fixture
def watch(here, clock):
    with dg.DagsterInstance.ephemeral() as instance:
        yield Watch(here, instance)


def asked(requests):
    return [request.partition_key or request.job_name for request in requests]


def settled(watch, clock):
    watch.tick()
    clock.now += 60
    return watch.tick()


@pytest.fixture
def hashes(tmp_path):
    return DropHashes(tmp_path / "hashes.json")


def test_a_drop_is_complete_when_it_stood_still(here, clock, hashes):
    drop = Drop("A", write_drop(here.inbox, "A"))
    first, files = look(None, drop, 0, hashes)
    assert files is None
    assert look(first, drop, 59, hashes) == (first, None)
    assert look(first, drop, 60, hashes) == (first, drop_fingerprint(drop.path))


def test_a_drop_that_still_grows_starts_again(here, clock, hashes):
    drop = Drop("A", write_drop(here.inbox, "A"))
    first, _ = look(None, drop, 0, hashes)
    (drop.path / "vs.csv").write_text("more")
    later, files = look(first, drop, 60, hashes)
    assert (later.since, files) == (60, None)


def test_a_touched_file_counts_as_movement(here, clock, hashes):
    drop = Drop("A", write_drop(here.inbox, "A"))
    first, _ = look(None, drop, 0, hashes)
    os.utime(drop.path / "dm.csv", (5, 5))
    assert look(first, drop, 60, hashes)[1] is None


def test_a_mark_of_completeness_needs_no_waiting(here, clock, hashes):
    drop = Drop("A", write_drop(here.inbox, "A"))
    (drop.path / "_SUCCESS").touch()
    assert look(None, drop, 0, hashes)[1] == drop_fingerprint(drop.path)


def test_a_complete_drop_that_loses_a_file_has_to_stand_still_again(here, clock, hashes):
    drop = Drop("A", write_drop(here.inbox, "A"))
    look(look(None, drop, 0, hashes)[0], drop, 60, hashes)
    (drop.path / "dm.csv").unlink()
    sight, files = look(None, drop, 90, hashes)
    assert (sight.since, files) == (90, None)


def test_what_there_is_no_time_to_read_is_read_at_the_next_tick(here, clock, hashes):
    drop = Drop("A", write_drop(here.inbox, "A"))
    first, _ = look(None, drop, 0, hashes)
    assert look(first, drop, 60, hashes, until=0) == (first, None)
    assert look(first, drop, 90, hashes) == (first, drop_fingerprint(drop.path))


def test_the_cursor_holds_only_drops_that_move(watch, here, clock, monkeypatch):
    write_drop(here.inbox, "A")
    watch.tick()
    assert set(json.loads(watch.cursor)) == {"A"}
    clock.now += 60
    monkeypatch.setattr(drop_hashes, "_COARSE_S", -1.0)  # the files are a moment old
    assert asked(watch.tick()) == ["A"]
    assert asked(watch.tick()) == ["A"]
    assert watch.cursor == "{}"


def test_a_new_study_is_run_once_it_stands_still(watch, here, clock):
    write_drop(here.inbox, "A")
    assert asked(watch.tick()) == ["over_studies"]  # the front page of an empty home
    clock.now += 60
    (request,) = watch.tick()
    assert (request.partition_key, request.job_name) == ("A", "study")
    assert request.tags["crsight/why.ingest"] == "new study"


def test_the_same_drop_has_the_same_run_key_and_another_drop_another(watch, here, clock):
    write_drop(here.inbox, "A")
    (first,) = settled(watch, clock)
    (again,) = watch.tick()
    assert first.run_key == again.run_key  # Dagster starts a run key once
    write_drop(here.inbox, "A", "S-9")
    (other,) = settled(watch, clock)
    assert other.run_key != first.run_key


def test_a_drop_that_comes_back_to_older_bytes_gets_a_new_run_key(watch, here, clock):
    write_drop(here.inbox, "A", "S-1")
    (first,) = settled(watch, clock)
    run_all(here)
    write_drop(here.inbox, "A", "S-2")
    run_all(here, run="r2")
    write_drop(here.inbox, "A", "S-1")
    (back,) = settled(watch, clock)
    assert back.run_key != first.run_key


def test_nothing_to_do_for_a_published_study(watch, here, clock):
    write_drop(here.inbox, "A")
    run_all(here)
    run_all_over_studies(here)
    assert settled(watch, clock) == []
    write_drop(here.inbox, "A")  # the same bytes, new times
    assert settled(watch, clock) == []


def test_only_the_stale_stages_are_asked_for(watch, here, clock):
    write_drop(here.inbox, "A")
    run_all(here)
    watch.place = replace(here, code={**here.code, "reports": "new"})
    (request,) = settled(watch, clock)
    assert [key.to_user_string() for key in request.asset_selection] == ["study_pages"]


def test_cohorts_follow_when_all_studies_are_through(watch, here, clock):
    write_drop(here.inbox, "A")
    run_all(here)
    (request,) = settled(watch, clock)
    assert request.job_name == "over_studies"
    watch.launch(request, dg.DagsterRunStatus.STARTED)
    with here.store.locks.hold("_cohorts"):
        assert watch.tick() == []


def test_cohorts_follow_a_withdrawal(watch, here, clock):
    write_drop(here.inbox, "A")
    run_all(here)
    run_all_over_studies(here)
    assert settled(watch, clock) == []
    here.store.withdraw("A")
    here.store.set_state(State("A", "withdrawn"))
    assert asked(watch.tick()) == ["over_studies"]


def test_a_study_under_way_is_not_asked_for_again(watch, here, clock):
    write_drop(here.inbox, "A")
    (request,) = settled(watch, clock)
    watch.launch(request, dg.DagsterRunStatus.STARTING)
    write_drop(here.inbox, "A", "S-2")
    assert "A" not in asked(settled(watch, clock))


def test_a_study_that_the_command_line_runs_is_left_alone(watch, here, clock):
    write_drop(here.inbox, "A")
    watch.tick()
    clock.now += 60
    with here.store.locks.hold("A"):
        assert "A" not in asked(watch.tick())
    assert asked(watch.tick()) == ["A"]


@pytest.mark.parametrize("ending", ["refused", "failed"])
def test_what_was_refused_or_failed_waits_for_another_drop_or_the_night(watch, here, clock, ending):
    drop = write_drop(here.inbox, "A")
    seen, code = digest(drop_fingerprint(drop)), digest(dict(here.code))
    here.store.set_state(State("A", ending, ("x",), seen, code))
    assert "A" not in asked(settled(watch, clock))
    write_drop(here.inbox, "A", "S-2")
    assert asked(settled(watch, clock)) == ["A"]


def test_a_run_that_died_without_a_word_gets_new_attempts_but_not_for_ever(watch, here, clock):
    write_drop(here.inbox, "A")
    (request,) = settled(watch, clock)
    keys = {request.run_key}
    for _ in range(2):
        watch.launch(request, dg.DagsterRunStatus.FAILURE)
        (request,) = watch.tick()
        keys.add(request.run_key)
    watch.launch(request, dg.DagsterRunStatus.FAILURE)
    assert "A" not in asked(watch.tick())
    assert len(keys) == 3


def test_a_run_taken_back_by_hand_is_not_asked_for_again(watch, here, clock):
    write_drop(here.inbox, "A")
    (request,) = settled(watch, clock)
    watch.launch(request, dg.DagsterRunStatus.CANCELED)
    assert "A" not in asked(watch.tick())
    write_drop(here.inbox, "A", "S-1 S-2 S-3")
    assert asked(settled(watch, clock)) == ["A"]


def test_a_bad_folder_name_is_recorded(watch, here, clock):
    (here.inbox / "my study").mkdir()
    watch.tick()
    assert here.store.state("my study").state == "refused"


def test_what_a_crash_left_of_a_published_study_is_tidied(watch, here, clock):
    write_drop(here.inbox, "A")
    run_all(here)
    here.store.set_state(State("A", "failed", ("x",)))
    settled(watch, clock)
    assert here.store.state("A") == State("A", "published")
    assert work_of(here, Drop("A", here.inbox / "A")).runs == []


def test_a_drop_that_cannot_be_read_at_a_tick_stops_nobody(watch, here, clock, monkeypatch):
    for study in ("A", "B"):
        (write_drop(here.inbox, study) / "_SUCCESS").touch()
    reads = sensors.look

    def look(before, drop, *more):
        if drop.study == "A":
            raise FileNotFoundError("gone while it was looked at")
        return reads(before, drop, *more)

    monkeypatch.setattr(sensors, "look", look)
    assert asked(watch.tick()) == ["B"]
    monkeypatch.undo()
    assert "A" in asked(watch.tick())


def test_the_sensor_notes_who_waits(watch, here, clock):
    write_drop(here.inbox, "A")
    settled(watch, clock)
    assert waiting(here)["A"].why == "new study"
    run_all(here)
    watch.tick()
    assert waiting(here) == {}
