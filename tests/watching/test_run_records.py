from __future__ import annotations

import datetime as dt
import time

import dagster as dg
import pytest
from dagster._core.utils import make_new_run_id

from pipeline.assets.run_tags import made_by
from pipeline.watching.jobs import keys_of
from pipeline.watching.run_records import delete_run, old_runs
from tests.assets.fakes import write_drop
from tests.assets.test_work import run_all

DAY = 86400.0
SUCCESS, FAILURE = dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE


@pytest.fixture
def instance():
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def add(instance):
    """Note a run of so many days ago; runs have to be added oldest first."""

    def run(days, status=SUCCESS, stages=None, study="A", job="study", **tags):
        keys = frozenset(key for stage in stages or () for key in keys_of(stage)) or None
        where = {"dagster/partition": study} if study else {}
        run = dg.DagsterRun(
            job, make_new_run_id(), asset_selection=keys, tags={**where, **tags}, status=status
        )
        made = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
        instance.run_storage.add_historical_run(run, made)
        return run.run_id

    return run


def old(here, instance, days=90, without=frozenset()):
    return {run.run_id for run in old_runs(instance, here.store, time.time() - days * DAY, without)}


def test_failed_and_overtaken_runs_go_when_they_are_old(here, instance, add):
    failed, overtaken = add(200, FAILURE), add(150)
    add(100)  # the last whole one: the UI shows its rows
    add(80, FAILURE)
    assert old(here, instance) == {failed, overtaken}


def test_the_last_run_of_each_table_stays(here, instance, add):
    first = add(300)
    add(200)
    pages, later = add(150, stages=["reports"]), add(120, stages=["reports"])
    assert old(here, instance) == {first, pages}
    assert later


def test_a_run_whose_tables_were_all_made_again_goes(here, instance, add):
    stats = add(200, stages=["stats", "reports"])
    add(100)
    assert old(here, instance) == {stats}


def test_studies_and_what_is_made_over_them_are_apart(here, instance, add):
    add(200, study="A")
    add(200, study="B")
    over = add(200, study=None, job="over_studies")
    add(150, study=None, job="over_studies")
    assert old(here, instance) == {over}


def test_the_run_that_made_a_kept_version_stays(here, instance, add):
    write_drop(here.inbox, "A")
    run_all(here)
    kept = add(200, **made_by("A", 1))
    gone = add(150, **made_by("A", 7))
    add(100)
    assert old(here, instance) == {gone}
    assert old(here, instance, without=frozenset({"A 1"})) == {kept, gone}


def test_a_run_that_is_not_over_stays(here, instance, add):
    add(200, dg.DagsterRunStatus.STARTED)
    add(100)
    assert old(here, instance) == set()


def test_a_clean_up_run_goes_when_it_is_old(here, instance, add):
    gone = add(200, study=None, job="clean_up")
    assert old(here, instance) == {gone}


@dg.asset
def small(context) -> None:
    context.log.info("word")
    print("printed")  # noqa: T201


def test_a_deleted_run_leaves_no_file_behind(tmp_path):
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        run = dg.materialize([small], instance=instance).dagster_run
        delete_run(instance, run)
        assert instance.get_run_by_id(run.run_id) is None
        assert [p for p in tmp_path.rglob("*") if run.run_id in str(p)] == []
        assert instance.get_asset_keys() == [dg.AssetKey("small")]
