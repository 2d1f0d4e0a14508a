"""All files of a drop: read, looked at by the gate, and everything that forbids taking them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import dataframely as dy
import polars as pl

from pipeline.ingest.deidentify import Identifier, find_identifiers
from pipeline.ingest.files import File, Listing, list_files
from pipeline.ingest.readers import READERS, Source, UnreadableError
from pipeline.ingest.remarks import file_remark
from pipeline.ingest.rules import RULES
from pipeline.ingest.survey import Sizes, Survey, long_domains, parent_of, survey
from pipeline.ingest.validate import seq_of
from pipeline.schemas.sdtm import DOMAINS, Supp
from pipeline.schemas.sdtm.variables import TOPIC
from pipeline.study import Study

REQUIRED = ("DM", "EX")
ONE_OF = ("AE", "FA", "CE")


@dataclass
class Reading:
    """The files of a drop as read. Those of `long` domains were only surveyed."""

    study: Study
    problems: list[str]
    spill: Path | None
    sizes: Sizes
    long: set[str]
    files: list[File] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    surveys: dict[str, Survey] = field(default_factory=dict)
    remarks: list[pl.DataFrame] = field(default_factory=list)


def read_files(drop: Path, study: Study, spill: Path | None, sizes: Sizes) -> Reading:
    """Read all files and find everything that forbids taking them."""
    listing = list_files(drop)
    long = long_domains(listing.files, sizes) if spill else set[str]()
    work = Reading(study, list(listing.problems), spill, sizes, long)
    _note_unused(work, listing.unused)
    for file in listing.files:
        try:
            seen = _look(work, file)
        except (UnreadableError, OSError) as error:
            work.problems.append(f"{file.path.name}: FILE_UNREADABLE, {error}")
            continue
        if len(file.dataset) == 4 and file.domain in DOMAINS and "DOMAIN" not in seen.columns:
            _note_unused(work, [file.path.name])
            continue
        work.files.append(file)
        work.problems += _missing_columns(file, seen.columns)
        work.problems += [str(identifier) for identifier in seen.identifiers]
        work.remarks += [
            file_remark(rule, file.dataset, column) for rule, column, _ in seen.remarks
        ]
        if not seen.height:
            work.remarks.append(file_remark("NO_ROWS", file.dataset))
    work.problems += _missing_domains(listing, study)
    if not work.problems and not {f.domain for f in work.files} & set(ONE_OF):
        work.remarks.append(file_remark("NO_CRS_RECORD", "AE"))
    return work


@dataclass(frozen=True)
class _Seen:
    """What is known of a file once it was read."""

    columns: list[str]
    height: int
    identifiers: list[Identifier]
    remarks: list[tuple[str, str, str]]


def _look(work: Reading, file: File) -> _Seen:
    """Read a file and hold its rows, or survey it where it belongs to a long domain."""
    if parent_of(file.domain) in work.long:
        seen = survey(file, seq_of(_schema(file.domain)), work.sizes)
        work.surveys[file.dataset] = seen
        return _Seen(list(seen.schema), seen.height, seen.identifiers, seen.remarks)
    source = READERS[file.format](file.path)
    work.sources[file.dataset] = source
    frame = source.frame
    found = find_identifiers(file.path.name, frame)
    return _Seen(frame.columns, frame.height, found, source.remarks)


def _note_unused(work: Reading, names: list[str]) -> None:
    for name in names:
        stem = Path(name).stem.upper()
        shown = stem if len(stem) <= 8 and stem.isalnum() else "OTHER"
        kind = Path(name).suffix.lower()[:9] or "no suffix"
        work.remarks.append(file_remark("FILE_NOT_USED", shown, f"({kind})"))


def _missing_domains(listing: Listing, study: Study) -> list[str]:
    """Required domains that no file gives.

    A study without AE, FA and CE would be shown with no CRS where none was recorded. Only a drop
    that says it is a test, and has vital signs to find candidates in, is taken without them.
    """
    there = {file.domain for file in listing.files}
    out = [f"{d.lower()}.*: DOMAIN_MISSING, {d} is required" for d in REQUIRED if d not in there]
    if there & set(ONE_OF) or (study.data_kind == "test" and "VS" in there):
        return out
    return [*out, "ae.*, fa.*, ce.*: DOMAIN_MISSING, at least one of AE, FA and CE is required"]


def _missing_columns(file: File, names: list[str]) -> list[str]:
    columns = set(names)
    missing = [name for name in ("STUDYID", "USUBJID") if name not in columns]
    topics = [n for n, c in _schema(file.domain).columns().items() if (c.metadata or {}).get(TOPIC)]
    if topics and not columns & set(topics):
        missing.append(" or ".join(topics))
    return [
        f"{file.path.name}: COLUMN_MISSING, {RULES['COLUMN_MISSING'].sentence.format(column=name)}"
        for name in missing
    ]


def _schema(domain: str) -> type[dy.Schema]:
    return DOMAINS.get(domain, Supp)
