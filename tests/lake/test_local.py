from __future__ import annotations

import os

import pytest

from pipeline.lake.local import LocalStorage


@pytest.fixture
def files(tmp_path):
    return LocalStorage(tmp_path)


def test_no_temporary_file_is_left_and_none_is_listed(files, tmp_path):
    files.write("a/b.json", b"1")
    assert files.create("a/c.json", b"1")
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == ["b.json", "c.json"]
    (tmp_path / "a" / ".tmp-xyz").touch()
    assert files.names("a") == ["b.json", "c.json"]
    assert [entry.name for entry in files.entries("a")] == ["a/b.json", "a/c.json"]


def test_files_can_be_read_by_others(files, tmp_path):
    files.write("a", b"1")
    (tmp_path / "made").write_bytes(b"2")
    files.take("b", tmp_path / "made")
    assert [files.path(name).stat().st_mode & 0o777 for name in "ab"] == [0o644, 0o644]


def test_an_object_in_place_is_not_written_again_but_its_time_is_new(files, tmp_path):
    files.keep("o", b"1")
    for again in (lambda: files.keep("o", b"1"), lambda: files.take("o", tmp_path / "made")):
        (tmp_path / "made").write_bytes(b"1")
        os.utime(files.path("o"), (1, 1))
        node = files.path("o").stat().st_ino
        again()
        assert files.path("o").stat().st_ino == node
        assert files.time("o") > 1
