from __future__ import annotations

import time

import dagster as dg
import pytest

from pipeline.assets.run_tags import MANIFEST
from pipeline.definitions import build
from pipeline.lake.clean_up import Gone, Rule, RuleError
from pipeline.lake.state import State
from pipeline.watching.clean_up import clean, clean_up, summary
from tests.assets.fakes import write_drop
from tests.assets.test_materialise import job  # noqa: F401  a fixture

DAY = 86400.0


def test_a_run_is_kept_as_long_as_the_version_that_it_made(here, job, memory):  # noqa: F811
    for n in range(1, 4):
        write_drop(here.inbox, "A", f"S-{n}")
        assert job().success
    runs = {run.tags[MANIFEST]: run.run_id for run in memory.get_runs()}
    assert sorted(runs) == ["A 1", "A 2", "A 3"]
    rule, later = Rule(versions=2, days=90, runs_days=30), time.time() + 100 * DAY
    told = clean(here, memory, rule, later, dry_run=True)
    assert len(memory.get_runs()) == 3
    assert clean(here, memory, rule, later) == told
    assert [g.name for g in told if g.kind == "version"] == ["A 1"]
    assert [g.name for g in told if g.kind == "run record"] == [runs["A 1"]]
    assert {run.run_id for run in memory.get_runs()} == {runs["A 2"], runs["A 3"]}


def test_states_of_studies_that_left_before_they_were_published_go(here, memory):
    here.store.set_state(State("GONE", "failed", ("x",)))
    clean(here, memory, Rule(), time.time(), dry_run=True)
    assert set(here.store.states()) == {"GONE"}
    clean(here, memory, Rule(), time.time())
    assert here.store.states() == {}


def test_the_summary_counts_and_adds_up_by_kind():
    gone = [Gone("object", "a", 3), Gone("object", "b", 4), Gone("run record", "r")]
    assert summary(gone) == {"objects": "2, 7 bytes", "run records": "1"}
    assert summary([]) == {}


def test_the_job_cleans_the_home_and_tells_what_went(here, memory, monkeypatch):
    write_drop(here.inbox, "A")
    monkeypatch.setenv("CRSIGHT_CLEAN_GRACE_H", "0")
    here.store.put_page("x.html", b"nobody's page")
    result = build(here).resolve_job_def(clean_up.name).execute_in_process(instance=memory)
    assert result.success
    (output,) = [e for e in result.all_events if e.event_type == dg.DagsterEventType.STEP_OUTPUT]
    told = {k: v.value for k, v in output.event_specific_data.metadata.items()}
    assert told == {"objects": "1, 13 bytes"}


def test_a_setting_that_cannot_be_meant_fails_the_job(here, memory, monkeypatch):
    monkeypatch.setenv("CRSIGHT_KEEP_VERSIONS", "0")
    with pytest.raises(RuleError, match="CRSIGHT_KEEP_VERSIONS"):
        build(here).resolve_job_def(clean_up.name).execute_in_process(instance=memory)
