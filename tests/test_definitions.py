from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import dagster as dg
import yaml
from dagster._core.definitions.partitions.context import partition_loading_context

from pipeline.definitions import build, defs
from pipeline.plan import MADE, STAGES
from pipeline.watching.jobs import STUDY_KEYS
from pipeline.watching.schedules import nightly
from pipeline.watching.sensors import inbox_sensor
from tests.assets.fakes import write_drop

ROOT = Path(__file__).resolve().parents[1]
GRAPH = defs.resolve_asset_graph()
PAGES = {"study_pages", "cohort_pages", "index_pages"}


def test_every_table_is_an_asset_and_nothing_else_but_the_pages():
    tables = {table for made in MADE.values() for table in made}
    assert {key.to_user_string() for key in GRAPH.get_all_asset_keys()} == tables | PAGES


def test_groups_are_the_stages():
    groups = {GRAPH.get(key).group_name for key in GRAPH.get_all_asset_keys()}
    assert groups == set(STAGES)


def test_every_asset_says_what_a_row_is_who_owns_it_and_which_code_makes_it():
    for key in GRAPH.get_all_asset_keys():
        node = GRAPH.get(key)
        assert node.description, key
        assert node.owners == ["team:trial-safety"]
        assert len(node.code_version) == 12
        assert 1 <= len(node.kinds) <= 3
    assert GRAPH.get(dg.AssetKey("adtte")).description.startswith("One row: one subject")


def test_tables_show_their_columns_before_they_are_made():
    for key in GRAPH.get_all_asset_keys() - {dg.AssetKey(page) for page in PAGES}:
        columns = GRAPH.get(key).metadata["dagster/column_schema"].columns
        assert all(column.description for column in columns), key
    (day,) = [
        c
        for c in GRAPH.get(dg.AssetKey("doses")).metadata["dagster/column_schema"].columns
        if c.name == "EXSTDY"
    ]
    assert (day.type, day.description) == ("Int64", "Study day of the start")


def test_a_run_may_be_told_few_things_and_each_in_a_sentence():
    schema = defs.resolve_job_def("study").run_config_schema.config_type
    choices = schema.fields["resources"].config_type.fields["choices"].config_type
    fields = choices.fields["config"].config_type.fields
    assert set(fields) == {"force", "wait_s"}
    assert fields["force"].default_value is False
    assert all(len(field.description) > 40 for field in fields.values())


def test_assets_of_a_study_are_partitioned_those_over_studies_are_not():
    over = {"cohort_results", "cohort_sets", "cohort_pages", "index_pages"}
    for key in GRAPH.get_all_asset_keys():
        assert GRAPH.get(key).is_partitioned == (key.to_user_string() not in over)


def test_every_asset_has_blocking_checks():
    checks = GRAPH.asset_check_keys
    assert {check.asset_key for check in checks} == set(GRAPH.get_all_asset_keys())
    assert {check.name for check in checks if not GRAPH.get(check).blocking} == {
        "every_study_is_fresh"
    }


def test_lineage_runs_from_the_domains_to_the_front_page():
    def behind(name):
        parents = GRAPH.get(dg.AssetKey(name)).parent_keys
        return {key.to_user_string() for key in parents}

    assert {"sdtm_dm", "sdtm_ex"} <= behind("adsl")
    assert {"sdtm_vs", "adsl", "doses"} <= behind("findings")
    assert {"grades", "adsl"} <= behind("results")
    assert "results" in behind("study_pages")
    assert "study_pages" in behind("index_pages")


def test_schedules_and_sensors_are_on_from_the_start():
    repository = defs.get_repository_def()
    schedules = {s.name: s.default_status for s in repository.schedule_defs}
    sensors = {s.name: s.default_status for s in repository.sensor_defs}
    assert set(schedules) == {"nightly", "weekly_clean_up"}
    assert set(sensors) == {"inbox_sensor", "watch"}
    assert set(schedules.values()) == {dg.DefaultScheduleStatus.RUNNING}
    assert set(sensors.values()) == {dg.DefaultSensorStatus.RUNNING}


def test_a_run_of_a_study_has_no_step_but_its_stages():
    """A check with a step of its own would join every run that selects its asset."""
    part = defs.resolve_job_def("study").get_subset(asset_selection=frozenset(STUDY_KEYS))
    assert {node.name for node in part.nodes} == set(STAGES)


def test_everything_loads_as_the_code_server_loads_it():
    defs.get_repository_def().load_all_definitions()


def test_dagster_takes_what_schedule_and_sensor_ask_for(here):
    drop = write_drop(here.inbox, "A")
    (drop / "_SUCCESS").touch()
    repository = build(here).get_repository_def()
    with (
        dg.DagsterInstance.from_config(str(here.home.prepare())) as instance,
        partition_loading_context(dynamic_partitions_store=instance),
    ):
        at = {"instance": instance, "repository_def": repository, "resources": {"place": here}}
        time = dt.datetime(2026, 11, 24, 2, tzinfo=dt.UTC)
        with dg.build_schedule_context(**at, scheduled_execution_time=time) as context:
            asked = nightly.evaluate_tick(context).run_requests
        assert [request.partition_key for request in asked] == ["A", None]
        with dg.build_sensor_context(**at) as context:
            (asked,) = inbox_sensor.evaluate_tick(context).run_requests
        assert (asked.partition_key, asked.job_name) == ("A", "study")


def test_the_workspace_loads_the_definitions():
    (module,) = yaml.safe_load((ROOT / "dagster_workspace.yaml").read_text())["load_from"]
    assert module["python_module"] == {
        "module_name": "pipeline.definitions",
        "location_name": "crsight",
    }


def test_definitions_load_without_the_heavy_libraries():
    """What a step needs loads with the step; every process pays for definitions."""
    code = (
        "import sys, pipeline.definitions; "
        "print([m for m in ('lifelines', 'pandas', 'scipy', 'statsmodels', 'plotly', "
        "'great_tables', 'jinja2', 'duckdb', 'polars', 'numpy', 'pyarrow', 'dataframely', "
        "'sqlalchemy', 'psycopg2', 'obstore', 'celery') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
