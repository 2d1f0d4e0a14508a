"""What the Dagster UI shows of a stored table: rows, numbers to plot, and a few rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from pipeline.assets.headlines import numbers
from pipeline.assets.specs import entry_of
from pipeline.lake.parquet import row_count
from pipeline.schemas.dictionary import Column
from pipeline.study import Publish

_ROWS = 5
_COLUMNS = 10
_WIDTH = 40
# Rows about files, not about subjects: shown of every study.
_OPEN = ("ledger",)
# Dates in any form, and text that somebody wrote: never shown.
_NEVER = ("dtc", "dtm", "dtx", "text")


def table_metadata(table: str, file: Path, publish: Publish) -> dict[str, Any]:
    """Metadata of a stored table."""
    return {
        "dagster/row_count": row_count(file),
        **numbers(table, file, publish.min_cell),
        "preview": dg.MetadataValue.md(_preview(table, file, publish)),
    }


def _preview(table: str, file: Path, publish: Publish) -> str:
    why = withheld(table, publish)
    if why:
        return f"Not shown: {why}. `crsight table {table}` prints the rows from the lake."
    shown = [column.name for column in entry_of(table).columns if not _private(column)]
    few = pl.scan_parquet(file).head(_ROWS)
    there = set(few.collect_schema().names())
    return preview(few.select(name for name in shown[:_COLUMNS] if name in there).collect())


def withheld(table: str, publish: Publish) -> str:
    """Why the rows of a table are not shown, empty where they are."""
    if table in _OPEN:
        return ""
    names = {column.name for column in entry_of(table).columns}
    if names & {"USUBJID", "ROW"}:
        return "" if publish.subject_level else "`publish.subject_level` is false in study.yaml"
    if publish.min_cell > 1:
        return f"counts below {publish.min_cell} (`publish.min_cell`) may be among the rows"
    return ""


def _private(column: Column) -> bool:
    return column.kind in _NEVER or column.type.startswith(("Date", "Datetime"))


def preview(frame: pl.DataFrame) -> str:
    """A frame in Markdown."""
    lines = [frame.columns, ["---"] * frame.width]
    lines += [[_cell(value) for value in row] for row in frame.rows()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    text = "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
