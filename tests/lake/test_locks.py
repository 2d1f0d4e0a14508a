from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from pipeline.lake.locks import BusyError, Locks


@pytest.fixture
def locks(tmp_path):
    return Locks(tmp_path / "locks")


def test_a_lock_is_held_inside_the_block_only(locks):
    assert not locks.held("A")
    with locks.hold("A"):
        assert locks.held("A")
        assert not locks.held("B")
    assert not locks.held("A")


def test_a_second_holder_is_refused_in_words_after_its_wait(locks):
    told = []
    again = locks.hold("A", wait_s=0.3, waiting=told.append)
    with locks.hold("A"), pytest.raises(BusyError, match=r"A: another run is at work"), again:
        pass
    assert len(told) == 1


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


def test_the_lock_of_a_killed_process_is_free(locks, tmp_path):
    hold = (
        "import sys, time; from pathlib import Path; from pipeline.lake.locks import Locks\n"
        "with Locks(Path(sys.argv[1])).hold('A'): print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path / "locks")], stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"held\n"
    assert locks.held("A")
    process.kill()
    process.communicate()
    with locks.hold("A", wait_s=5):
        pass
