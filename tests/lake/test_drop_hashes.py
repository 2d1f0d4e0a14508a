from __future__ import annotations

import os

import pytest

from pipeline.lake import drop_hashes
from pipeline.lake.drop_hashes import DropHashes
from pipeline.lake.fingerprint import drop_fingerprint
from tests.assets.fakes import write_drop


class Later:
    """A clock by which no file changed a moment ago."""

    def time(self):
        return 4e9

    def monotonic(self):
        return 0.0


@pytest.fixture
def drop(tmp_path, monkeypatch):
    monkeypatch.setattr(drop_hashes, "time", Later())
    return write_drop(tmp_path / "inbox", "A")


@pytest.fixture
def reads(monkeypatch):
    """Names of files that are read."""
    names, real = [], drop_hashes.sha256_of

    def sha256_of(path):
        names.append(path.name)
        return real(path)

    monkeypatch.setattr(drop_hashes, "sha256_of", sha256_of)
    return names


def test_a_drop_that_looks_the_same_is_not_read_again_by_another_process_either(
    drop, reads, tmp_path
):
    first = DropHashes(tmp_path / "hashes.json")
    assert first.read(drop) == drop_fingerprint(drop)
    first.save([drop])
    reads.clear()
    second = DropHashes(tmp_path / "hashes.json")
    assert second.known(drop) == second.read(drop) == drop_fingerprint(drop)
    assert reads == []


def test_only_the_changed_file_is_read_although_its_time_was_set_back(drop, reads, tmp_path):
    hashes = DropHashes(tmp_path / "hashes.json")
    hashes.read(drop)
    reads.clear()
    before = (drop / "dm.csv").stat()
    (drop / "dm.csv").write_text("S-1 S-3")  # as many bytes
    os.utime(drop / "dm.csv", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert hashes.known(drop) is None
    assert hashes.read(drop) == drop_fingerprint(drop)
    assert reads == ["dm.csv"]


def test_a_drop_with_a_file_less_or_more_is_not_known(drop, tmp_path):
    hashes = DropHashes(tmp_path / "hashes.json")
    hashes.read(drop)
    (drop / "vs.csv").write_text("x")
    assert hashes.known(drop) is None
    hashes.read(drop)
    (drop / "vs.csv").unlink()
    assert hashes.known(drop) is None


def test_reading_that_was_broken_off_goes_on_from_there(drop, reads, tmp_path, monkeypatch):
    now = iter((0.0, 9.0))
    monkeypatch.setattr(drop_hashes.time, "monotonic", lambda: next(now), raising=False)
    hashes = DropHashes(tmp_path / "hashes.json")
    assert hashes.read(drop, until=5.0) is None
    assert reads == ["dm.csv"]
    (drop / "study.yaml").rename(tmp_path / "elsewhere")
    assert hashes.known(drop) is None  # what was read is not the whole drop
    (tmp_path / "elsewhere").rename(drop / "study.yaml")
    assert hashes.read(drop) == drop_fingerprint(drop)
    assert reads == ["dm.csv", "study.yaml"]


def test_a_file_that_changed_a_moment_ago_is_read_again(drop, tmp_path, monkeypatch):
    monkeypatch.undo()
    (drop / "dm.csv").write_text("S-1 S-3")
    hashes = DropHashes(tmp_path / "hashes.json")
    assert hashes.read(drop) == drop_fingerprint(drop)
    assert hashes.known(drop) is None


@pytest.mark.parametrize("bytes_", [b"", b"[1]", b'{"a": {}}', b"\xff"])
def test_a_file_that_is_not_ours_is_as_none(drop, tmp_path, bytes_):
    (tmp_path / "hashes.json").write_bytes(bytes_)
    assert DropHashes(tmp_path / "hashes.json").read(drop) == drop_fingerprint(drop)


def test_drops_that_are_no_more_are_forgotten(drop, tmp_path):
    hashes = DropHashes(tmp_path / "hashes.json")
    hashes.read(drop)
    hashes.save([drop])
    assert str(drop) in (tmp_path / "hashes.json").read_text()
    hashes.save([])
    assert (tmp_path / "hashes.json").read_text() == "{}"
