"""Runs at once: of one study they take turns, different studies do not wait, nothing is torn."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time

import pytest

from pipeline.lake.manifest import inconsistencies
from pipeline.lake.store import Store
from tests.e2e.drops import write_drop
from tests.e2e.processes import crsight, kill, start, stop

pytestmark = pytest.mark.process


def at_once(env, *arguments):
    """Output of several `crsight run` at once, with their own arguments."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", "run", *own], env=env, cwd=env["PYTHONPATH"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )
        for own in arguments
    ]  # fmt: skip
    try:
        told = [process.communicate(timeout=300)[0] for process in processes]
    finally:
        for process in processes:
            kill(process)
    assert {process.returncode for process in processes} == {0}, told
    return told


def sound(home):
    """See that every object is what its name says and every page what its manifest says."""
    store = Store(home / "lake")
    for path in (home / "lake" / "objects").rglob("*.*"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem, path
    for study in (*store.studies(), "_cohorts"):
        manifest = store.current(study)
        assert inconsistencies(manifest) == []
        assert store.has({**manifest.tables, **manifest.pages})
        for path, value in manifest.pages.items():
            page = (home / "published" / path).read_bytes()
            assert hashlib.sha256(page).hexdigest() == value, path


def test_two_runs_of_the_same_study_publish_it_once(env, tmp_path):
    write_drop(tmp_path / "inbox", "SAME")
    told = at_once(env, [], [])
    assert sum("CRS" in text or "crs" in text for text in told) >= 1
    store = Store(tmp_path / "home" / "lake")
    assert store.numbers("SAME") == [1]
    assert store.state("SAME").state == "published"
    assert store.staging("SAME") is None
    assert (tmp_path / "home" / "published" / "studies" / "SAME" / "index.html").exists()


def test_four_runs_of_different_studies_publish_them_all(env, tmp_path):
    studies = ["ONE", "TWO", "THREE", "FOUR"]
    for study in studies:
        write_drop(tmp_path / "inbox", study)
    told = at_once(env, *(["--study", study] for study in studies))
    store = Store(tmp_path / "home" / "lake")
    assert {study: store.numbers(study) for study in store.ready()} == {s: [1] for s in studies}
    # Whichever came last saw them all.
    assert set(store.current("_cohorts").meta["manifests"]) == set(studies)
    assert "locked" not in "".join(told)
    sound(tmp_path / "home")


HAMMER = """
import sys, time
from pathlib import Path
from pipeline.lake.clean_up import Rule, clean_lake
from pipeline.lake.store import Store
lake = Path(sys.argv[1])
store = Store(lake)
while not (lake / "staging" / "AGAIN.json").exists():
    time.sleep(0.01)
while True:
    for gone in clean_lake(store, Rule(versions=1, days=0, grace_h=24), time.time()):
        print(gone.kind, gone.name, flush=True)
"""


def test_a_run_that_needs_old_objects_again_loses_none_to_a_clean_up(env, tmp_path):
    """It comes back to the bytes of a version that goes while it runs."""
    home = tmp_path / "home"
    for grade in (1, 3):
        write_drop(tmp_path / "inbox", "AGAIN", grade)
        assert crsight(env, "run").returncode == 0
    old = time.time() - 200 * 86400
    for path in (home / "lake").rglob("*.*"):
        os.utime(path, (old, old))
    write_drop(tmp_path / "inbox", "AGAIN", 1)
    log = tmp_path / "log"
    cleaner = start([sys.executable, "-c", HAMMER, str(home / "lake")], env, log)
    try:
        done = crsight(env, "run")
    finally:
        stop(cleaner)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "version AGAIN 1" in log.read_text()
    assert "object" in log.read_text()
    store = Store(home / "lake")
    assert store.numbers("AGAIN")[-1] == 3
    sound(home)
