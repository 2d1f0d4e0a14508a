"""What the Dagster UI shows of a table: rows, columns with their meaning, a few rows."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
from polars.datatypes import Date, Datetime

from pipeline.assets.checks import schema_of
from pipeline.lake.parquet import row_count

_ROWS = 5
_COLUMNS = 10
_WIDTH = 40


def describe(table: str) -> str:
    """The meaning of a row, from the table's contract class."""
    return inspect.cleandoc(schema_of(table).__doc__ or table)


def table_metadata(table: str, file: Path) -> dict[str, Any]:
    """Metadata of a stored table."""
    few = pl.scan_parquet(file).head(_ROWS).collect()
    return {
        "dagster/row_count": row_count(file),
        "dagster/column_schema": dg.TableSchema(columns=_columns(table, few)),
        "preview": dg.MetadataValue.md(preview(few)),
    }


def preview(frame: pl.DataFrame) -> str:
    """A few rows and columns in Markdown, without calendar dates."""
    shown = [name for name, kind in frame.schema.items() if not _dated(name, kind)][:_COLUMNS]
    rows = frame.select(shown).head(_ROWS).rows()
    lines = [shown, ["---"] * len(shown), *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _dated(name: str, kind: pl.DataType) -> bool:
    return isinstance(kind, Date | Datetime) or name.endswith("DTC")


def _cell(value: object) -> str:
    text = "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _columns(table: str, frame: pl.DataFrame) -> list[dg.TableColumn]:
    known = schema_of(table).columns()
    return [
        dg.TableColumn(
            name=name,
            type=str(kind),
            description=known[name].description if name in known else None,
        )
        for name, kind in frame.schema.items()
    ]
