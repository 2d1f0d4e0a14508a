"""Locks in PostgreSQL, for several machines: the server frees them when a process or host dies.

A lock is an advisory lock of a session of its own. Locks belong to the database, whatever each
machine calls the home's folder: one database serves one home, as it does for Dagster's runs. The
connection must be a direct one; a pooler that shares sessions between transactions gives locks to
nobody, and a run then ends with `LostLockError` instead of publishing.
"""

from __future__ import annotations

import hashlib
import os
import socket
import threading
import time
from collections.abc import Mapping
from typing import Any

import psycopg2
from psycopg2.extensions import connection

from pipeline.lake.locks import Claim, Locks
from pipeline.lake.storage import StorageUnreachableError

_PAUSES_S = (0.5, 1.0, 2.0)  # before a connection is tried again
# Both ends notice within a minute that the other one's host is gone.
_CLIENT: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 4,
    "tcp_user_timeout": 60_000,
}
_SERVER = (
    "set tcp_keepalives_idle = 20; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 4; "
    "set tcp_user_timeout = 60000; set idle_session_timeout = 0"
)
_HELD = """
    from pg_locks as l left join pg_stat_activity as a using (pid)
    where l.locktype = 'advisory' and l.granted and l.objsubid = 1
        and l.database = (select d.oid from pg_database as d where d.datname = current_database())
        and ((l.classid::bigint << 32) | l.objid::bigint) = %(key)s
"""


class PostgresLocks(Locks):
    """Named locks of one database."""

    def __init__(self, url: str) -> None:
        """Nothing is asked of the server yet.

        Args:
            url: `postgresql://...`, with or without the name of a driver for SQLAlchemy.
        """
        super().__init__()
        self._url = "postgresql://" + url.partition("://")[2]
        self._asking = threading.Lock()
        self._asker: tuple[int, connection] | None = None  # with its process: a fork is another one

    def held(self, name: str) -> bool:
        """Whether some process of some machine holds the lock right now."""
        with self._asking:
            for last in (False, True):
                try:
                    return bool(_ask(self._connection(), f"select count(*) {_HELD}", name))
                except psycopg2.Error as error:
                    self._asker = None
                    if last:
                        raise _unreachable(error) from error
        raise AssertionError  # the loop answers or raises

    def _claim(self, name: str) -> Claim:
        return _PostgresClaim(_connect(self._url), name)

    def _connection(self) -> connection:
        if self._asker is None or self._asker[0] != os.getpid():
            self._asker = (os.getpid(), _connect(self._url))
        return self._asker[1]


class _PostgresClaim(Claim):
    def __init__(self, link: connection, name: str) -> None:
        self._link = link
        self._name = name

    def take(self) -> bool:
        try:
            return bool(_ask(self._link, "select pg_try_advisory_lock(%(key)s)", self._name))
        except psycopg2.Error as error:
            raise _unreachable(error) from error

    def holder(self) -> str:
        try:
            found = _ask(self._link, f"select a.application_name {_HELD}", self._name)
        except psycopg2.Error as error:
            raise _unreachable(error) from error
        return str(found or "process unknown")

    def holds(self) -> bool:
        mine = f"select count(*) {_HELD} and l.pid = pg_backend_pid()"
        try:
            return bool(_ask(self._link, mine, self._name))
        except psycopg2.Error:
            return False

    def free(self) -> None:
        try:
            # The server frees it with the session, but only a moment after we have gone.
            _ask(self._link, "select pg_advisory_unlock(%(key)s)", self._name)
            self._link.close()
        except psycopg2.Error:
            pass  # the connection went, and the lock with it


def key_of(name: str) -> int:
    """The number that a lock's name has on the server: 64 bits, with a sign."""
    return int.from_bytes(hashlib.sha256(f"crsight {name}".encode()).digest()[:8], signed=True)


def _ask(link: connection, text: str, name: str) -> Any:
    values: Mapping[str, Any] = {"key": key_of(name)}
    with link.cursor() as cursor:
        cursor.execute(text, values)
        row = cursor.fetchone()
    return row[0] if row else None


def _connect(url: str) -> connection:
    who = f"process {os.getpid()} on {socket.gethostname()}"[:63]
    for pause in (*_PAUSES_S, None):
        try:
            made = psycopg2.connect(url, application_name=who, **_CLIENT)
            # Asking must not leave a transaction open: servers end sessions that idle in one.
            made.autocommit = True
            with made.cursor() as cursor:
                cursor.execute(_SERVER)
        except psycopg2.OperationalError as error:
            if pause is None:
                raise _unreachable(error) from error
            time.sleep(pause)
        else:
            return made
    raise AssertionError  # the last turn returned or raised


def _unreachable(error: Exception) -> StorageUnreachableError:
    said = " ".join(str(error).split())
    return StorageUnreachableError(f"CRSIGHT_POSTGRES: the database of the locks: {said}")
