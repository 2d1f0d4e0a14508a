"""One study drop in: typed domains, ledger, quarantine and notes out, or a refusal with reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import dataframely as dy
import polars as pl

from pipeline.ingest.cross import cross_remarks
from pipeline.ingest.deidentify import Identifier, find_identifiers
from pipeline.ingest.files import File, Listing, list_files
from pipeline.ingest.long import Drop as LongDrop
from pipeline.ingest.long import Long, check_long
from pipeline.ingest.outcome import Remarks, joined, ledger, ordered, remarks_table
from pipeline.ingest.qualified import qualified
from pipeline.ingest.readers import READERS, Source, UnreadableError
from pipeline.ingest.remarks import FILE, file_remark, gather
from pipeline.ingest.rules import RULES
from pipeline.ingest.supp import not_used_remarks
from pipeline.ingest.survey import Sizes, Survey, long_domains, parent_of, survey
from pipeline.ingest.validate import Checked, check_domain, seq_of
from pipeline.query import Table
from pipeline.schemas.sdtm import DOMAINS, Supp, table_name
from pipeline.schemas.sdtm.variables import TOPIC
from pipeline.study import Study

REQUIRED = ("DM", "EX")
ONE_OF = ("AE", "FA", "CE")

Tables = dict[str, Table]


class DropRefused(Exception):  # noqa: N818  the drop is refused, nothing went wrong here
    """A drop of which nothing is taken; each problem names file, row, column and rule."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass
class _Drop:
    """A drop on its way through."""

    study: Study
    files: list[File]
    sources: dict[str, Source]
    surveys: dict[str, Survey]
    problems: list[str]
    spill: Path | None
    sizes: Sizes
    long: set[str]
    remarks: list[pl.DataFrame] = field(default_factory=list)
    checked: dict[str, Checked] = field(default_factory=dict)


def ingest_drop(
    drop: Path, study: Study, spill: Path | None = None, sizes: Sizes | None = None
) -> Tables:
    """Read a drop: the 14 typed domains (`sdtm_dm`, ...), `ledger`, `quarantine` and `notes`.

    Every row read is accepted or quarantined with at least one reason; the ledger's schema checks
    that the counts add up, and fails if they ever did not.

    Args:
        drop: The folder.
        study: Its study.yaml.
        spill: An empty folder. Where it is given, domains with long files are not held: they pass
            in portions of subjects by way of this folder, and their tables are Parquet files in it.
            Nothing is put there before every file has passed the gate.
        sizes: What is long, and how much is held at once.

    Raises:
        DropRefused: nothing is taken; all problems found are listed at once.
    """
    work = _read(drop, study, spill, sizes or Sizes())
    if not work.problems:
        _check(work)
    if work.problems:
        raise DropRefused(work.problems)
    return _tables(work)


def _read(drop: Path, study: Study, spill: Path | None, sizes: Sizes) -> _Drop:
    """Read all files and find everything that forbids taking them."""
    listing = list_files(drop)
    long = long_domains(listing.files, sizes) if spill else set[str]()
    work = _Drop(study, [], {}, {}, list(listing.problems), spill, sizes, long)
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


def _look(work: _Drop, file: File) -> _Seen:
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


def _note_unused(work: _Drop, names: list[str]) -> None:
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


def _check(work: _Drop) -> None:
    """Check DM, then every other domain against its subjects, then what spans domains."""
    subjects: pl.Series | None = None
    for domain, schema in DOMAINS.items():
        files = {} if domain in work.long else _files_of(work, domain)
        if files:
            checked = check_domain(domain, files, schema, work.study.study, subjects)
        else:
            checked = Checked(_empty(schema), [], {})
        work.checked[domain] = checked
        if domain == "DM":
            subjects = checked.frame.get_column("USUBJID")
    if subjects is None or subjects.is_empty():
        work.problems.append(_no_subject(work))
        return
    _check_supp(work, subjects)
    frames = {d: work.checked[d].frame for d in DOMAINS}
    work.remarks += cross_remarks(frames, work.study)


def _no_subject(work: _Drop) -> str:
    reasons = gather(work.checked["DM"].remarks, "quarantine")["RULE"].unique().sort().to_list()
    read = sum(work.checked["DM"].read.values())
    why = f"; its {read} rows break {', '.join(reasons)}" if reasons else ""
    name = next(f.path.name for f in work.files if f.domain == "DM")
    return f"{name}: NO_SUBJECT, {RULES['NO_SUBJECT'].sentence}{why}"


def _files_of(work: _Drop, domain: str) -> dict[str, pl.DataFrame]:
    return {f.dataset: work.sources[f.dataset].frame for f in work.files if f.domain == domain}


def _empty(schema: type[dy.Schema]) -> pl.DataFrame:
    return schema.create_empty().with_columns(pl.lit(None, pl.String).alias(FILE))


def _check_supp(work: _Drop, subjects: pl.Series) -> None:
    """Qualifiers: those with an accepted parent are merged into it."""
    for domain in sorted({f.domain for f in work.files} - set(DOMAINS)):
        parent = parent_of(domain)
        if parent in work.long:
            continue
        supp = check_domain(domain, _files_of(work, domain), Supp, work.study.study, subjects)
        supp, owner, counts = qualified(supp, work.checked[parent], parent)
        work.checked[domain], work.checked[parent] = supp, owner
        work.remarks += not_used_remarks([counts])


def _check_long(work: _Drop, folder: Path) -> tuple[dict[str, Long], Remarks]:
    """Long domains, once the domains that they are checked against are known."""
    frames = {d: _empty(schema) for d, schema in DOMAINS.items()}
    frames |= {d: work.checked[d].frame for d in ("DM", "EX")}
    remarks = Remarks(folder, work.sizes)
    drop = LongDrop(work.study, frames, folder, work.sizes, remarks)
    out: dict[str, Long] = {}
    for domain in sorted(work.long):
        files = {f: work.surveys[f.dataset] for f in work.files if parent_of(f.domain) == domain}
        out[domain] = check_long(domain, files, drop)
    return out, remarks


def _tables(work: _Drop) -> Tables:
    long, more = _check_long(work, work.spill) if work.spill and work.long else ({}, None)
    held = [*work.remarks, *(r for c in work.checked.values() for r in c.remarks)]
    held += [r for made in long.values() for r in made.remarks]
    accepted = pl.concat(
        [c.frame.select(pl.col(FILE).alias("DOMAIN"), "ROW") for c in work.checked.values()]
    )
    tables: Tables = {table_name(d): ordered(d, work.checked[d].frame) for d in DOMAINS}
    for domain, made in long.items():
        if work.spill and made.parts:
            name = table_name(domain)
            tables[name] = joined(made.parts, work.spill / f"{name}.parquet")
    study = work.study.study
    for name in ("quarantine", "notes"):
        tables[name] = remarks_table(name, study, held, accepted, more)
    return {**tables, "ledger": ledger(study, _counts(work, long, gather(held, "quarantine")))}


def _counts(
    work: _Drop, long: dict[str, Long], quarantine: pl.DataFrame
) -> list[tuple[File, int, int, int]]:
    """Each file with its rows read, accepted and held back."""
    held = dict(
        quarantine.group_by("DOMAIN").agg(pl.col("ROW").n_unique()).sort("DOMAIN").iter_rows()
    )
    rows: list[tuple[File, int, int, int]] = []
    for file in work.files:
        name, made = file.dataset, long.get(parent_of(file.domain))
        if made:
            seen = work.surveys[name]
            rows.append((file, seen.height, made.accepted[name], made.held[name]))
        else:
            checked = work.checked[file.domain]
            accepted = int((checked.frame[FILE] == name).sum())
            rows.append((file, checked.read[name], accepted, held.get(name, 0)))
    return rows
