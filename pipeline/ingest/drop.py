"""One study drop in: typed domains, ledger, quarantine and notes out, or a refusal with reasons."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import dataframely as dy
import polars as pl

from pipeline.ingest.cross import cross_remarks
from pipeline.ingest.files import File
from pipeline.ingest.long import Drop as LongDrop
from pipeline.ingest.long import Long, check_long
from pipeline.ingest.outcome import Remarks, joined, ledger, ordered, remarks_table
from pipeline.ingest.qualified import qualified
from pipeline.ingest.reading import Reading, read_files
from pipeline.ingest.remarks import FILE, gather
from pipeline.ingest.rules import RULES
from pipeline.ingest.supp import not_used_remarks
from pipeline.ingest.survey import Sizes, parent_of
from pipeline.ingest.validate import Checked, check_domain
from pipeline.ingest.variables import dm_variables, without_used
from pipeline.schemas.sdtm import DOMAINS, Supp, table_name
from pipeline.study import Study
from pipeline.table import Table

Tables = dict[str, Table]


class DropRefused(Exception):  # noqa: N818  the drop is refused, nothing went wrong here
    """A drop of which nothing is taken; each problem names file, row, column and rule."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


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
    work = read_files(drop, study, spill, sizes or Sizes())
    if work.problems:
        raise DropRefused(work.problems)
    checked = _check(work)
    variables = _named_variables(work, checked)
    return {**_tables(work, checked), "dm_variables": variables}


def _check(work: Reading) -> dict[str, Checked]:
    """Check DM, then every other domain against its subjects, then what spans domains."""
    checked: dict[str, Checked] = {}
    subjects: pl.Series | None = None
    for domain, schema in DOMAINS.items():
        files = {} if domain in work.long else _files_of(work, domain)
        if files:
            checked[domain] = check_domain(domain, files, schema, work.study.study, subjects)
        else:
            checked[domain] = Checked(_empty(schema), [], {})
        if domain == "DM":
            subjects = checked[domain].frame.get_column("USUBJID")
    if subjects is None or subjects.is_empty():
        raise DropRefused([_no_subject(work, checked["DM"])])
    _check_supp(work, checked, subjects)
    frames = {d: checked[d].frame for d in DOMAINS}
    work.remarks += cross_remarks(frames, work.study)
    return checked


def _no_subject(work: Reading, subjects: Checked) -> str:
    reasons = gather(subjects.remarks, "quarantine")["RULE"].unique().sort().to_list()
    read = sum(subjects.read.values())
    why = f"; its {read} rows break {', '.join(reasons)}" if reasons else ""
    name = next(f.path.name for f in work.files if f.domain == "DM")
    return f"{name}: NO_SUBJECT, {RULES['NO_SUBJECT'].sentence}{why}"


def _files_of(work: Reading, domain: str) -> dict[str, pl.DataFrame]:
    return {f.dataset: work.sources[f.dataset].frame for f in work.files if f.domain == domain}


def _empty(schema: type[dy.Schema]) -> pl.DataFrame:
    return schema.create_empty().with_columns(pl.lit(None, pl.String).alias(FILE))


def _check_supp(work: Reading, checked: dict[str, Checked], subjects: pl.Series) -> None:
    """Qualifiers: those with an accepted parent are merged into it."""
    for domain in sorted({f.domain for f in work.files} - set(DOMAINS)):
        parent = parent_of(domain)
        if parent in work.long:
            continue
        supp = check_domain(domain, _files_of(work, domain), Supp, work.study.study, subjects)
        checked[domain], checked[parent], counts = qualified(supp, checked[parent], parent)
        work.remarks += not_used_remarks([counts])


def _named_variables(work: Reading, checked: dict[str, Checked]) -> pl.DataFrame:
    """What study.yaml names of DM beyond the schema; it is used, so no remark says otherwise."""
    dm, supp = checked["DM"], checked.get("SUPPDM")
    qualifiers = supp.frame if supp else _empty(Supp)
    table, notes = dm_variables(work.study, _files_of(work, "DM"), dm.frame, qualifiers)
    checked["DM"] = replace(dm, remarks=without_used(dm.remarks, work.study))
    work.remarks = [*without_used(work.remarks, work.study), *notes]
    return table


def _check_long(
    work: Reading, checked: dict[str, Checked], folder: Path
) -> tuple[dict[str, Long], Remarks]:
    """Long domains, once the domains that they are checked against are known."""
    frames = {d: _empty(schema) for d, schema in DOMAINS.items()}
    frames |= {d: checked[d].frame for d in ("DM", "EX")}
    remarks = Remarks(folder, work.sizes)
    drop = LongDrop(work.study, frames, folder, work.sizes, remarks)
    out: dict[str, Long] = {}
    for domain in sorted(work.long):
        files = {f: work.surveys[f.dataset] for f in work.files if parent_of(f.domain) == domain}
        out[domain] = check_long(domain, files, drop)
    return out, remarks


def _tables(work: Reading, checked: dict[str, Checked]) -> Tables:
    long, more = _check_long(work, checked, work.spill) if work.spill and work.long else ({}, None)
    held = [*work.remarks, *(r for c in checked.values() for r in c.remarks)]
    held += [r for made in long.values() for r in made.remarks]
    accepted = pl.concat(
        [c.frame.select(pl.col(FILE).alias("DOMAIN"), "ROW") for c in checked.values()]
    )
    tables: Tables = {table_name(d): ordered(d, checked[d].frame) for d in DOMAINS}
    for domain, made in long.items():
        if work.spill and made.parts:
            name = table_name(domain)
            tables[name] = joined(made.parts, work.spill / f"{name}.parquet")
    study = work.study.study
    for name in ("quarantine", "notes"):
        tables[name] = remarks_table(name, study, held, accepted, more)
    back = gather(held, "quarantine").group_by("DOMAIN").agg(pl.col("ROW").n_unique())
    rows = _counts(work, checked, long, dict(back.sort("DOMAIN").iter_rows()))
    return {**tables, "ledger": ledger(study, rows)}


def _counts(
    work: Reading, checked: dict[str, Checked], long: dict[str, Long], held: dict[str, int]
) -> list[tuple[File, int, int, int]]:
    """Each file with its rows read, accepted and held back."""
    rows: list[tuple[File, int, int, int]] = []
    for file in work.files:
        name, made = file.dataset, long.get(parent_of(file.domain))
        if made:
            seen = work.surveys[name]
            rows.append((file, seen.height, made.accepted[name], made.held[name]))
        else:
            own = checked[file.domain]
            accepted = int((own.frame[FILE] == name).sum())
            rows.append((file, own.read[name], accepted, held.get(name, 0)))
    return rows
