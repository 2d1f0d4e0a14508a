"""Two runs at once: of one study they take turns, different studies do not wait."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pipeline.lake.store import Store
from tests.e2e.drops import write_drop

pytestmark = pytest.mark.process


def both(env, *arguments):
    """Output of two `crsight run` at once, with their own arguments."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", "run", *own], env=env, cwd=env["PYTHONPATH"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )
        for own in arguments
    ]  # fmt: skip
    told = [process.communicate(timeout=300)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], told
    return told


def test_two_runs_of_the_same_study_publish_it_once(env, tmp_path):
    write_drop(tmp_path / "inbox", "SAME")
    told = both(env, [], [])
    assert sum("CRS" in text or "crs" in text for text in told) >= 1
    store = Store(tmp_path / "home" / "lake")
    assert store.numbers("SAME") == [1]
    assert store.state("SAME").state == "published"
    assert store.staging("SAME") is None
    assert (tmp_path / "home" / "published" / "studies" / "SAME" / "index.html").exists()


def test_two_runs_of_different_studies_publish_both(env, tmp_path):
    for study in ("ONE", "TWO"):
        write_drop(tmp_path / "inbox", study)
    both(env, ["--study", "ONE"], ["--study", "TWO"])
    store = Store(tmp_path / "home" / "lake")
    assert set(store.ready()) == {"ONE", "TWO"}
    # Whichever came last saw both.
    assert set(store.current("_cohorts").meta["manifests"]) == {"ONE", "TWO"}
