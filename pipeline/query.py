"""Runs sql/<stage>/<table>.sql on an in-memory DuckDB over Parquet files or frames.

A query sees its inputs as views named as the tables (a dot in the name becomes an underscore) and
its parameters as $name. Nothing is ever written by SQL.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from duckdb import ColumnExpression, ConstantExpression

from pipeline.table import Table

SQL = Path(__file__).resolve().parent.parent / "sql"


def threads() -> int:
    """Threads that one step may use (CRSIGHT_THREADS, default 2)."""
    return int(os.environ.get("CRSIGHT_THREADS", "2"))


class Query:
    """One in-memory database with the inputs as views, closed on exit.

    >>> with Query({"a": pl.DataFrame({"X": [2, 1]})}) as q:
    ...     q.sql("select X from a order by X").to_series().to_list()
    [1, 2]
    """

    def __init__(
        self, tables: Mapping[str, Table], subjects: tuple[str, str] | None = None
    ) -> None:
        """Open it.

        Args:
            tables: the inputs.
            subjects: first and last USUBJID to be seen of them, by default all.
        """
        self._con = duckdb.connect(config={"threads": threads()})
        self._subjects = subjects
        # To open a file takes longer than many a query, and most look at few of the tables.
        self._unopened = {_view(name): table for name, table in tables.items()}

    def __enter__(self) -> Query:
        return self

    def __exit__(self, *_: object) -> None:
        self._con.close()

    def add(self, name: str, table: Table) -> None:
        """Make a table visible to later queries."""
        self._unopened[_view(name)] = table

    def _open(self, text: str) -> None:
        """Open those tables that a text may name."""
        for view in sorted(self._unopened.keys() & set(_WORD.findall(text))):
            self._register(view, self._unopened.pop(view))

    def _register(self, view: str, table: Table) -> None:
        if isinstance(table, Path):
            rows = self._con.read_parquet(str(table))
            if self._subjects and "USUBJID" in rows.columns:
                first, last = (ConstantExpression(u) for u in self._subjects)
                rows = rows.filter(ColumnExpression("USUBJID").between(first, last))
            rows.create_view(view, replace=True)
            return
        if self._subjects and "USUBJID" in table.columns:
            first, last = (pl.lit(u) for u in self._subjects)
            table = table.filter(pl.col("USUBJID").is_between(first, last))
        self._con.register(view, table.to_arrow())

    def sql(self, text: str, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """Answer of a query text as a frame."""
        self._open(text)
        return self._con.sql(text, params=dict(params or {})).pl()

    def run(self, stage: str, name: str, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """Answer of sql/<stage>/<name>.sql, also made visible under that name to later queries."""
        frame = self.sql(*_asked(stage, name, params))
        self.add(name, frame)
        return frame

    def make(self, stage: str, name: str, params: Mapping[str, Any] | None = None) -> None:
        """Keep the answer of sql/<stage>/<name>.sql in the database only, under that name."""
        text, used = _asked(stage, name, params)
        self._create(name, text, used)

    def let(self, name: str, other: str) -> None:
        """From here on a name means what another one means."""
        self._create(name, f"select * from {other}", {})

    def _create(self, name: str, text: str, params: dict[str, Any]) -> None:
        self._open(text)
        self._con.execute(f"create or replace temp table {name} as {text}", params)
        self._unopened.pop(name, None)

    def frame(self, name: str) -> pl.DataFrame:
        """What is visible under a name."""
        return self.sql(f"select * from {name}")

    def define(self, name: str) -> None:
        """Create the macros of sql/<name>.sql."""
        text = (SQL / f"{name}.sql").read_text(encoding="utf-8")
        self._open(text)
        self._con.execute(text)


_WORD = re.compile(r"\w+")


def _view(name: str) -> str:
    return name.replace(".", "_")


def _asked(stage: str, name: str, params: Mapping[str, Any] | None) -> tuple[str, dict[str, Any]]:
    """Text of a query and those of the parameters that it names."""
    text = (SQL / stage / f"{name}.sql").read_text(encoding="utf-8")
    named = set(re.findall(r"\$(\w+)", text))
    return text, {k: v for k, v in (params or {}).items() if k in named}
