"""First reading of a long file, in batches: what must be known of it before a row is kept."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from pipeline.ingest.coerce import filled, text, whole
from pipeline.ingest.deidentify import Identifier, add_identifiers, find_identifiers
from pipeline.ingest.files import File
from pipeline.ingest.readers import BATCHES, read_batches

# Domains that others are checked against, or whose rows have no subject, are always held.
_HELD = ("DM", "EX", "RELREC")
# How much smaller than text these are.
_PACKED = {"parquet": 16, "dsjc": 16}


@dataclass(frozen=True)
class Sizes:
    """How much is held at once. None of these changes a result.

    Attributes:
        long: Bytes of text from which a file is not held whole.
        batch: Rows that are read at once.
        portion: Rows of about how many are checked at once, always all rows of a subject.
        every: One row in so many is asked for its subject, to divide the subjects into portions.
        remarks: Notes or quarantined rows that are held, beyond them the table is a file.
    """

    long: int = 32 * 1024**2
    batch: int = 100_000
    portion: int = 100_000
    every: int = 500
    remarks: int = 500_000


@dataclass
class Survey:
    """A long file, seen once in whole.

    Attributes:
        schema: Types of the columns over all batches.
        height: Rows.
        identifiers: What the gate found.
        remarks: On the file as a whole, as a reader gives them.
        filled: Values in each column.
        largest: Largest --SEQ.
        sample: Subjects of some rows, to divide the file by subjects.
    """

    schema: dict[str, pl.DataType] = field(default_factory=dict)
    height: int = 0
    identifiers: list[Identifier] = field(default_factory=list)
    remarks: list[tuple[str, str, str]] = field(default_factory=list)
    filled: dict[str, int] = field(default_factory=dict)
    largest: int = 0
    sample: list[str] = field(default_factory=list)


def parent_of(domain: str) -> str:
    """The domain that rows are merged into: SUPPVS -> VS."""
    return domain.removeprefix("SUPP")


def long_domains(files: list[File], sizes: Sizes) -> set[str]:
    """Domains of which a file, or a file of qualifiers, is too long to be held."""
    return {
        parent_of(file.domain)
        for file in files
        if file.format in BATCHES
        and file.path.stat().st_size * _PACKED.get(file.format, 1) >= sizes.long
    } - set(_HELD)


def survey(file: File, seq: str | None, sizes: Sizes) -> Survey:
    """Read a file through and keep what `Survey` says; `seq` is its --SEQ.

    Raises:
        UnreadableError: anywhere in the file.
    """
    seen = Survey()
    for source in read_batches(file.format, file.path, sizes.batch):
        frame, rows = source.frame, seen.height
        found = find_identifiers(file.path.name, frame)
        seen.identifiers = add_identifiers(seen.identifiers, found, rows)
        _add_columns(seen, frame)
        if seq in frame.columns:
            seen.largest = max(seen.largest, frame.select(whole(frame, seq).max()).item() or 0)
        some = frame.gather_every(sizes.every, -rows % sizes.every)
        seen.sample += some.select(text(some, "USUBJID")).to_series().drop_nulls().to_list()
        seen.remarks, seen.height = source.remarks, rows + frame.height
    return seen


def _add_columns(seen: Survey, frame: pl.DataFrame) -> None:
    """Types and counts. Where a batch of a column is empty its type says nothing."""
    for name, count in filled(frame).items():
        kind, before = frame.schema[name], seen.filled.get(name, 0)
        known = seen.schema.setdefault(name, kind)
        if count and known != kind:
            seen.schema[name] = pl.String() if before else kind
        seen.filled[name] = before + count
