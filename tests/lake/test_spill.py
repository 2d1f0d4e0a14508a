from __future__ import annotations

import pytest

from pipeline.lake.spill import spill
from pipeline.lake.store import Store


def test_a_folder_to_spill_into_is_empty_and_gone_afterwards(tmp_path):
    store = Store(tmp_path / "lake")
    left = tmp_path / "lake/spill/A/left_by_a_crash"
    left.mkdir(parents=True)
    with spill(store, "A") as folder:
        assert list(folder.iterdir()) == []
        (folder / "rows").touch()
    assert not folder.exists()


def test_it_is_gone_after_a_failure_too(tmp_path):
    store = Store(tmp_path / "lake")
    with pytest.raises(FileNotFoundError), spill(store, "A") as folder:
        (folder / "rows").read_bytes()
    assert not folder.exists()
