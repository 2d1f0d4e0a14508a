"""A run that is killed loses nothing: what was published stays, the next run goes on."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time

import pytest

from pipeline.lake.manifest import inconsistencies
from pipeline.lake.store import Store
from pipeline.plan import STAGES
from tests.e2e.drops import tree, write_drop
from tests.e2e.processes import crsight, environment, kill, start, wait_until

pytestmark = pytest.mark.process
RUN = [sys.executable, "-m", "pipeline.cli", "run"]
# How often the last test kills a run; `make soak` sets it to hundreds.
KILLS = int(os.environ.get("CRSIGHT_SOAK_CRASHES", "2"))


def run(env):
    done = crsight(env, "run")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def result(home):
    """Everything that a run makes, apart from times, locks and Dagster's own storage."""
    published = tree(home / "published", leave_out=("status.html",))
    lake = tree(home / "lake" / "manifests") | tree(home / "lake" / "states")
    return published, lake, tree(home / "lake" / "objects")


def made_from_new_drop(staging):
    """Whether the second stage is done; the staging starts with what was published before."""
    if not staging.exists():
        return False
    stages = json.loads(staging.read_text())["stages"]
    new = stages["ingest"]["outputs"]["sdtm_ae"]
    return stages["subjects"]["inputs"]["sdtm_ae"] == new


@pytest.fixture(scope="module")
def first(sources, tmp_path_factory):
    """A folder with an inbox and a home in which its study is published."""
    folder = tmp_path_factory.mktemp("first")
    write_drop(folder / "inbox", "CRASH", grade=2)
    run(environment(sources, folder))
    return folder


@pytest.fixture
def published(first, env, tmp_path):
    """The same in a folder of the test's own, where another drop has arrived."""
    shutil.copytree(first, tmp_path, dirs_exist_ok=True)
    write_drop(tmp_path / "inbox", "CRASH", grade=3)
    return env


def test_killed_between_two_stages(published, tmp_path):
    home, other = tmp_path / "home", tmp_path / "other"
    shutil.copytree(home, other)
    before = result(home)
    staging = home / "lake" / "staging" / "CRASH.json"

    process = start(RUN, published, tmp_path / "log")
    wait_until(lambda: made_from_new_drop(staging), pause=0.002, log=tmp_path / "log")
    kill(process)

    pages, manifests, objects = result(home)
    assert (pages, manifests) == before[:2]
    assert before[2].items() <= objects.items()
    assert "stale" in crsight(published, "status").stdout

    told = run(published)
    assert "ingest       nothing new, taken from the record" in told
    assert "subjects     nothing new, taken from the record" in told
    run({**published, "CRSIGHT_HOME": str(other)})  # the same drop, not disturbed
    assert result(home) == result(other)
    assert result(home)[0] != before[0]
    assert "nothing changed" in run(published)


def test_killed_at_any_moment(published, tmp_path):
    """Seeded: at each kill everything that is published belongs to one sound manifest."""
    rng = random.Random(20261124)
    home = tmp_path / "home"
    store = Store(home / "lake")
    for kill_number in range(KILLS):
        write_drop(tmp_path / "inbox", "CRASH", grade=1 + kill_number % 4)
        process = start(RUN, published, tmp_path / "log")
        time.sleep(rng.uniform(2, 9))
        kill(process)
        manifest = store.current("CRASH")
        assert set(manifest.stages) == set(STAGES)
        assert inconsistencies(manifest) == []
        assert all(store.page(path, value) for path, value in manifest.pages.items())
        for path in home.joinpath("published").rglob("*.html"):
            assert path.read_bytes().rstrip().endswith(b"</html>"), path
    run(published)
    manifest = store.current("CRASH")
    for path, value in manifest.pages.items():
        assert (home / "published" / path).read_bytes() == store.page(path, value)
    assert "nothing changed" in run(published)


def test_interrupted_by_hand(env, tmp_path):
    """Ctrl-C ends a run with a word, and the next one goes on."""
    write_drop(tmp_path / "inbox", "CRASH")
    process = start(RUN, env, tmp_path / "log")
    wait_until(
        (tmp_path / "home" / "lake" / "staging" / "CRASH.json").exists,
        pause=0.002, log=tmp_path / "log",
    )  # fmt: skip
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    assert "stopped; the next run goes on from here" in (tmp_path / "log").read_text()
    assert "ingest       nothing new, taken from the record" in run(env)
