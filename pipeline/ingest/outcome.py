"""What ingest hands on: domains in the order of their key, quarantine, notes and ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.ingest.files import File
from pipeline.ingest.portions import append, load
from pipeline.ingest.remarks import KEY, gather
from pipeline.ingest.survey import Sizes
from pipeline.schemas.layout import LAYOUT
from pipeline.schemas.sdtm import DOMAINS
from pipeline.schemas.tables import TABLES
from pipeline.table import Table

_SEVERITY = {"quarantine": "quarantine", "notes": "note"}


@dataclass
class Remarks:
    """Remarks on the rows of long domains, put down in a folder by their place in the file."""

    folder: Path
    sizes: Sizes
    counts: dict[str, int] = field(default_factory=lambda: {"quarantine": 0, "note": 0})

    def add(self, severity: str, remarks: pl.DataFrame) -> None:
        """Put them down."""
        self.counts[severity] += remarks.height
        placed = remarks.with_columns(at=pl.col("ROW") // self.sizes.portion)
        for (dataset, at), some in placed.partition_by("DOMAIN", "at", as_dict=True).items():
            path = self.folder / f"{severity}-{dataset}-{int(str(at)):06}.arrow"
            append(some.drop("at"), path)

    def parts(self, severity: str) -> Iterator[pl.DataFrame]:
        """All of one severity in the order of their key, some at a time."""
        for path in sorted(self.folder.glob(f"{severity}-*.arrow")):
            yield load(path).sort(KEY)


def ordered(domain: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Columns, types and order of a domain."""
    schema = DOMAINS[domain]
    rest = ["RELID", "RDOMAIN", "IDVAR", "IDVARVAL"] if domain == "RELREC" else []
    key = [*(schema.primary_key() or ["USUBJID"]), *rest, "ROW"]
    if frame.is_empty():
        return schema.create_empty()
    return schema.validate(frame.select(schema.column_names()).sort(key))


def joined(parts: list[Path], path: Path) -> Path:
    """One Parquet file of several, in their order."""
    pl.scan_parquet(parts).sink_parquet(path, **LAYOUT)
    return path


def remarks_table(
    table: str, study: str, held: list[pl.DataFrame], accepted: pl.DataFrame, more: Remarks | None
) -> Table:
    """Quarantine or notes: a frame, or a file where there are more than may be held.

    Args:
        table: `quarantine` or `notes`; a note on a row that is held back is none.
        study: The study.
        held: Remarks on files and on the rows that were held.
        accepted: DOMAIN and ROW of the rows among these that are handed on.
        more: Remarks on the rows of long domains.
    """
    severity = _SEVERITY[table]
    own = gather(held, severity)
    if severity == "note":
        rows = own.join(accepted, on=["DOMAIN", "ROW"], how="semi")
        own = pl.concat([own.filter(pl.col("ROW") == 0), rows])
    if more is None:
        return _stated(own, study, table)
    if own.height + more.counts[severity] <= more.sizes.remarks:
        return _stated(pl.concat([own, *more.parts(severity)]), study, table)
    more.add(severity, own)
    parts: list[Path] = []
    for some in more.parts(severity):
        parts.append(more.folder / f"{table}-{len(parts):06}.parquet")
        _stated(some, study, table).write_parquet(parts[-1])
    return joined(parts, more.folder / f"{table}.parquet")


def _stated(remarks: pl.DataFrame, study: str, table: str) -> pl.DataFrame:
    schema = TABLES[table]
    stated = remarks.with_columns(STUDYID=pl.lit(study)).select(schema.column_names())
    return schema.validate(stated.sort(schema.primary_key()))


def ledger(study: str, rows: list[tuple[File, int, int, int]]) -> pl.DataFrame:
    """The ledger of files with their rows read, accepted and held back."""
    schema = TABLES["ledger"]
    lines = [
        (study, file.dataset, read, accepted, held, _sha256(file.path), file.format)
        for file, read, accepted, held in rows
    ]
    frame = pl.DataFrame(lines, schema=schema.create_empty().schema, orient="row")
    return schema.validate(frame.sort("DOMAIN"))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
