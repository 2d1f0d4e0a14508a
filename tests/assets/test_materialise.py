from __future__ import annotations

import dagster as dg
import pytest

from pipeline.assets.choices import chosen
from pipeline.definitions import build
from pipeline.lake.store import State
from pipeline.plan import MADE
from pipeline.watching.jobs import keys_of
from tests.assets.fakes import write_drop
from tests.assets.test_work import run_all


@pytest.fixture
def job(here, memory):
    """Runs stages of study A as Dagster does; errors come back as events."""

    def execute(*stages, config=None):
        memory.add_dynamic_partitions("study", ["A"])
        return (
            build(here)
            .resolve_job_def("study")
            .execute_in_process(
                instance=memory,
                partition_key="A",
                asset_selection=[key for stage in stages for key in keys_of(stage)] or None,
                run_config={
                    "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                    **(config or {}),
                },
                raise_on_error=False,
            )
        )

    return execute


def materialised(result, asset):
    (found,) = [
        event.step_materialization_data.materialization
        for event in result.all_events
        if event.is_step_materialization and event.asset_key == dg.AssetKey(asset)
    ]
    return found


def checks(result):
    found = result.get_asset_check_evaluations()
    return {check.check_name: (check.passed, check.description) for check in found}


def test_tables_come_with_hash_rows_and_columns_and_checks_with_their_sentence(here, job):
    write_drop(here.inbox, "A")
    result = job()
    assert result.success
    adsl = materialised(result, "adsl")
    assert adsl.tags["dagster/data_version"] == here.store.current("A").tables["adsl"]
    assert adsl.metadata["dagster/row_count"].value == 2
    assert adsl.metadata["stage run time (s)"].value >= 0
    assert adsl.partition == "A"
    assert checks(result)["adsl_schema"] == (
        True,
        "adsl has the columns, types, key and order of its contract, and every row keeps its "
        "rules.",
    )  # fmt: skip
    assert checks(result)["study_pages_filled"][0]
    held = result.get_asset_check_evaluations()[0].metadata
    assert (held["study"].value, held["rows that break it"].value) == ("A", 0)


def test_a_failed_check_is_shown_and_nothing_behind_it_runs(here, job):
    write_drop(here.inbox, "A")
    here.stages.spoil.add("crs")
    result = job()
    assert not result.success
    passed, words = checks(result)["derived_grades_have_evidence"]
    assert (passed, words) == (False, "2 derived grades of 1 or more have no deciding row")
    (found,) = [c for c in result.get_asset_check_evaluations() if not c.passed]
    assert found.metadata["rows that break it"].value == 2
    # The study keeps its subjects back.
    assert found.metadata["places"].value == "- SYSTEM ASTCT2019, BASIS derived"
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
        True,
        "adsl has the columns, types, key and order of its contract, and every row keeps its "
        "rules. Taken from the record; it held when that was made.",
    )  # fmt: skip
    made = materialised(result, "adsl").metadata
    assert made["from the record"].value is True
    assert "stage run time (s)" not in made


def test_a_choice_of_the_launchpad_forces_the_work(here, job):
    write_drop(here.inbox, "A")
    run_all(here)
    here.stages.calls.clear()
    assert job("stats", config=chosen(force=True)).success
    assert here.stages.calls == ["A stats"]


def test_a_choice_says_how_long_to_wait_for_another_run(here, job):
    write_drop(here.inbox, "A")
    config = {"resources": {"choices": {"config": {"wait_s": 0}}}}
    with here.store.locks.hold("A"):
        result = job("ingest", config=config)
    assert not result.success
    assert here.stages.calls == []


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


def test_places_name_subjects_where_the_study_lets_them_be_shown(here, job):
    drop = write_drop(here.inbox, "A")
    with (drop / "study.yaml").open("a") as file:
        file.write("publish: {subject_level: true, min_cell: 0}\n")
    here.stages.spoil.add("crs")
    (found,) = [c for c in job().get_asset_check_evaluations() if not c.passed]
    assert found.metadata["places"].value.splitlines() == [
        "- USUBJID S-1, EPISEQ 1, SYSTEM ASTCT2019, BASIS derived",
        "- USUBJID S-2, EPISEQ 1, SYSTEM ASTCT2019, BASIS derived",
    ]


def test_pages_are_linked_where_they_are_served(here, job, monkeypatch):
    monkeypatch.setenv("CRSIGHT_REPORTS_URL", "http://reports.test/crs/")
    write_drop(here.inbox, "A")
    made = materialised(job(), "study_pages").metadata
    assert made["study report"] == dg.MetadataValue.url(
        "http://reports.test/crs/studies/A/index.html"
    )
    assert made["page count"].value == 2
