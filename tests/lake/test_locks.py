"""What every kind of lock promises."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest

from pipeline.lake.locks import BusyError, LostLockError

HOLD = """\
import sys, time
from pathlib import Path
from pipeline.lake.file_locks import FileLocks
from pipeline.lake.postgres_locks import PostgresLocks
where = sys.argv[1]
locks = PostgresLocks(where) if "://" in where else FileLocks(Path(where))
for line in sys.stdin:
    with locks.hold("A", wait_s=30):
        print("held", flush=True)
        if line == "hold\\n":
            time.sleep(600)
"""


@pytest.fixture
def process(locks):
    """Another process that takes the lock for each line that it is told."""
    where = getattr(locks, "_url", None) or str(locks.folder)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, where],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        yield child
        child.kill()


def tell(child, line):
    child.stdin.write(f"{line}\n")
    child.stdin.flush()


def test_a_lock_is_held_inside_the_block_only(locks):
    assert not locks.held("A")
    with locks.hold("A"):
        assert locks.held("A")
        assert not locks.held("B")
    assert not locks.held("A")


def test_it_is_free_after_an_error_too(locks):
    with pytest.raises(ZeroDivisionError), locks.hold("A"):
        raise ZeroDivisionError
    assert not locks.held("A")


def test_a_second_holder_is_refused_in_words_after_its_wait(locks):
    told = []
    again = locks.hold("A", wait_s=0.3, waiting=told.append)
    words = rf"A: another run is at work \(process {os.getpid()}\b.*\); try again later"
    with locks.hold("A"), pytest.raises(BusyError, match=words), again:
        pass
    assert len(told) == 1
    assert told[0].startswith(f"A: waiting for another run (process {os.getpid()}")


def test_wait_is_set_by_the_environment(locks, monkeypatch):
    monkeypatch.setenv("CRSIGHT_LOCK_WAIT_S", "0")
    with locks.hold("A"), pytest.raises(BusyError), locks.hold("A"):
        pass


def test_a_waiting_holder_gets_the_lock_when_it_is_free(locks):
    order = []

    def second():
        with locks.hold("A", wait_s=10):
            order.append("second")

    with locks.hold("A"):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.2)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_different_names_do_not_wait_for_each_other(locks):
    with locks.hold("A"), locks.hold("B", wait_s=0):
        assert locks.held("A")
        locks.confirm("A")
        locks.confirm("B")


def test_a_lock_that_was_never_taken_has_nothing_to_confirm(locks):
    locks.confirm("A")


def test_two_processes_exclude_each_other_and_one_that_is_killed_frees_its_lock(locks, process):
    with locks.hold("A"):
        tell(process, "hold")
        time.sleep(0.2)  # it comes, and waits
    assert process.stdout.readline() == "held\n"
    assert locks.held("A")
    with pytest.raises(BusyError, match=f"process {process.pid}"), locks.hold("A", wait_s=0):
        pass
    process.kill()
    process.wait()
    with locks.hold("A", wait_s=5):
        locks.confirm("A")


def test_a_lock_that_goes_while_it_is_held_is_noticed_and_another_may_have_it(locks, lose):
    with locks.hold("A"):
        lose(locks)
        with pytest.raises(LostLockError, match="A: the lock was lost"):
            locks.confirm("A")
        with locks.hold("A", wait_s=0):
            locks.confirm("A")


@pytest.fixture
def lose():
    """Take the holders' locks away from under them."""

    def taken(locks):
        if hasattr(locks, "folder"):
            for file in locks.folder.iterdir():
                file.unlink()
            return
        import psycopg2

        ends = "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"
        with psycopg2.connect(locks._url) as other, other.cursor() as cursor:
            cursor.execute(ends)
        other.close()
        while locks.held("A"):
            time.sleep(0.01)

    return taken
