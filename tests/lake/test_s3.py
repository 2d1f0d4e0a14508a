"""What only a bucket does: lost answers, refusals in words, and how a browser is told of a page."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import subprocess
import sys
import urllib.request

import obstore
import pytest

from pipeline.lake import s3
from pipeline.lake.s3 import S3Storage
from pipeline.lake.storage import StorageSettingError, StorageUnreachableError
from tests.s3_server import next_answers
from tests.servers import free_port

pytestmark = pytest.mark.process


@pytest.fixture
def files(bucket, tmp_path):
    made = S3Storage(bucket, tmp_path / "cache", "CRSIGHT_LAKE")
    made.names("")
    return made


@pytest.fixture
def answers(s3_server):
    return lambda *faults: next_answers(s3_server["AWS_ENDPOINT_URL"], *faults)


def test_a_passing_error_is_tried_again(files, answers):
    answers(("PUT", 503, False), ("GET", 500, False))
    files.write("a", b"1")
    assert files.read("a") == b"1"


def test_a_create_that_arrived_though_its_answer_was_lost_is_ours(files, answers):
    answers(("PUT", 503, True))
    assert files.create("m/1", b"1")
    assert not files.create("m/1", b"1")


def test_a_create_without_any_answer_is_ours_if_it_is_there(files, answers, monkeypatch):
    monkeypatch.setattr(s3, "_RETRIES", {"max_retries": 0})
    once = S3Storage(files.url, files._cache.folder, "CRSIGHT_LAKE")
    once.names("")
    answers(("PUT", 503, True))
    assert once.create("m/1", b"1")
    answers(("PUT", 503, False))
    with pytest.raises(StorageUnreachableError):
        once.create("m/2", b"1")
    assert once.read("m/2") is None


CREATE = """\
import os, sys
from pathlib import Path
from pipeline.lake.s3 import S3Storage
files = S3Storage(sys.argv[1], Path(sys.argv[2]), "CRSIGHT_LAKE")
files.names("")
print("ready", flush=True)
sys.stdin.readline()
print([files.create(f"manifests/A/{n:08d}.json", str(os.getpid()).encode()) for n in range(20)])
"""


def test_of_several_processes_one_makes_the_manifest_of_a_number(files, tmp_path):
    command = [sys.executable, "-c", CREATE, files.url, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _ in range(3)]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 3
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    won = {p.pid: json.loads(p.communicate(timeout=60)[0].lower()) for p in processes}
    assert [sum(mine) for mine in zip(*won.values(), strict=True)] == [1] * 20
    winners = {pid: [n for n in range(20) if mine[n]] for pid, mine in won.items()}
    for pid, numbers in winners.items():
        for n in numbers:
            assert files.read(f"manifests/A/{n:08d}.json") == str(pid).encode()


@pytest.mark.parametrize("status", [401, 403])
def test_denied_access_names_the_setting_and_is_not_tried_again(files, answers, status):
    answers(("GET", status, False))
    with pytest.raises(StorageSettingError, match=r"CRSIGHT_LAKE=s3://lake/.*access is denied"):
        files.read("a")


def test_a_bucket_that_is_not_there_is_no_empty_lake(files, tmp_path):
    other = S3Storage("s3://typing-error/x", tmp_path, "CRSIGHT_PUBLISHED")
    with pytest.raises(StorageSettingError, match=r"CRSIGHT_PUBLISHED=.*no such bucket"):
        other.read("a")


def test_a_plain_endpoint_must_be_allowed(bucket, tmp_path, monkeypatch):
    monkeypatch.delenv("AWS_ALLOW_HTTP")
    with pytest.raises(StorageSettingError, match="AWS_ALLOW_HTTP=true allows"):
        S3Storage(bucket, tmp_path, "CRSIGHT_LAKE").read("a")


def test_a_server_that_does_not_answer_may_answer_later(bucket, tmp_path, monkeypatch):
    monkeypatch.setattr(s3, "_RETRIES", {"max_retries": 1})
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(StorageUnreachableError, match=r"CRSIGHT_LAKE=s3://lake/\S+: no answer"):
        S3Storage(bucket, tmp_path, "CRSIGHT_LAKE").read("a")


def test_a_changed_object_is_not_taken_for_the_one_that_it_was(files):
    name = f"objects/t/{hashlib.sha256(b'right').hexdigest()}.parquet"
    files.write(name, b"wrong")
    with pytest.raises(OSError, match="was changed"):
        files.local(name)


def test_an_old_object_in_place_is_sent_again_so_that_its_time_is_new(files, monkeypatch):
    name = f"objects/t/{hashlib.sha256(b'1').hexdigest()}.parquet"
    sent = []
    monkeypatch.setattr(files, "write", lambda name, _data: sent.append(name))
    S3Storage(files.url, files._cache.folder, "CRSIGHT_LAKE").write(name, b"1")
    files.keep(name, b"1")
    assert sent == []
    monkeypatch.setattr(s3, "_NEW_S", -10.0)
    files.keep(name, b"1")
    assert sent == [name]


def test_a_long_file_goes_in_parts(files, tmp_path, monkeypatch):
    monkeypatch.setattr(s3, "_PART", 5 * 1024 * 1024)  # the least that S3 takes
    data = bytes(11 * 1024 * 1024)
    name = f"objects/t/{hashlib.sha256(data).hexdigest()}.parquet"
    (tmp_path / "made").write_bytes(data)
    files.take(name, tmp_path / "made")
    fetched = S3Storage(files.url, tmp_path / "there", "CRSIGHT_LAKE").local(name)
    assert fetched.read_bytes() == data
    assert files.sha256s([name]) == {name: hashlib.sha256(data).hexdigest()}


def test_a_page_says_what_it_is_and_that_it_changes(files):
    files.write("studies/A/index.html", b"<p>")
    url = obstore.sign(files._bucket, "GET", "studies/A/index.html", dt.timedelta(minutes=1))
    with urllib.request.urlopen(url, timeout=30) as answer:
        assert answer.read() == b"<p>"
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-cache"


def test_what_another_program_put_there_is_read_for_its_hash(files):
    obstore.put(files._bucket, "a.html", b"theirs")
    assert files.sha256s(["a.html"]) == {"a.html": hashlib.sha256(b"theirs").hexdigest()}
