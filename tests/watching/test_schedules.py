from __future__ import annotations

import dagster as dg
import pytest

from pipeline.assets.partitions import STUDIES
from pipeline.assets.staleness import waiting
from pipeline.lake.fingerprint import drop_fingerprint
from pipeline.lake.manifest import digest
from pipeline.lake.store import State
from pipeline.watching import schedules
from pipeline.watching.schedules import requests
from pipeline.watching.sensors import inbox_sensor
from tests.assets.fakes import write_drop
from tests.assets.test_over_studies import run_all_over_studies
from tests.assets.test_work import run_all


@pytest.fixture
def night(here, monkeypatch):
    """Runs that a night asks for, as (study or None, assets)."""
    monkeypatch.setenv("CRSIGHT_SETTLE_S", "0")

    def ask():
        with dg.DagsterInstance.ephemeral() as instance:
            runs = requests(instance, here, "2026-11-24T02:00")
            wanted = {r.partition_key for r in runs} - {None}
            assert wanted == set(instance.get_dynamic_partitions(str(STUDIES.name)))
            return [
                (r.partition_key, {k.to_user_string() for k in r.asset_selection}) for r in runs
            ]

    return ask


def test_a_new_study_runs_in_whole_and_the_cohorts_after_it(here, night):
    write_drop(here.inbox, "A")
    (study, assets), (none, over) = night()
    assert study == "A"
    assert {"sdtm_dm", "adsl", "grades", "results", "study_pages"} <= assets
    assert none is None
    assert over == {"cohort_results", "cohort_sets", "cohort_pages", "index_pages"}


def test_nothing_changed_nothing_runs(here, night):
    write_drop(here.inbox, "A")
    run_all(here)
    run_all_over_studies(here)
    assert night() == []


def test_only_the_stale_study_runs(here, night):
    for study in ("A", "B"):
        write_drop(here.inbox, study)
        run_all(here, study)
    write_drop(here.inbox, "B", "S-7")
    assert [study for study, _ in night()] == ["B", None]


def test_a_refused_drop_waits_until_it_changes_and_a_failed_one_is_tried_every_night(here, night):
    drop = write_drop(here.inbox, "A")
    seen, code = digest(drop_fingerprint(drop)), digest(dict(here.code))
    here.store.set_state(State("A", "refused", ("x",), seen, code))
    run_all_over_studies(here)
    assert night() == []
    here.store.set_state(State("A", "failed", ("x",), seen, code))
    assert night()[0][0] == "A"
    here.store.set_state(State("A", "refused", ("x",), seen, code))
    write_drop(here.inbox, "A", "S-8")
    assert night()[0][0] == "A"


def test_a_withdrawn_study_stays_out(here, night):
    write_drop(here.inbox, "A")
    run_all(here)
    here.store.withdraw("A")
    write_drop(here.inbox, "A", "S-5")
    assert [study for study, _ in night()] == [None]


def test_a_bad_folder_name_is_recorded_and_stops_nobody(here, night):
    (here.inbox / "my study").mkdir()
    write_drop(here.inbox, "A")
    assert night()[0][0] == "A"
    assert here.store.state("my study").state == "refused"


def test_a_drop_that_is_still_copied_waits_for_the_next_night(here, night, monkeypatch):
    write_drop(here.inbox, "A")
    monkeypatch.setenv("CRSIGHT_SETTLE_S", "60")
    assert [study for study, _ in night()] == [None]
    (here.inbox / "A" / "_SUCCESS").touch()
    assert [study for study, _ in night()] == ["A", None]


def test_a_study_under_way_is_not_asked_for_again(here, night):
    write_drop(here.inbox, "A")
    with here.store.locks.hold("A"):
        assert [study for study, _ in night()] == [None]


def test_a_drop_that_cannot_be_read_stops_nobody_and_is_recorded(here, night, monkeypatch):
    for study in ("A", "B"):
        write_drop(here.inbox, study)
    reads = schedules.work_of

    def work_of(place, drop, **kw):
        if drop.study == "A":
            raise PermissionError(f"{here.inbox}/A/dm.csv")
        return reads(place, drop, **kw)

    monkeypatch.setattr(schedules, "work_of", work_of)
    assert [study for study, _ in night()] == ["B", None]
    assert here.store.state("A").problems == ("a file of the drop cannot be read: PermissionError",)


def test_while_the_sensor_is_on_it_starts_the_run_over_studies(here, night, monkeypatch):
    write_drop(here.inbox, "A")
    monkeypatch.setattr(schedules, "at_work", lambda _, name: name == inbox_sensor.name)
    assert [study for study, _ in night()] == ["A"]


def test_the_night_notes_who_waits(here, night):
    write_drop(here.inbox, "A")
    night()
    assert waiting(here)["A"].why == "new study"
