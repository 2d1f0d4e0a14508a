"""Tables and pages as objects: immutable, each named by the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipeline.lake.storage import Storage

if TYPE_CHECKING:
    from pipeline.table import Table

_AT_ONCE = 8


class Objects:
    """objects/<table>/<sha256>.parquet, and of pages objects/pages/<sha256>.html."""

    def __init__(self, files: Storage) -> None:
        self.files = files

    def put(self, made: Mapping[str, Table] | Mapping[str, bytes]) -> dict[str, str]:
        """Store what a stage made, name by name; the answer is the hashes.

        Several at once: the time goes into waiting for the disk, or for a bucket.
        """
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            values = list(pool.map(lambda item: self._put_one(*item), sorted(made.items())))
        return dict(zip(sorted(made), values, strict=True))

    def put_table(self, name: str, table: Table) -> str:
        """Store a table; the answer is its hash. A file is moved, not read into memory."""
        if not isinstance(table, Path):
            from pipeline.lake.parquet import to_parquet  # noqa: PLC0415  loads polars

            return self._keep(name, ".parquet", to_parquet(table))
        with table.open("rb") as file:
            value = hashlib.file_digest(file, "sha256").hexdigest()
        self.files.take(_object(name, value, ".parquet"), table)
        return value

    def put_page(self, path: str, data: bytes) -> str:
        """Store a page; the answer is its hash."""
        return self._keep("pages", PurePosixPath(path).suffix, data)

    def table(self, name: str, value: str) -> Path:
        """The Parquet file of a table's hash, on this machine."""
        return self.files.local(_object(name, value, ".parquet"))

    def tables(self, hashes: Mapping[str, str]) -> dict[str, Path]:
        """The files of several tables, fetched together where they are far."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return dict(zip(hashes, pool.map(self.table, hashes, hashes.values()), strict=True))

    def on_demand(self, hashes: Mapping[str, str]) -> Mapping[str, Path]:
        """The files of tables of which only some may be looked at, each fetched when it is."""
        return _OnDemand(self, hashes)

    def page(self, path: str, value: str) -> bytes:
        """The bytes of a page's hash, proved against it.

        Raises:
            OSError: the object is gone or is not what its name says.
        """
        try:
            data = self.files.local(object_of(path, value)).read_bytes()
        except FileNotFoundError:
            data = b""
        if hashlib.sha256(data).hexdigest() != value:
            raise OSError(f"{path}: object {value} is missing from the lake or was changed there")
        return data

    def has(self, outputs: Mapping[str, str]) -> bool:
        """Whether the objects of these outputs are all there."""
        return self.files.has(object_of(name, value) for name, value in outputs.items())

    def _put_one(self, name: str, value: Table | bytes) -> str:
        if isinstance(value, bytes):
            return self.put_page(name, value)
        return self.put_table(name, value)

    def _keep(self, folder: str, ending: str, data: bytes) -> str:
        value = hashlib.sha256(data).hexdigest()
        self.files.keep(_object(folder, value, ending), data)
        return value


class _OnDemand(Mapping[str, Path]):
    def __init__(self, objects: Objects, hashes: Mapping[str, str]) -> None:
        self._objects = objects
        self._hashes = hashes

    def __getitem__(self, name: str) -> Path:
        return self._objects.table(name, self._hashes[name])

    def __contains__(self, name: object) -> bool:
        return name in self._hashes

    def __iter__(self) -> Iterator[str]:
        return iter(self._hashes)

    def __len__(self) -> int:
        return len(self._hashes)


def object_of(name: str, value: str) -> str:
    """Where in the lake the object of an output is: a page has an ending, a table has none."""
    if "." in name:
        return _object("pages", value, PurePosixPath(name).suffix)
    return _object(name, value, ".parquet")


def _object(folder: str, value: str, ending: str) -> str:
    return f"objects/{folder}/{value}{ending}"
