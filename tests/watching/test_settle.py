from __future__ import annotations

import os
import time

import pytest

from pipeline.lake.inbox import Drop
from pipeline.watching.settle import settled
from tests.assets.fakes import write_drop


@pytest.fixture
def drop(here, monkeypatch):
    monkeypatch.setenv("CRSIGHT_SETTLE_S", "60")
    return Drop("A", write_drop(here.inbox, "A"))


def test_a_drop_is_settled_a_minute_after_the_last_file_was_touched(drop):
    newest = (drop.path / "dm.csv").stat().st_ctime
    assert not settled(drop, newest + 59)
    assert settled(drop, newest + 61)


def test_a_copy_that_keeps_old_times_is_new_all_the_same(drop):
    for path in drop.path.iterdir():
        os.utime(path, (1, 1))
    assert not settled(drop, time.time())


def test_a_mark_of_completeness_needs_no_waiting(drop):
    (drop.path / "_SUCCESS").touch()
    assert settled(drop, 0)
