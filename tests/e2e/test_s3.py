"""The lake and the pages in buckets: the same bytes as on a disk, from any machine.

A machine is a home of its own: it shares nothing with another one but the inbox, the buckets, and
PostgreSQL, which keeps the locks.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest

from pipeline.explain import explain
from pipeline.lake.s3 import S3Storage
from pipeline.lake.store import Store
from pipeline.lookup import table
from pipeline.status import status
from tests.e2e.drops import tree, write_drop
from tests.e2e.processes import crsight, environment
from tests.s3_server import make_bucket
from tests.servers import postgres, s3

pytestmark = pytest.mark.process
SUBJECT = "ONE-2"


@pytest.fixture(scope="module")
def server():
    """What leads to an S3 with two buckets, and to a PostgreSQL."""
    with s3() as variables, postgres() as url:
        for name in ("lake", "pages"):
            make_bucket(variables["AWS_ENDPOINT_URL"], name)
        yield variables | {"CRSIGHT_POSTGRES": url.replace("postgresql:", "postgresql+psycopg2:")}


@pytest.fixture
def buckets(server, tmp_path, monkeypatch):
    """What leads to places of the test's own in both buckets."""
    for name, value in server.items():
        monkeypatch.setenv(name, value)
    return {
        **server,
        "CRSIGHT_LAKE": f"s3://lake/{tmp_path.name}/deep",
        "CRSIGHT_PUBLISHED": f"s3://pages/{tmp_path.name}",
    }


@pytest.fixture
def machine(sources, tmp_path, buckets):
    """The environment of a machine by its name, with the inbox that all share."""

    def of(name: str, **other: str) -> dict[str, str]:
        inbox = {"CRSIGHT_INBOX": str(tmp_path / "inbox")}
        return environment(sources, tmp_path / name, **{**buckets, **inbox, **other})

    return of


@pytest.fixture
def storage(buckets, tmp_path):
    return lambda setting: S3Storage(buckets[setting], tmp_path / "looked at", setting)


def at_once(*environments):
    """What `crsight run` says in several environments at the same time; all must end well."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", "run"], env=env, cwd=env["PYTHONPATH"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )
        for env in environments
    ]  # fmt: skip
    told = [process.communicate(timeout=600)[0] for process in running]
    assert [process.returncode for process in running] == [0] * len(running), told
    return told


def says(env, *arguments):
    done = crsight(env, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def held(files):
    """Name and hash of everything in a place."""
    return {
        entry.name: hashlib.sha256(files.read(entry.name)).hexdigest()
        for entry in files.entries("")
        if entry.name != "status.html"
    }


def on_disk(home):
    lake = tree(home / "lake")
    kept = {n: v for n, v in lake.items() if n.split("/")[0] in ("manifests", "objects", "states")}
    return kept, tree(home / "published", leave_out=("status.html",))


def unchanging(lake, pages):
    """Names, times and marks of all that a run in which nothing changed leaves alone."""
    return lake.entries(""), [e for e in pages.entries("") if e.name != "status.html"]


def test_buckets_hold_the_bytes_that_disks_hold_whichever_machine_is_at_work(
    env, machine, storage, tmp_path
):
    lake, pages = storage("CRSIGHT_LAKE"), storage("CRSIGHT_PUBLISHED")
    store, disk = Store(tmp_path / "looked at", lake), Store(tmp_path / "home" / "lake")
    for study in ("ONE", "TWO"):
        write_drop(tmp_path / "inbox", study)

    *_, told = at_once(env, machine("first"))
    assert f"reports: {pages.where('index.html')}" in told
    assert (held(lake), held(pages)) == on_disk(tmp_path / "home")
    assert pages.read("status.html").count(b"published") >= 2

    # Another machine, which has no copies: all is there, and nothing is to be done.
    before = unchanging(lake, pages)
    assert says(machine("second"), "run").count("nothing changed") == 2
    assert unchanging(lake, pages) == before
    assert says(machine("second"), "explain", SUBJECT) == "\n".join((*explain(disk, SUBJECT), ""))
    for question in (("grades", None), ("results", "ALL"), ("adsl", "ONE")):
        assert table(store, *question).equals(table(disk, *question))

    # A changed drop, both machines at once: one waits for the other, and one has published.
    write_drop(tmp_path / "inbox", "ONE", grade=3)
    _, *told = at_once(env, machine("first"), machine("second"))
    assert sum("ONE: waiting for another run" in text for text in told) == 1
    assert (store.numbers("ONE"), store.numbers("TWO")) == ([1, 2], [1])
    assert {state.state for state in store.states().values()} == {"published"}
    assert store.stagings() == {}
    assert held(pages) == on_disk(tmp_path / "home")[1]

    says(machine("first"), "withdraw", "ONE")
    assert pages.names("studies") == ["TWO"]
    assert [(row.study, row.state) for row in status(store)] == [
        ("ONE", "withdrawn"), ("TWO", "published"),
    ]  # fmt: skip


@pytest.mark.parametrize("setting", ["CRSIGHT_LAKE", "CRSIGHT_PUBLISHED"])
def test_a_bucket_that_is_not_there_is_named_with_its_setting(machine, tmp_path, setting):
    write_drop(tmp_path / "inbox", "ONE")
    wrong = machine("first", **{setting: "s3://typing-error/x"})
    done = crsight(wrong, "run")
    assert f"{setting}=s3://typing-error/x: there is no such bucket" in done.stderr
    assert done.stdout == ""
    assert done.returncode == 2
