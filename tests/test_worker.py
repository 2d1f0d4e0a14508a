from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pipeline.worker import main, prepare


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """That of a worker; what the worker adds to it goes with the test."""
    given = {
        **os.environ,
        "CRSIGHT_HOME": str(tmp_path / "home"),
        "CRSIGHT_INBOX": str(tmp_path / "inbox"),
        "CRSIGHT_POSTGRES": "postgresql+psycopg2://me@127.0.0.1:1/none",
        "CRSIGHT_BROKER": "memory://",
    }
    given.pop("DAGSTER_HOME", None)
    monkeypatch.setattr(os, "environ", given)
    (tmp_path / "inbox").mkdir()
    return given


def test_runs_inherit_where_things_are(environment, tmp_path):
    assert prepare(runs=2) == "memory://"
    assert environment["DAGSTER_HOME"] == str(tmp_path / "home" / "dagster")
    assert (tmp_path / "home" / "dagster" / "dagster.yaml").exists()
    assert "POLARS_MAX_THREADS" in environment


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CRSIGHT_BROKER", "", "where should runs come from"),
        ("CRSIGHT_POSTGRES", "", "CRSIGHT_BROKER needs CRSIGHT_POSTGRES"),
        ("CRSIGHT_INBOX", "/nowhere", "no inbox at /nowhere"),
    ],
)
def test_a_worker_without_what_it_needs_does_not_start(environment, capsys, name, value, said):
    environment[name] = value
    assert main([]) == 2
    assert said in capsys.readouterr().err


def test_nothing_with_threads_is_loaded_before_the_fork():
    """A fork takes polars' locks along without the threads that would free them."""
    loaded = "import sys, pipeline.worker; print({'polars', 'duckdb', 'pyarrow'} & {*sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )  # fmt: skip
    assert done.stdout.strip() == "set()"
