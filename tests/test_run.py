from __future__ import annotations

from dataclasses import replace

import dagster as dg
import pytest

from pipeline.lake.store import State
from pipeline.run import UnknownStudyError, dagster_instance, plan_inbox, run_inbox, withdraw
from tests.assets.fakes import CODE, write_drop
from tests.assets.test_over_studies import run_all_over_studies
from tests.assets.test_work import run_all


def endings(summary):
    return {result.study: result.ending for result in summary.studies}


def page(here, path):
    return (here.home.published / path).read_text()


@pytest.fixture
def two(here, memory):
    """Two published studies, made without Dagster, which costs seconds."""
    write_drop(here.inbox, "A", "S-1 S-2")
    write_drop(here.inbox, "B", "S-3")
    for study in ("A", "B"):
        run_all(here, study)
    run_all_over_studies(here)
    here.stages.calls.clear()
    return here


def test_a_new_inbox_is_published_and_its_good_end_told(here, memory):
    write_drop(here.inbox, "A", "S-1 S-2")
    summary = run_inbox(here)
    assert (endings(summary), summary.good) == ({"A": "published"}, True)
    assert summary.cohorts.ending == "published"
    assert page(here, "studies/A/index.html") == "2 subjects"
    assert page(here, "index.html") == "ready: A; missing: []"


def test_studies_cohorts_and_front_page_are_published(two):
    assert page(two, "studies/A/index.html") == "2 subjects"
    assert page(two, "index.html") == "ready: A B; missing: []"
    assert page(two, "cohorts/index.html") == "ready: A B; missing: []"
    assert page(two, "status.html") == "A published \nB published "


def test_a_second_run_executes_no_step(two, memory):
    before = memory.get_runs_count()
    summary = run_inbox(two)
    assert endings(summary) == {"A": "unchanged", "B": "unchanged"}
    assert (summary.good, summary.cohorts.ending) == (True, "unchanged")
    assert two.stages.calls == []
    assert memory.get_runs_count() == before


def test_runs_are_in_the_home_of_dagster_with_reasons_and_partitions(here):
    write_drop(here.inbox, "A")
    run_inbox(here)
    with dagster_instance(here) as instance:
        runs = instance.get_runs()
        assert {run.status for run in runs} == {dg.DagsterRunStatus.SUCCESS}
        (run,) = [r for r in runs if r.tags.get("dagster/partition") == "A"]
        assert run.tags["crsight/why.ingest"] == "new study"
        assert instance.get_dynamic_partitions("study") == ["A"]
        assert instance.get_materialized_partitions(dg.AssetKey("grades")) == {"A"}
        event = instance.get_latest_materialization_event(dg.AssetKey("adsl"))
        tags = event.asset_materialization.tags
        assert tags["dagster/data_version"] == here.store.current("A").tables["adsl"]


def test_a_changed_drop_runs_that_study_and_the_cohorts_only(two):
    write_drop(two.inbox, "A", "S-1")
    assert endings(run_inbox(two)) == {"A": "published", "B": "unchanged"}
    assert two.stages.calls == [
        *("A ingest", "A subjects", "A crs", "A stats", "A queries"), "A+B cohorts",
    ]  # fmt: skip
    assert page(two, "studies/A/index.html") == "1 subjects"


def test_a_drop_rewritten_with_the_same_bytes_is_unchanged(two):
    write_drop(two.inbox, "A", "S-1 S-2")
    assert endings(run_inbox(two))["A"] == "unchanged"


def test_changed_report_code_runs_the_reports_only(two):
    newer = replace(two, code={**CODE, "reports": "new"})
    assert endings(run_inbox(newer)) == {"A": "published", "B": "published"}
    assert two.stages.calls == []


def test_a_failed_study_keeps_its_last_good_pages_and_stops_nobody(two):
    write_drop(two.inbox, "A", "S-1")
    write_drop(two.inbox, "B", "S-3 S-4")
    two.stages.crs = lambda tables, study: (
        1 / 0 if study.study == "A" else type(two.stages).crs(two.stages, tables, study)
    )
    summary = run_inbox(two)
    assert endings(summary) == {"A": "failed", "B": "published"}
    assert summary.studies[0].problems == ("stage crs: ZeroDivisionError", "division by zero")
    assert not summary.good
    assert page(two, "studies/A/index.html") == "2 subjects"
    assert page(two, "studies/B/index.html") == "2 subjects"
    assert page(two, "index.html") == "ready: A B; missing: [('A', 'failed')]"
    assert page(two, "status.html").startswith("A failed stage crs")


def test_a_failed_check_publishes_nothing_of_the_study(two):
    write_drop(two.inbox, "A", "S-1")
    two.stages.spoil.add("crs")
    summary = run_inbox(two, "A")
    assert summary.studies[0].problems == (
        "stage crs: a check failed",
        "evidence: 1 derived grades of 1 or more have no deciding row",
    )
    assert two.store.current("A").number == 1


def test_a_refused_study_is_named_with_the_rule_and_tried_again_when_asked(two):
    (two.inbox / "A" / "study.yaml").write_text("study: A\ntitel: x\n")
    summary = run_inbox(two)
    assert endings(summary) == {"A": "refused", "B": "unchanged"}
    assert "study.yaml: titel: unknown key; did you mean 'title'?" in summary.studies[0].problems
    assert page(two, "studies/A/index.html") == "2 subjects"
    assert endings(run_inbox(two))["A"] == "refused"


def test_the_good_drop_again_brings_a_failed_study_back_without_a_run(two):
    write_drop(two.inbox, "A", "S-1")
    two.stages.fail["ingest"] = ValueError("broken")
    run_inbox(two)
    two.stages.fail.clear()
    write_drop(two.inbox, "A", "S-1 S-2")
    assert endings(run_inbox(two))["A"] == "unchanged"
    assert two.store.state("A") == State("A", "published")
    assert page(two, "index.html") == "ready: A B; missing: []"


def test_a_folder_with_a_bad_name_is_refused_and_named_on_the_front_page(two):
    (two.inbox / "my study").mkdir()
    summary = run_inbox(two)
    assert endings(summary)["my study"] == "refused"
    assert "('my study', 'refused')" in page(two, "index.html")


def test_errors_of_the_file_system_are_tried_again(here, memory):
    write_drop(here.inbox, "A")
    ingest, left = here.stages.ingest, [OSError("disk away")]

    def once_away(*args):
        if left:
            raise left.pop()
        return ingest(*args)

    here.stages.ingest = once_away
    assert endings(run_inbox(here)) == {"A": "published"}


def test_a_withdrawn_study_leaves_all_pages_and_stays_out_until_asked_for(two):
    withdraw(two, "A")
    assert not (two.home.published / "studies" / "A").exists()
    assert page(two, "index.html") == "ready: B; missing: [('A', 'withdrawn')]"
    assert endings(run_inbox(two)) == {"A": "withdrawn", "B": "unchanged"}
    assert endings(run_inbox(two, "A")) == {"A": "published"}
    assert page(two, "index.html") == "ready: A B; missing: []"


def test_withdrawing_an_unknown_study(here):
    with pytest.raises(KeyError):
        withdraw(here, "A")


def test_force_computes_everything_and_publishes_the_same(two):
    before = two.store.current("A")
    run_inbox(two, "A", force=True)
    assert two.stages.calls[:4] == ["A ingest", "A subjects", "A crs", "A stats"]
    assert two.store.current("A") == before


def test_lost_pages_are_put_back_by_a_run_in_which_nothing_changed(two):
    (two.home.published / "index.html").unlink()
    (two.home.published / "studies/A/index.html").write_text("torn")
    run_inbox(two)
    assert page(two, "studies/A/index.html") == "2 subjects"
    assert page(two, "index.html") == "ready: A B; missing: []"


def test_a_study_that_another_process_holds_fails_clearly_and_loses_nothing(two, monkeypatch):
    monkeypatch.setenv("CRSIGHT_LOCK_WAIT_S", "0.2")
    write_drop(two.inbox, "A", "S-1")
    with two.store.locks.hold("A"):
        summary = run_inbox(two)
    assert endings(summary) == {"A": "failed", "B": "unchanged"}
    assert "A: another run is at work" in summary.studies[0].problems[0]
    assert two.store.state("A") == State("A", "published")


def test_progress_tells_study_stage_and_rows(here, memory):
    told = []
    write_drop(here.inbox, "A")
    run_inbox(replace(here, progress=lambda *line: told.append(line)))
    assert [line[:2] for line in told][:6] == [
        ("A", "ingest"), ("A", "subjects"), ("A", "crs"), ("A", "stats"), ("A", "queries"),
        ("A", "reports"),
    ]  # fmt: skip
    assert told[1][2].startswith("4 rows in 3 tables, ")


def test_the_plan_says_what_would_run_and_why(two):
    write_drop(two.inbox, "A", "S-1")
    write_drop(two.inbox, "C")
    (two.inbox / "no study").mkdir()
    plans = {study: (runs, idle) for study, runs, idle in plan_inbox(two)}
    assert plans["A"][0][0].reason == "dm.csv changed"
    assert plans["B"] == ([], "nothing changed")
    assert {run.reason for run in plans["C"][0]} == {"new study"}
    assert "a study is named by" in plans["no study"][1]
    assert two.stages.calls == []


def test_an_unknown_study(two):
    with pytest.raises(UnknownStudyError, match="no folder 'X'"):
        run_inbox(two, "X")
