from __future__ import annotations

import pytest

from pipeline.lake.file_locks import FileLocks
from pipeline.lake.locks import BusyError


def test_asking_makes_no_file(tmp_path):
    assert not FileLocks(tmp_path / "locks").held("A")
    assert list(tmp_path.iterdir()) == []


def test_a_lock_file_from_elsewhere_without_a_name_is_busy_all_the_same(tmp_path):
    locks = FileLocks(tmp_path)
    with locks.hold("A"):
        (tmp_path / "A.lock").write_text("")
        with pytest.raises(BusyError, match="process unknown"), locks.hold("A", wait_s=0):
            pass
