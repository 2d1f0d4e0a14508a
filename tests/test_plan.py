from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.lake.manifest import COHORTS, Manifest, StageRecord
from pipeline.plan import (
    COHORT_STAGES,
    MADE,
    OUTPUTS,
    STAGES,
    StageRun,
    code_of,
    inputs_of,
    plan,
    plan_cohorts,
)
from pipeline.schemas.sdtm import DOMAINS
from pipeline.schemas.tables import TABLES

DROP = {"study.yaml": "y", "dm.csv": "d", "ae.csv": "a"}
CODE = {stage: f"c-{stage}" for stage in STAGES}
RECORDS = {stage: StageRecord(CODE[stage], {}, {}) for stage in STAGES}
MANIFEST = Manifest("A", 1, 0, DROP, {}, RECORDS)


def runs(*pairs: tuple[str, str]) -> list[StageRun]:
    return [StageRun(*pair) for pair in pairs]


AFTER_INGEST = [
    ("subjects", "after ingest"), ("crs", "after subjects"), ("stats", "after crs"),
    ("queries", "after stats"), ("reports", "after queries"),
]  # fmt: skip


def test_nothing_changed():
    assert plan(DROP, CODE, MANIFEST) == []


def test_a_new_study_runs_all_stages():
    assert plan(DROP, CODE, None) == [StageRun(stage, "new study") for stage in STAGES]


@pytest.mark.parametrize(
    ("drop", "reason"),
    [
        ({**DROP, "dm.csv": "d2"}, "dm.csv changed"),
        ({**DROP, "vs.csv": "v"}, "vs.csv is new"),
        ({"study.yaml": "y", "dm.csv": "d"}, "ae.csv is gone"),
        ({"study.yaml": "y", "dm.csv": "e", "vs.xpt": "v"},
         "dm.csv changed; vs.xpt is new; ae.csv is gone"),
    ],
)  # fmt: skip
def test_a_changed_file_makes_ingest_and_what_follows_run(drop, reason):
    assert plan(drop, CODE, MANIFEST) == runs(("ingest", reason), *AFTER_INGEST)


def test_study_yaml_is_an_input_of_every_stage():
    changed = plan({**DROP, "study.yaml": "y2"}, CODE, MANIFEST)
    assert changed == [StageRun(stage, "study.yaml changed") for stage in STAGES]


@pytest.mark.parametrize("stage", STAGES)
def test_changed_code_makes_the_stage_and_what_follows_run(stage):
    got = plan(DROP, {**CODE, stage: "new"}, MANIFEST)
    assert [run.stage for run in got] == list(STAGES[STAGES.index(stage) :])
    assert got[0].reason == "code changed"
    assert all(run.reason.startswith("after ") for run in got[1:])


def test_force_runs_everything():
    got = plan(DROP, CODE, MANIFEST, force=True)
    assert got == [StageRun(stage, "forced") for stage in STAGES]


def test_a_withdrawn_study_would_run_everything():
    withdrawn = replace(MANIFEST, withdrawn=True, stages={})
    assert {run.reason for run in plan(DROP, CODE, withdrawn)} == {"was withdrawn"}


def test_a_stage_that_no_manifest_knew_runs():
    older = {stage: RECORDS[stage] for stage in STAGES if stage != "reports"}
    got = plan(DROP, CODE, replace(MANIFEST, stages=older))
    assert got == runs(("reports", "never made"))


def test_cohorts():
    used = {"A": "m1", "_states": "s"}
    records = {
        "cohorts": StageRecord("c-stats", {}, {}),
        "cohort_pages": StageRecord("c-reports", {}, {}),
        "index_pages": StageRecord(code_of("index_pages", CODE), {}, {}),
    }
    manifest = Manifest(COHORTS, 1, 0, used, {}, records)
    assert plan_cohorts(used, CODE, manifest) == []
    assert [run.reason for run in plan_cohorts(used, CODE, None)] == ["new"] * 3
    assert plan_cohorts({**used, "B": "m"}, CODE, manifest)[0].reason == "studies changed"
    got = plan_cohorts(used, {**CODE, "reports": "new"}, manifest)
    assert got[0].reason == "code of cohort_pages changed; code of index_pages changed"
    got = plan_cohorts(used, {**CODE, "crs": "new"}, manifest)  # shown on the methods page
    assert got[0].reason == "code of index_pages changed"
    assert [run.stage for run in plan_cohorts(used, CODE, manifest, force=True)] == list(
        COHORT_STAGES
    )


def test_the_stages_make_exactly_the_contract_tables():
    made = {table for stage in STAGES for table in OUTPUTS[stage]}
    assert made == {*TABLES, *(f"sdtm_{domain.lower()}" for domain in DOMAINS)}
    assert sum(len(tables) for tables in OUTPUTS.values()) == len(made)
    assert MADE["cohorts"] == ("cohort_results", "cohort_sets")


def test_inputs_are_what_was_made_before_remarks_for_queries_and_reports_only():
    assert inputs_of("ingest") == ()
    assert "quarantine" not in inputs_of("crs")
    assert {"sdtm_vs", "ledger", "adsl", "doses"} <= set(inputs_of("crs"))
    for stage in ("queries", "reports"):
        assert {"quarantine", "notes", "results"} <= set(inputs_of(stage))
    assert "queries" in inputs_of("reports")
