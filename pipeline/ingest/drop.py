"""One study drop in: typed domains, ledger, quarantine and notes out, or a refusal with reasons."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path

import dataframely as dy
import polars as pl

from pipeline.ingest.cross import cross_remarks
from pipeline.ingest.deidentify import find_identifiers
from pipeline.ingest.files import File, Listing, list_files
from pipeline.ingest.readers import READERS, Source, UnreadableError
from pipeline.ingest.remarks import FILE, file_remark, gather
from pipeline.ingest.rules import RULES
from pipeline.ingest.supp import merge, with_parents
from pipeline.ingest.validate import Checked, check_domain, without_bad
from pipeline.ingest.variables import dm_variables, without_used
from pipeline.schemas.sdtm import DOMAINS, Supp, table_name
from pipeline.schemas.sdtm.variables import TOPIC
from pipeline.schemas.tables import TABLES
from pipeline.study import Study

REQUIRED = ("DM", "EX")
ONE_OF = ("AE", "FA", "CE")

Tables = dict[str, pl.DataFrame]


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
    problems: list[str]
    remarks: list[pl.DataFrame] = field(default_factory=list)
    checked: dict[str, Checked] = field(default_factory=dict)


def ingest_drop(drop: Path, study: Study) -> Tables:
    """Read a drop: the 14 typed domains (`sdtm_dm`, ...), `ledger`, `quarantine` and `notes`.

    Every row read is accepted or quarantined with at least one reason; the ledger's schema checks
    that the counts add up, and fails if they ever did not.

    Raises:
        DropRefused: nothing is taken; all problems found are listed at once.
    """
    work = _read(drop, study)
    if not work.problems:
        _check(work)
    if work.problems:
        raise DropRefused(work.problems)
    variables = _named_variables(work)
    return {**_tables(work), "dm_variables": variables}


def _read(drop: Path, study: Study) -> _Drop:
    """Read all files and find everything that forbids taking them."""
    listing = list_files(drop)
    work = _Drop(study, [], {}, list(listing.problems))
    _note_unused(work, listing.unused)
    for file in listing.files:
        try:
            source = READERS[file.format](file.path)
        except (UnreadableError, OSError) as error:
            work.problems.append(f"{file.path.name}: FILE_UNREADABLE, {error}")
            continue
        if (
            len(file.dataset) == 4
            and file.domain in DOMAINS
            and "DOMAIN" not in source.frame.columns
        ):
            _note_unused(work, [file.path.name])
            continue
        work.files.append(file)
        work.sources[file.dataset] = source
        work.problems += _missing_columns(file, source)
        work.problems += [str(i) for i in find_identifiers(file.path.name, source.frame)]
        work.remarks += [
            file_remark(rule, file.dataset, column) for rule, column, _ in source.remarks
        ]
        if source.frame.is_empty():
            work.remarks.append(file_remark("NO_ROWS", file.dataset))
    work.problems += _missing_domains(listing, study)
    if not work.problems and not {f.domain for f in work.files} & set(ONE_OF):
        work.remarks.append(file_remark("NO_CRS_RECORD", "AE"))
    return work


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


def _missing_columns(file: File, source: Source) -> list[str]:
    columns = set(source.frame.columns)
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
        files = _files_of(work, domain)
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
    for domain in sorted({f.domain for f in work.files} - set(DOMAINS)):
        _check_supp(work, domain, subjects)
    frames = {d: work.checked[d].frame for d in DOMAINS}
    work.remarks += cross_remarks(frames, work.study)


def _no_subject(work: _Drop) -> str:
    reasons = gather(work.checked["DM"].remarks, "quarantine")["RULE"].unique().sort().to_list()
    read = sum(work.checked["DM"].read.values())
    why = f"; its {read} rows break {', '.join(reasons)}" if reasons else ""
    name = next(f.path.name for f in work.files if f.domain == "DM")
    return f"{name}: NO_SUBJECT, {RULES['NO_SUBJECT'].sentence}{why}"


def _files_of(work: _Drop, domain: str) -> Tables:
    return {f.dataset: work.sources[f.dataset].frame for f in work.files if f.domain == domain}


def _empty(schema: type[dy.Schema]) -> pl.DataFrame:
    return schema.create_empty().with_columns(pl.lit(None, pl.String).alias(FILE))


def _check_supp(work: _Drop, domain: str, subjects: pl.Series) -> None:
    """Qualifiers of one parent domain: those with an accepted parent are merged into it."""
    parent = domain.removeprefix("SUPP")
    supp = check_domain(domain, _files_of(work, domain), Supp, work.study.study, subjects)
    owner = work.checked[parent]
    joined, found = with_parents(supp.frame, owner.frame, parent)
    merged, notes = merge(owner.frame, joined, parent, DOMAINS[parent])
    remarks = [*supp.remarks, *found]
    work.checked[domain] = Checked(without_bad(supp.frame, remarks), remarks, supp.read)
    work.checked[parent] = Checked(merged, [*owner.remarks, *notes], owner.read)


def _named_variables(work: _Drop) -> pl.DataFrame:
    """What study.yaml names of DM beyond the schema; it is used, so no remark says otherwise."""
    dm, supp = work.checked["DM"], work.checked.get("SUPPDM")
    qualifiers = supp.frame if supp else _empty(Supp)
    table, notes = dm_variables(work.study, _files_of(work, "DM"), dm.frame, qualifiers)
    work.checked["DM"] = replace(dm, remarks=without_used(dm.remarks, work.study))
    work.remarks = [*without_used(work.remarks, work.study), *notes]
    return table


def _tables(work: _Drop) -> Tables:
    remarks = [*work.remarks, *(r for c in work.checked.values() for r in c.remarks)]
    quarantine = gather(remarks, "quarantine")
    places = pl.concat(
        [c.frame.select(pl.col(FILE).alias("DOMAIN"), "ROW") for c in work.checked.values()]
    )
    notes = gather(remarks, "note")
    notes = pl.concat(
        [
            notes.filter(pl.col("ROW") == 0),
            notes.join(places, on=["DOMAIN", "ROW"], how="semi"),
        ]
    )
    domains = {table_name(d): _sorted(d, work.checked[d].frame) for d in DOMAINS}
    reports = {
        "ledger": _ledger(work, quarantine),
        "quarantine": _stated(quarantine, work.study.study, "quarantine"),
        "notes": _stated(notes, work.study.study, "notes"),
    }
    return {**domains, **reports}


def _sorted(domain: str, frame: pl.DataFrame) -> pl.DataFrame:
    schema = DOMAINS[domain]
    rest = ["RELID", "RDOMAIN", "IDVAR", "IDVARVAL"] if domain == "RELREC" else []
    key = [*(schema.primary_key() or ["USUBJID"]), *rest, "ROW"]
    if frame.is_empty():
        return schema.create_empty()
    return schema.validate(frame.select(schema.column_names()).sort(key))


def _stated(remarks: pl.DataFrame, study: str, table: str) -> pl.DataFrame:
    schema = TABLES[table]
    stated = remarks.with_columns(STUDYID=pl.lit(study)).select(schema.column_names())
    return schema.validate(stated.sort(schema.primary_key()))


def _ledger(work: _Drop, quarantine: pl.DataFrame) -> pl.DataFrame:
    held = dict(
        quarantine.group_by("DOMAIN").agg(pl.col("ROW").n_unique()).sort("DOMAIN").iter_rows()
    )
    rows = [
        {
            "STUDYID": work.study.study,
            "DOMAIN": file.dataset,
            "N_READ": work.checked[file.domain].read[file.dataset],
            "N_ACCEPTED": int((work.checked[file.domain].frame[FILE] == file.dataset).sum()),
            "N_QUARANTINED": held.get(file.dataset, 0),
            "SHA256": hashlib.sha256(file.path.read_bytes()).hexdigest(),
            "FORMAT": file.format,
        }
        for file in work.files
    ]
    schema = TABLES["ledger"]
    return schema.validate(pl.DataFrame(rows, schema=schema.create_empty().schema).sort("DOMAIN"))
