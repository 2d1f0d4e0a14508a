"""Bytes under names in a bucket of S3, or of a store that speaks like it.

An object appears whole or not at all, so no temporary ones are needed. Credentials, region and
endpoint come from the usual AWS_* variables or the machine's role. Passing errors are tried again
by the client, with pauses that double.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import time
import uuid
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from pipeline.lake.attributes import attributes_of
from pipeline.lake.cache import Cache
from pipeline.lake.storage import Entry, StorageSettingError, StorageUnreachableError

if TYPE_CHECKING:
    from obstore.store import RetryConfig

Answer = TypeVar("Answer")

# An object found in place that is older than this is written again, which makes it new: whoever
# cleans up by age leaves it alone. Younger ones are not sent twice.
_NEW_S = 3600.0
_AT_ONCE = 16  # requests on the way at the same time
_RETRIES: RetryConfig = {"max_retries": 10, "retry_timeout": dt.timedelta(seconds=60)}
_PART = 8 * 1024 * 1024
# What an error says where a setting is wrong, and what it then means.
_SIGNS = {
    "NoSuchBucket": "there is no such bucket",
    "169.254.169.254": "no credentials, neither AWS_ACCESS_KEY_ID nor a role of this machine",
    "BadScheme": "the endpoint is not https; AWS_ALLOW_HTTP=true allows that",
}


class S3Storage:
    """Everything below one prefix of a bucket."""

    def __init__(self, url: str, cache: Path, setting: str) -> None:
        """Nothing is asked of the bucket yet.

        Args:
            url: `s3://bucket` or `s3://bucket/prefix`.
            cache: folder on this machine for copies of objects.
            setting: name of the setting that holds the URL, for messages.
        """
        self.url = url.rstrip("/")
        self._setting = setting
        self._cache = Cache(cache)

    def where(self, name: str) -> str:
        """The URL of a name."""
        return f"{self.url}/{name}"

    def read(self, name: str) -> bytes | None:
        """The bytes of an object, None where there is none."""
        with self._asked():
            try:
                return bytes(obstore.get(self._bucket, name).bytes())
            except FileNotFoundError:
                return None

    def write(self, name: str, data: bytes) -> None:
        """Replace an object."""
        with self._asked():
            obstore.put(self._bucket, name, data, attributes=attributes_of(name, _sha256(data)))

    def create(self, name: str, data: bytes) -> bool:
        """Make an object by a request that fails where the name is taken."""
        # A request may arrive although its answer is lost, and is then in its own way when it is
        # sent again: a mark tells whether what lies there is ours.
        mine = uuid.uuid4().hex
        attributes = {**attributes_of(name, _sha256(data)), "writer": mine}
        try:
            with self._asked():
                obstore.put(self._bucket, name, data, attributes=attributes, mode="create")
        except AlreadyExistsError:
            return self._attribute(name, "writer") == mine
        except StorageUnreachableError:
            if self._attribute(name, "writer") != mine:
                raise
        return True

    def keep(self, name: str, data: bytes) -> None:
        """Write an object unless a new one is there, and keep a copy at hand."""
        if not self._is_new(name):
            self.write(name, data)
        if self._cache.find(name) is None:
            self._cache.add(name, [data])

    def take(self, name: str, file: Path) -> None:
        """Send a file, in parts if it is long; then it is the copy at hand."""
        if not self._is_new(name):
            attributes = attributes_of(name, PurePosixPath(name).stem)
            with self._asked():
                obstore.put(self._bucket, name, file, attributes=attributes, chunk_size=_PART)
        self._cache.adopt(name, file)

    def local(self, name: str) -> Path:
        """The copy of an object on this machine, fetched and proved at the first time.

        Raises:
            FileNotFoundError: there is no such object.
            OSError: the object is not what its name says.
        """
        copy = self._cache.find(name)
        if copy is not None:
            return copy
        with self._asked():
            parts = obstore.get(self._bucket, name).stream(min_chunk_size=_PART)
            return self._cache.add(name, map(bytes, parts))

    def has(self, names: Iterable[str]) -> bool:
        """Whether all of these objects are there; a copy at hand does not count."""
        return all(self._each(self._time, names).values())

    def sha256s(self, names: Iterable[str]) -> dict[str, str]:
        """Hashes that were stored beside the bytes; what others put there is read for them."""
        return {name: v for name, v in self._each(self._hash, names).items() if v is not None}

    def delete(self, name: str) -> None:
        """Remove an object; its copies go when there is need of room."""
        with self._asked(), contextlib.suppress(FileNotFoundError):
            obstore.delete(self._bucket, name)

    def names(self, folder: str) -> list[str]:
        """Sorted names in a folder: what the names of objects have up to the next `/`."""
        with self._asked():
            found = obstore.list_with_delimiter(self._bucket, folder or None)
        paths = [*found["common_prefixes"], *(meta["path"] for meta in found["objects"])]
        return sorted(PurePosixPath(path).name for path in paths)

    def entries(self, folder: str) -> list[Entry]:
        """Objects below a folder."""
        with self._asked():
            found = obstore.list(self._bucket, folder or None, chunk_size=1000).collect()
        entries = [
            Entry(m["path"], m["size"], m["last_modified"].timestamp(), m["e_tag"] or "")
            for m in found
        ]
        return sorted(entries, key=lambda entry: entry.name)

    def last(self, folder: str) -> Entry | None:
        """The last object of a folder."""
        return next(reversed(self.entries(folder)), None)

    def last_of_each(self, folder: str) -> list[Entry]:
        """The last object of each folder in a folder, by one listing."""
        return list({str(PurePosixPath(e.name).parent): e for e in self.entries(folder)}.values())

    def time(self, name: str) -> float:
        """When the object was last written, by the store's clock."""
        found = self._time(name)
        if found is None:
            raise FileNotFoundError(self.where(name))
        return found

    def tidy(self, folder: str) -> None:
        """Nothing to do: a bucket has no folders."""

    # ---- one object ----

    def _time(self, name: str) -> float | None:
        with self._asked():
            try:
                return obstore.head(self._bucket, name)["last_modified"].timestamp()
            except FileNotFoundError:
                return None

    def _is_new(self, name: str) -> bool:
        written = self._time(name)
        return written is not None and time.time() - written < _NEW_S

    def _attribute(self, name: str, key: str) -> str | None:
        with self._asked():
            try:
                found = obstore.get(self._bucket, name, options={"head": True})
            except FileNotFoundError:
                return None
        return found.attributes.get(key)

    def _hash(self, name: str) -> str | None:
        known = self._attribute(name, "sha256")
        if known is not None:
            return known
        data = self.read(name)
        return None if data is None else _sha256(data)

    def _each(self, ask: Callable[[str], Answer], names: Iterable[str]) -> dict[str, Answer]:
        every = list(dict.fromkeys(names))
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return dict(zip(every, pool.map(ask, every), strict=True))

    # ---- the bucket ----

    @cached_property
    def _bucket(self) -> S3Store:
        bucket, _, prefix = self.url.removeprefix("s3://").partition("/")
        store = S3Store(
            bucket,
            prefix=prefix or None,
            # No client options: they would put aside those of the environment.
            retry_config=_RETRIES,
        )
        # Reading from a bucket that is not there looks like an empty one; a listing tells.
        obstore.list_with_delimiter(store)
        return store

    @contextmanager
    def _asked(self) -> Generator[None]:
        try:
            yield
        except AlreadyExistsError:
            raise
        except (PermissionDeniedError, UnauthenticatedError) as error:
            raise StorageSettingError(self._said("access is denied", error)) from error
        except BaseError as error:
            for sign, words in _SIGNS.items():
                if sign in repr(error):
                    raise StorageSettingError(self._said(words, error)) from error
            raise StorageUnreachableError(self._said("no answer", error)) from error

    def _said(self, words: str, error: Exception) -> str:
        return f"{self._setting}={self.url}: {words} ({_first_line(error)})"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].partition(": <?xml")[0]


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
