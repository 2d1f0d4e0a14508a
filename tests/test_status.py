from __future__ import annotations

import re

from pipeline.assets.work import run_stage
from pipeline.lake.manifest import COHORTS, Staging
from pipeline.lake.store import State
from pipeline.lake.waiting import Waiting, note
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


def _noted(here, **entries):
    note(here.store.files, entries)
    return {row.study: row for row in status(here.store)}


def test_a_newer_drop_that_waits_is_told_beside_the_published_version(here):
    write_drop(here.inbox, "A")
    run_all(here)
    row = _noted(here, A=Waiting(1e9, "dm.csv changed", None, 1))["A"]
    assert (row.state, row.version) == ("published", 1)
    assert row.waits == "waits for its run: dm.csv changed"
    assert row.waits_since.startswith("2001-09-0")


def test_what_was_noted_before_this_version_is_over(here):
    write_drop(here.inbox, "A")
    run_all(here)
    assert _noted(here, A=Waiting(1e9, "new study", None, 0))["A"].waits == ""


def test_a_drop_that_is_still_copied_says_since_when(here):
    write_drop(here.inbox, "A")
    run_all(here)
    row = _noted(here, A=Waiting(1e9, "dm.csv changed", 2e9, 1))["A"]
    assert row.waits == (
        "its files are still being copied, or cannot be read; before that: dm.csv changed"
    )
    assert row.waits_since.startswith("2033-05-1")


def test_a_drop_that_was_never_run_is_there_too(here):
    row = _noted(here, N=Waiting(1e9, "new study", None, 0))["N"]
    assert (row.state, row.why, row.version) == ("new", "never run yet", 0)
    assert row.waits == "waits for its run: new study"


def test_a_refused_newer_drop_says_what_differs_from_the_report(here):
    write_drop(here.inbox, "A")
    run_all(here)
    here.store.set_state(State("A", "refused", ("dm.csv: broken",)))
    row = _noted(here, A=Waiting(1e9, "dm.csv changed", None, 1))["A"]
    assert (row.state, row.why, row.waits) == (
        "refused", "dm.csv: broken", "refused as it is: dm.csv changed",
    )  # fmt: skip


def test_a_run_under_way_says_since_when_and_keeps_the_version(here):
    write_drop(here.inbox, "A")
    run_all(here)
    with here.store.locks.hold("A"):
        row = _noted(here, A=Waiting(1e9, "dm.csv changed", None, 1))["A"]
    assert (row.state, row.version, row.waits) == ("running", 1, "")
    assert re.match(r"\d{4}-\d\d-\d\d ", row.since)
