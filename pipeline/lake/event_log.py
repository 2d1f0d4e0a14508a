"""Dagster's event log on SQLite, with the index over all runs kept open.

Dagster opens the index anew for each event and for each question about a partition; each statement
is then compiled anew, and SQLite writes back and syncs what it holds at each close. That is half of
what a run costs besides its own work, and most of it where the disk is slow. The file of a single
run is still closed after each event: the UI sees by its change that the run goes on.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster import DagsterInstance
from dagster._config import UserConfigSchema
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, NullPool, StaticPool, create_engine


class OpenIndexEventLog(SqliteEventLogStorage):
    """The event log of a home (`event_log_storage` in its dagster.yaml)."""

    def __init__(self, inst_data: ConfigurableClassData | None = None) -> None:
        """Make one that an instance has yet to tell its place.

        Args:
            inst_data: what of dagster.yaml makes another one.
        """
        self._inst_data = inst_data
        self._engines: dict[str, Engine] = {}  # of the index and of the run asked for last
        self._tables: set[str] = set()
        super(SqliteEventLogStorage, self).__init__()

    @classmethod
    def config_type(cls) -> UserConfigSchema:
        """Nothing to say: a path in dagster.yaml would be wrong once a home is moved."""
        return {}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> OpenIndexEventLog:
        """As dagster.yaml says."""
        del config_value
        return cls(inst_data)

    def register_instance(self, instance: DagsterInstance) -> None:
        """Open the databases where Dagster itself keeps them in an instance's home."""
        place = Path(instance.root_directory) / "history" / "runs"
        SqliteEventLogStorage.__init__(self, str(place), self._inst_data)
        super().register_instance(instance)

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table; one that is there stays."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def dispose(self) -> None:
        """Close it."""
        super().dispose()
        with self._db_lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()

    @contextmanager
    def _connect(self, shard: str) -> Generator[Connection]:
        """A transaction in the index or in the file of a run, one at a time in this process."""
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            for run in self._engines.keys() - {INDEX_SHARD_NAME}:
                self._engines.pop(run).dispose()
            pool = StaticPool if shard == INDEX_SHARD_NAME else NullPool
            # The lock lets one thread in at a time.
            settings = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False}
            address = self.conn_string_for_shard(shard)
            self._engines[shard] = create_engine(address, poolclass=pool, connect_args=settings)
        return self._engines[shard]
