from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.lake.storage import LocalStorage


@pytest.fixture
def files(tmp_path):
    return LocalStorage(tmp_path)


def test_read_of_nothing_is_none(files):
    assert files.read("a/b.json") is None


def test_write_replaces_and_leaves_no_temporary_file(files, tmp_path):
    files.write("a/b.json", b"1")
    files.write("a/b.json", b"2")
    assert files.read("a/b.json") == b"2"
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["b.json"]


def test_create_fails_on_a_taken_name_and_keeps_what_is_there(files):
    assert files.create("a/1", b"first")
    assert not files.create("a/1", b"second")
    assert files.read("a/1") == b"first"
    assert files.names("a") == ["1"]


def test_create_by_many_at_once_succeeds_once(files):
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda i: files.create("n", str(i).encode()), range(8)))
    assert sum(won) == 1
    assert files.read("n") == str(won.index(True)).encode()


def test_names_are_sorted_without_temporary_files(files, tmp_path):
    files.write("f/b", b"")
    files.write("f/a", b"")
    (tmp_path / "f" / ".tmp-xyz").touch()
    assert files.names("f") == ["a", "b"]
    assert files.names("nowhere") == []


def test_delete_of_nothing_is_no_error(files):
    files.write("a", b"1")
    files.delete("a")
    files.delete("a")
    assert files.read("a") is None


def test_files_can_be_read_by_others(files):
    files.write("a", b"1")
    assert files.path("a").stat().st_mode & 0o777 == 0o644
