from __future__ import annotations

import dagster as dg
import pytest

from pipeline.assets.jobs import keys_of
from pipeline.assets.materialise import FORCE
from pipeline.definitions import build
from pipeline.lake.store import State
from pipeline.plan import MADE
from tests.assets.fakes import write_drop
from tests.assets.test_work import run_all


@pytest.fixture
def job(here, memory):
    """Runs stages of study A as Dagster does; errors come back as events."""

    def execute(*stages, tags=None):
        memory.add_dynamic_partitions("study", ["A"])
        return (
            build(here)
            .resolve_job_def("study")
            .execute_in_process(
                instance=memory,
                partition_key="A",
                asset_selection=[key for stage in stages for key in keys_of(stage)] or None,
                tags=tags or {},
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
                raise_on_error=False,
            )
        )

    return execute


def checks(result):
    found = result.get_asset_check_evaluations()
    return {check.check_name: (check.passed, check.description) for check in found}


def test_tables_come_with_hash_rows_and_columns_and_checks_with_their_sentence(here, job):
    write_drop(here.inbox, "A")
    result = job()
    assert result.success
    (adsl,) = [
        event.step_materialization_data.materialization
        for event in result.all_events
        if event.is_step_materialization and event.asset_key == dg.AssetKey("adsl")
    ]
    assert adsl.tags["dagster/data_version"] == here.store.current("A").tables["adsl"]
    assert adsl.metadata["dagster/row_count"].value == 2
    assert adsl.metadata["reused"].value is False
    assert adsl.partition == "A"
    assert checks(result)["adsl_schema"] == (
        True, "Columns, types, key, order and rules of Adsl hold.",
    )  # fmt: skip
    assert checks(result)["study_pages_filled"][0]


def test_a_failed_check_is_shown_and_nothing_behind_it_runs(here, job):
    write_drop(here.inbox, "A")
    here.stages.spoil.add("crs")
    result = job()
    assert not result.success
    passed, words = checks(result)["derived_grades_have_evidence"]
    assert (passed, words) == (False, "2 derived grades of 1 or more have no deciding row")
    made = {
        event.asset_key.to_user_string()
        for event in result.all_events
        if event.is_step_materialization
    }
    assert made == {*MADE["ingest"], *MADE["subjects"]}
    assert here.store.current("A") is None


def test_what_is_on_record_is_materialised_without_work(here, job):
    write_drop(here.inbox, "A")
    run_all(here)
    here.stages.calls.clear()
    result = job()
    assert result.success
    assert here.stages.calls == []
    assert checks(result)["adsl_schema"] == (
        True, "Taken from the record; held when it was made.",
    )  # fmt: skip


def test_a_tag_forces_the_work(here, job):
    write_drop(here.inbox, "A")
    run_all(here)
    here.stages.calls.clear()
    assert job("stats", tags={FORCE: "true"}).success
    assert here.stages.calls == ["A stats"]


def test_a_refusal_is_not_tried_again_and_names_the_problem(here, job):
    write_drop(here.inbox, "A")
    (here.inbox / "A" / "study.yaml").write_text("study: A")
    result = job()
    (failure,) = [e for e in result.all_events if e.is_step_failure]
    assert "title: Field required" in failure.step_failure_data.user_failure_data.description
    assert not [e for e in result.all_events if e.is_step_up_for_retry]
    state = here.store.state("A")
    assert state.state == "refused"
    assert state.drop
    assert state.code


def test_parts_that_do_not_belong_together_leave_the_study_stale(here, job):
    """Somebody materialises the first and the last stage alone in the UI."""
    write_drop(here.inbox, "A")
    run_all(here)
    write_drop(here.inbox, "A", "S-1")
    assert job("ingest").success
    assert not job("reports").success
    state = here.store.state("A")
    assert state.state == "stale"
    assert "subjects was made from another sdtm_dm" in state.reason
    assert here.store.current("A").number == 1
    assert job().success
    assert here.store.state("A") == State("A", "published")
