"""What every table's rows and columns mean, as text: read without the libraries that check them.

The classes of `sdtm/` and `tables/` say it; `dictionary.json` repeats it, so that Dagster's
definitions load without polars and dataframely. A file that is not of these classes is not used.

    python -m pipeline.schemas.dictionary     writes it anew after a change of a class
"""

from __future__ import annotations

import hashlib
import inspect
import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
FILE = FOLDER / "dictionary.json"


@dataclass(frozen=True)
class Column:
    """A column: its type, whether it is part of the key or may be empty, and its meaning.

    `kind` is that of an SDTM variable: dtc, text, code, ...
    """

    name: str
    type: str
    key: bool
    nullable: bool
    kind: str
    description: str


@dataclass(frozen=True)
class Entry:
    """A table: what a row of it is, and its columns."""

    row: str
    columns: tuple[Column, ...]


@cache
def dictionary() -> dict[str, Entry]:
    """Every table by name; an SDTM domain is `sdtm_ae`."""
    try:
        raw = json.loads(FILE.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return from_classes()
    if raw["sources"] != _sources():
        return from_classes()
    return {
        name: Entry(entry["row"], tuple(Column(**column) for column in entry["columns"]))
        for name, entry in raw["tables"].items()
    }


def from_classes() -> dict[str, Entry]:
    """The same from the classes themselves, which takes a second or two to load."""
    from pipeline.schemas.sdtm import DOMAINS, table_name  # noqa: PLC0415  loads dataframely
    from pipeline.schemas.tables import TABLES  # noqa: PLC0415

    classes = {table_name(domain): schema for domain, schema in DOMAINS.items()} | TABLES
    return {
        table: Entry(
            inspect.cleandoc(schema.__doc__ or ""),
            tuple(
                Column(
                    name,
                    str(column.dtype),
                    column.primary_key,
                    column.nullable,
                    (column.metadata or {}).get("kind", ""),
                    column.description or "",
                )
                for name, column in schema.columns().items()
            ),
        )
        for table, schema in classes.items()
    }


def to_text(entries: dict[str, Entry]) -> str:
    """The file: a column per line, so that a change shows as one."""
    tables = ",\n".join(f"  {json.dumps(name)}: {_entry(e)}" for name, e in entries.items())
    return f'{{\n "sources": "{_sources()}",\n "tables": {{\n{tables}\n }}\n}}\n'


def _entry(entry: Entry) -> str:
    columns = ",\n".join(
        f"    {json.dumps(asdict(column), ensure_ascii=False)}" for column in entry.columns
    )
    row = json.dumps(entry.row, ensure_ascii=False)
    return f'{{\n   "row": {row},\n   "columns": [\n{columns}\n   ]\n  }}'


def _sources() -> str:
    total = hashlib.sha256()
    files = [FOLDER / "columns.py", *FOLDER.glob("sdtm/*.py"), *FOLDER.glob("tables/*.py")]
    for path in sorted(files):
        name = path.relative_to(FOLDER).as_posix()
        total.update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


if __name__ == "__main__":
    FILE.write_text(to_text(from_classes()), encoding="utf-8")
