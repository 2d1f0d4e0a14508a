from __future__ import annotations

import threading
from uuid import uuid4

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy import Engine, event

from pipeline.lake.home import Home
from tests.e2e.processes import wait_until

KEYS = [dg.AssetKey(name) for name in ("a", "b", "c")]


@dg.multi_asset(
    specs=[dg.AssetSpec(key) for key in KEYS],
    check_specs=[dg.AssetCheckSpec("sound", asset=key) for key in KEYS],
)
def three():
    for key in KEYS:
        yield dg.AssetCheckResult(passed=True, asset_key=key)
        yield dg.MaterializeResult(key)


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("DAGSTER_HOME", "CRSIGHT_POSTGRES", "CRSIGHT_BROKER", "CRSIGHT_RUNS"):
        monkeypatch.delenv(name, raising=False)
    return Home(tmp_path / "home")


@pytest.fixture
def opened():
    """Files of the databases that were opened, in turn."""
    files: list[str] = []

    def note(connection, _record):
        files.append(connection.execute("pragma database_list").fetchall()[0][2])

    event.listen(Engine, "connect", note)
    yield files
    event.remove(Engine, "connect", note)


def instance_of(home):
    return dg.DagsterInstance.from_config(str(home.prepare()))


def run(instance):
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    return dg.materialize([three], instance=instance, run_config=quiet)


def test_the_index_is_opened_once_and_every_other_file_as_dagster_does(home, opened):
    with instance_of(home) as instance:
        run(instance)  # tables are looked for until they are known
        opened.clear()
        made = run(instance)
    index = [f for f in opened if f.endswith("/index.db")]
    assert len(index) <= 1
    own = [f for f in opened if f.endswith(f"/{made.run_id}.db")]
    assert len(own) > 3 * len(KEYS)  # the UI sees by their change that a run goes on


def test_who_watches_a_run_as_the_ui_does_is_told_while_it_goes_on(home):
    run_id, seen = str(uuid4()), []
    job = dg.Definitions(assets=[three]).resolve_implicit_global_asset_job_def()
    with instance_of(home) as ui, instance_of(home) as instance:
        run(instance)  # another run is nobody's news
        ui.watch_event_logs(run_id, None, lambda entry, _cursor: seen.append(entry))
        job.execute_in_process(instance=instance, run_id=run_id)
        wait_until(lambda: len(seen) == len(ui.all_logs(run_id)), seconds=20)
    assert {entry.run_id for entry in seen} == {run_id}
    assert seen[-1].dagster_event.event_type is dg.DagsterEventType.RUN_SUCCESS


def test_what_it_writes_is_what_dagster_reads(home):
    with instance_of(home) as instance:
        made = run(instance)
    folder = home.dagster / "history" / "runs"
    assert not (folder / "index.db-wal").exists()  # closed, nothing left to write back
    plain = SqliteEventLogStorage(str(folder))
    (record,) = plain.get_asset_records([KEYS[0]])
    assert record.asset_entry.last_run_id == made.run_id
    assert set(plain.all_asset_keys()) == set(KEYS)
    assert len(plain.get_logs_for_run(made.run_id)) > 4 * len(KEYS)


def test_a_home_that_was_moved_goes_on_with_its_history(home, tmp_path):
    with instance_of(home) as instance:
        made = run(instance)
    moved = Home(home.root.rename(tmp_path / "moved"))
    with instance_of(moved) as instance:
        assert instance.get_latest_materialization_event(KEYS[0]).run_id == made.run_id
        run(instance)
        assert len(instance.get_runs()) == 2
    assert not home.root.exists()


def test_a_home_made_before_goes_on_with_its_history(home):
    config = home.prepare() / "dagster.yaml"
    ours = config.read_text()
    config.write_text("telemetry: {enabled: false}\n")
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        assert type(instance.event_log_storage).__name__ != "OpenIndexEventLog"
        made = run(instance)
    config.write_text(ours)
    with instance_of(home) as instance:
        assert type(instance.event_log_storage).__name__ == "OpenIndexEventLog"
        assert instance.get_latest_materialization_event(KEYS[0]).run_id == made.run_id


def test_two_instances_and_many_threads_write_side_by_side(home):
    with instance_of(home) as one, instance_of(home) as other:
        failed: list[BaseException] = []

        def work(instance):
            try:
                for i in range(10):
                    instance.add_dynamic_partitions("study", [f"{threading.get_ident()}-{i}"])
                    assert instance.has_dynamic_partition("study", f"{threading.get_ident()}-{i}")
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=work, args=(i,)) for i in (one, other) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed
        assert len(one.get_dynamic_partitions("study")) == 60
        assert len(other.get_dynamic_partitions("study")) == 60


def test_a_write_that_fails_leaves_nothing_behind(home):
    added = "insert into dynamic_partitions (partitions_def_name, partition) values ('study', 'X')"
    with instance_of(home) as instance:

        def fail_on_the_way():
            with instance.event_log_storage.index_connection() as connection:
                connection.exec_driver_sql(added)
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail_on_the_way()
        assert not instance.has_dynamic_partition("study", "X")
        instance.add_dynamic_partitions("study", ["X"])
        assert instance.has_dynamic_partition("study", "X")
