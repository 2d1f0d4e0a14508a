from __future__ import annotations

import re

from pipeline.assets.work import run_stage
from pipeline.lake.manifest import COHORTS, Staging
from pipeline.lake.store import State
from pipeline.status import status
from tests.assets.fakes import write_drop
from tests.assets.test_work import run_all


def test_an_empty_lake_has_no_rows(here):
    assert status(here.store) == []


def test_a_published_study(here):
    write_drop(here.inbox, "A")
    run_all(here)
    (row,) = status(here.store)
    assert (row.study, row.state, row.why) == ("A", "published", "")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d[+-]\d\d:\d\d", row.since)
    assert row.last_good == f"manifest 1, {row.since}"


def test_a_refused_study_says_why_and_keeps_its_last_good_manifest(here):
    write_drop(here.inbox, "A")
    run_all(here)
    here.store.set_state(State("A", "refused", ("dm.csv: missing", "ex.csv: missing")))
    (row,) = status(here.store)
    assert (row.state, row.why) == ("refused", "dm.csv: missing\nex.csv: missing")
    assert row.last_good.startswith("manifest 1")


def test_an_interrupted_study_is_stale_and_says_how_far_it_came(here):
    write_drop(here.inbox, "A")
    run_stage(here, "A", "ingest", "r1")
    (row,) = status(here.store)
    assert row.state == "stale"
    assert "made so far: ingest" in row.why
    here.store.stage("B", Staging("r", 0))
    assert "nothing made yet" in status(here.store)[1].why


def test_a_study_under_way_is_running(here):
    write_drop(here.inbox, "A")
    run_all(here)
    with here.store.locks.hold("A"):
        assert status(here.store)[0].state == "running"


def test_staging_left_by_a_crash_after_the_swap_is_not_stale(here):
    write_drop(here.inbox, "A")
    run_all(here)
    current = here.store.current("A")
    here.store.stage("A", Staging("r1", 0, current.drop, current.meta, current.stages))
    assert status(here.store)[0].state == "published"


def test_a_withdrawn_study_has_no_good_manifest(here):
    write_drop(here.inbox, "A")
    run_all(here)
    here.store.withdraw("A")
    here.store.set_state(State("A", "withdrawn"))
    (row,) = status(here.store)
    assert (row.state, row.last_good) == ("withdrawn", "")


def test_failed_pages_over_studies_are_told_at_the_end(here):
    write_drop(here.inbox, "Z")
    run_all(here, "Z")
    here.store.set_state(State(COHORTS, "failed", ("stage cohorts: ValueError",)))
    *_, row = status(here.store)
    assert (row.study, row.state, row.why) == ("all studies", "failed", "stage cohorts: ValueError")
    here.store.set_state(State(COHORTS, "published"))
    assert [row.study for row in status(here.store)] == ["Z"]


def test_a_stale_state_tells_its_own_reason(here):
    write_drop(here.inbox, "A")
    run_all(here)
    here.store.set_state(State("A", "stale", ("A: crs was made from another adsl",)))
    here.store.stage("A", Staging("r", 1))
    (row,) = status(here.store)
    assert (row.state, row.why) == ("stale", "A: crs was made from another adsl")
