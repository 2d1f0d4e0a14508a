from __future__ import annotations

import sys

import pytest

from pipeline.lake.backends import lake_files, locks_of, published_files
from pipeline.lake.file_locks import FileLocks
from pipeline.lake.home import Home
from pipeline.lake.local import LocalStorage
from pipeline.lake.storage import StorageSettingError
from pipeline.lake.store import Store


def test_without_settings_everything_is_a_folder_of_the_home(tmp_path):
    home = Home(tmp_path)
    store = Store.of(home)
    assert isinstance(store.files, LocalStorage)
    assert isinstance(store.locks, FileLocks)
    assert store.files.where("a") == str(tmp_path / "lake" / "a")
    assert published_files(home).where("a") == str(tmp_path / "published" / "a")
    assert store.locks.folder == tmp_path / "lake" / "locks"


def test_folders_may_be_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setenv("CRSIGHT_LAKE", str(tmp_path / "big disk"))
    monkeypatch.setenv("CRSIGHT_PUBLISHED", str(tmp_path / "www"))
    home = Home(tmp_path / "home")
    assert lake_files(home).where("a") == str(tmp_path / "big disk" / "a")
    assert published_files(home).where("a") == str(tmp_path / "www" / "a")
    assert Store.of(home).folder == tmp_path / "big disk"  # spills lie on the lake's disk


def test_buckets_and_a_database_take_their_place_and_spills_stay_here(tmp_path, monkeypatch):
    monkeypatch.setenv("CRSIGHT_LAKE", "s3://lake/deep/")
    monkeypatch.setenv("CRSIGHT_PUBLISHED", "s3://pages")
    monkeypatch.setenv("CRSIGHT_POSTGRES", "postgresql+psycopg2://crsight@db/crsight")
    home = Home(tmp_path)
    assert lake_files(home).where("a") == "s3://lake/deep/a"
    assert published_files(home).where("a") == "s3://pages/a"
    assert type(locks_of(home)).__name__ == "PostgresLocks"
    assert Store.of(home).folder == tmp_path / "lake"


@pytest.mark.parametrize(
    ("setting", "value", "package", "module"),
    [
        ("CRSIGHT_LAKE", "s3://lake", "obstore", "pipeline.lake.s3"),
        ("CRSIGHT_POSTGRES", "postgresql://db/x", "psycopg2", "pipeline.lake.postgres_locks"),
    ],
)
def test_a_missing_package_is_named_with_the_extra_that_brings_it(
    tmp_path, monkeypatch, setting, value, package, module
):
    monkeypatch.setenv(setting, value)
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, module, raising=False)
    with pytest.raises(StorageSettingError, match=rf"{setting}.*{package}.*crsight\[scale\]"):
        Store.of(Home(tmp_path))
