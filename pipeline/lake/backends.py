"""What keeps a home's bytes and its locks: folders and files, or a bucket and PostgreSQL.

CRSIGHT_LAKE       where the lake is, a folder or s3://bucket/prefix (default HOME/lake)
CRSIGHT_PUBLISHED  where the pages go, likewise (default HOME/published)
CRSIGHT_POSTGRES   the database that keeps locks for several machines (default: files on this one)
"""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.lake.file_locks import FileLocks
from pipeline.lake.home import LAKE, PUBLISHED, Home
from pipeline.lake.local import LocalStorage
from pipeline.lake.locks import Locks
from pipeline.lake.storage import Storage, StorageSettingError

POSTGRES = "CRSIGHT_POSTGRES"


def lake_files(home: Home) -> Storage:
    """What keeps the lake."""
    return _storage(home.lake_url, home.lake, home.cache, LAKE)


def published_files(home: Home) -> Storage:
    """What keeps the published pages."""
    return _storage(home.published_url, home.published, home.cache, PUBLISHED)


def locks_of(home: Home) -> Locks:
    """The locks between all processes that work on a home."""
    url = os.environ.get(POSTGRES)
    if not url:
        return FileLocks(home.lake / "locks")
    try:
        from pipeline.lake.postgres_locks import PostgresLocks  # noqa: PLC0415  an extra
    except ImportError as error:
        raise StorageSettingError(_missing(POSTGRES, error)) from error
    return PostgresLocks(url)


def _storage(url: str | None, folder: Path, cache: Path, setting: str) -> Storage:
    if url is None:
        return LocalStorage(folder)
    try:
        from pipeline.lake.s3 import S3Storage  # noqa: PLC0415  an extra
    except ImportError as error:
        raise StorageSettingError(_missing(setting, error)) from error
    return S3Storage(url, cache, setting)


def _missing(setting: str, error: ImportError) -> str:
    return f"{setting} needs the package {error.name}: install crsight[scale]"
