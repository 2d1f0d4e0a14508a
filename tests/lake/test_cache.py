from __future__ import annotations

import hashlib
import os

import pytest

from pipeline.lake.cache import Cache, limit_from_env


def named(data: bytes) -> str:
    return f"objects/t/{hashlib.sha256(data).hexdigest()}.parquet"


def test_a_copy_is_made_of_parts_and_found(tmp_path):
    cache = Cache(tmp_path)
    assert cache.find(named(b"onetwo")) is None
    made = cache.add(named(b"onetwo"), [b"one", b"two"])
    assert made.read_bytes() == b"onetwo"
    assert cache.find(named(b"onetwo")) == made


def test_bytes_that_are_not_the_objects_are_no_copy(tmp_path):
    cache = Cache(tmp_path)
    with pytest.raises(OSError, match="was changed"):
        cache.add(named(b"right"), [b"wrong"])
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_those_not_used_for_longest_make_room_and_those_in_use_stay(tmp_path):
    cache = Cache(tmp_path, limit=25)
    old, older, used = (cache.add(named(data), [data]) for data in (b"a" * 10, b"b" * 10, b"c"))
    left = tmp_path / "objects" / "t" / ".tmp-left"
    left.write_bytes(b"")
    for age, path in enumerate((old, older, left), 1):
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    new = cache.add(named(b"d" * 10), [b"d" * 10])
    assert [p.exists() for p in (old, older, left, used, new)] == [True, False, False, True, True]


def test_one_that_is_asked_for_counts_as_used(tmp_path):
    cache = Cache(tmp_path, limit=5)
    path = cache.add(named(b"a" * 10), [b"a" * 10])
    os.utime(path, (1, 1))
    assert cache.find(named(b"a" * 10)) == path
    cache.add(named(b"b" * 10), [b"b" * 10])
    assert path.exists()


def test_the_limit_is_a_setting(monkeypatch):
    assert limit_from_env() == 20_000_000_000
    monkeypatch.setenv("CRSIGHT_CACHE_GB", "0.5")
    assert limit_from_env() == 500_000_000
