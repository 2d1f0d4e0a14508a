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

SQL = Path(__file__).resolve().parent.parent / "sql"

Table = Path | pl.DataFrame


def threads() -> int:
    """Threads that one step may use (CRSIGHT_THREADS, default 2)."""
    return int(os.environ.get("CRSIGHT_THREADS", "2"))


class Query:
    """One in-memory database with the inputs as views, closed on exit.

    >>> with Query({"a": pl.DataFrame({"X": [2, 1]})}) as q:
    ...     q.sql("select X from a order by X").to_series().to_list()
    [1, 2]
    """

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._con = duckdb.connect(config={"threads": threads()})
        for name, table in tables.items():
            self.add(name, table)

    def __enter__(self) -> Query:
        return self

    def __exit__(self, *_: object) -> None:
        self._con.close()

    def add(self, name: str, table: Table) -> None:
        """Make a table visible to later queries."""
        view = name.replace(".", "_")
        if isinstance(table, Path):
            self._con.read_parquet(str(table)).create_view(view, replace=True)
        else:
            self._con.register(view, table.to_arrow())

    def sql(self, text: str, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """Answer of a query text as a frame."""
        return self._con.sql(text, params=dict(params or {})).pl()

    def run(self, stage: str, name: str, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """Answer of sql/<stage>/<name>.sql, also made visible under that name to later queries."""
        text = (SQL / stage / f"{name}.sql").read_text(encoding="utf-8")
        named = set(re.findall(r"\$(\w+)", text))
        used = {k: v for k, v in (params or {}).items() if k in named}
        frame = self.sql(text, used)
        self.add(name, frame)
        return frame

    def define(self, name: str) -> None:
        """Create the macros of sql/<name>.sql."""
        self._con.execute((SQL / f"{name}.sql").read_text(encoding="utf-8"))
