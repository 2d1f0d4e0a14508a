"""What every storage promises."""

from __future__ import annotations

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

DATA = b"bytes of an object"
HASH = hashlib.sha256(DATA).hexdigest()
OBJECT = f"objects/t/{HASH}.parquet"


def test_read_of_nothing_is_none(files):
    assert files.read("a/b.json") is None


def test_write_replaces(files):
    files.write("a/b.json", b"1")
    files.write("a/b.json", b"2")
    assert files.read("a/b.json") == b"2"
    assert files.names("a") == ["b.json"]


def test_create_fails_on_a_taken_name_and_keeps_what_is_there(files):
    assert files.create("a/1", b"first")
    assert not files.create("a/1", b"second")
    assert not files.create("a/1", b"first")
    assert files.read("a/1") == b"first"
    assert files.names("a") == ["1"]


def test_create_by_many_at_once_succeeds_once(files):
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda i: files.create("n", str(i).encode()), range(8)))
    assert sum(won) == 1
    assert files.read("n") == str(won.index(True)).encode()


def test_create_of_the_same_bytes_by_many_at_once_succeeds_once(files):
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: files.create("n", b"same"), range(8))) == 1


def test_an_object_is_kept_and_found_on_another_machine(files, machine):
    files.keep(OBJECT, DATA)
    files.keep(OBJECT, DATA)
    assert files.local(OBJECT).read_bytes() == DATA
    there = machine("there").local(OBJECT)
    assert there.read_bytes() == DATA
    assert there.suffix == ".parquet"


def test_a_file_is_taken_whether_or_not_it_is_there_already(files, machine, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).write_bytes(DATA)
        files.take(OBJECT, tmp_path / name)
        assert not (tmp_path / name).exists()
    assert files.local(OBJECT).read_bytes() == DATA
    assert machine("there").local(OBJECT).read_bytes() == DATA


def test_an_object_that_is_not_there(files):
    assert not files.has([OBJECT])
    with pytest.raises(FileNotFoundError):
        files.local(OBJECT).read_bytes()
    with pytest.raises(FileNotFoundError):
        files.time(OBJECT)


def test_has_asks_for_all_of_them_and_a_copy_does_not_count(files, machine):
    files.keep(OBJECT, DATA)
    files.write("b", b"1")
    assert files.has([OBJECT, "b"])
    assert not files.has([OBJECT, "c"])
    assert files.has([])
    machine("there").delete(OBJECT)
    assert not files.has([OBJECT])


def test_hashes_of_what_is_there(files):
    files.keep(OBJECT, DATA)
    files.write("a.html", b"1")
    found = files.sha256s([OBJECT, "a.html", "no.html"])
    assert found == {OBJECT: HASH, "a.html": hashlib.sha256(b"1").hexdigest()}


def test_names_are_those_directly_in_a_folder(files):
    for name in ("f/b", "f/a", "f/sub/c", "fg/x"):
        files.write(name, b"")
    assert files.names("f") == ["a", "b", "sub"]
    assert files.names("nowhere") == []


def test_entries_are_all_below_a_folder_with_size_and_time(files):
    before = time.time()
    for name, data in (("f/b", b"12"), ("f/a/z", b"1"), ("fg/x", b"")):
        files.write(name, data)
    found = files.entries("f")
    assert [(entry.name, entry.size) for entry in found] == [("f/a/z", 1), ("f/b", 2)]
    # A bucket's clock has whole seconds.
    assert all(before - 1.1 < entry.time < time.time() + 1.1 for entry in found)
    assert files.time("f/b") == found[1].time
    assert files.entries("nowhere") == []


def test_last_of_a_folder_and_of_each(files):
    for name in ("m/A/2", "m/A/1", "m/B/7"):
        files.write(name, b"1")
    assert files.last("m/A").name == "m/A/2"
    assert files.last("m/C") is None
    assert [entry.name for entry in files.last_of_each("m")] == ["m/A/2", "m/B/7"]


def test_delete_of_nothing_is_no_error(files):
    files.write("a", b"1")
    files.delete("a")
    files.delete("a")
    assert files.read("a") is None


def test_a_folder_whose_files_went_is_gone(files):
    files.write("s/A/deep/1", b"1")
    files.write("s/B/1", b"1")
    files.delete("s/A/deep/1")
    files.tidy("s/A")
    assert files.names("s") == ["B"]
    files.tidy("s/nowhere")


def test_a_place_in_words_holds_the_name(files):
    assert files.where("a/b").endswith("/a/b")
