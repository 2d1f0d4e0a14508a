"""Both kinds of storage and of locks, the far ones on real servers."""

from __future__ import annotations

import pytest

from pipeline.lake.file_locks import FileLocks
from pipeline.lake.local import LocalStorage
from pipeline.lake.store import Store
from tests.s3_server import make_bucket
from tests.servers import postgres, s3

FAR = pytest.mark.process


@pytest.fixture(scope="session")
def s3_server():
    with s3() as environment:
        make_bucket(environment["AWS_ENDPOINT_URL"], "lake")
        yield environment


@pytest.fixture(scope="session")
def postgres_url():
    with postgres() as url:
        yield url


@pytest.fixture
def bucket(s3_server, tmp_path, monkeypatch):
    """URL of a place of the test's own in the bucket."""
    for name, value in s3_server.items():
        monkeypatch.setenv(name, value)
    return f"s3://lake/{tmp_path.name}"


@pytest.fixture(params=["folder", pytest.param("bucket", marks=FAR)])
def machine(request, tmp_path):
    """Gives the same storage as another machine sees it, by the machine's name."""
    if request.param == "folder":
        return lambda _name, place="lake": LocalStorage(tmp_path / place)
    from pipeline.lake.s3 import S3Storage

    url = request.getfixturevalue("bucket")
    return lambda name, place="lake": S3Storage(f"{url}/{place}", tmp_path / name, "CRSIGHT_LAKE")


@pytest.fixture
def files(machine):
    return machine("here")


@pytest.fixture
def store(tmp_path, files):
    return Store(tmp_path / "here", files)


@pytest.fixture
def store_elsewhere(tmp_path, machine):
    """The same lake from a machine that has no copies of anything."""
    return Store(tmp_path / "there", machine("there"))


@pytest.fixture(params=["files", pytest.param("postgres", marks=FAR)])
def locks(request, tmp_path):
    if request.param == "files":
        return FileLocks(tmp_path / "locks")
    from pipeline.lake.postgres_locks import PostgresLocks

    return PostgresLocks(request.getfixturevalue("postgres_url"))
