"""A domain too long to be held: checked portion by portion with the rules of the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.ingest.coerce import unused
from pipeline.ingest.cross import cross_remarks
from pipeline.ingest.files import File
from pipeline.ingest.outcome import Remarks, ordered
from pipeline.ingest.portions import bounds, portion, spread
from pipeline.ingest.qualified import qualified
from pipeline.ingest.remarks import FILE, PLACE, gather
from pipeline.ingest.supp import not_used_remarks
from pipeline.ingest.survey import Sizes, Survey
from pipeline.ingest.validate import Checked, Numbering, check_domain, rows_before
from pipeline.schemas.sdtm import DOMAINS, Supp
from pipeline.study import Study

Frames = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Drop:
    """What a long domain is checked against, and where it may put rows meanwhile."""

    study: Study
    frames: Frames
    folder: Path
    sizes: Sizes
    remarks: Remarks


@dataclass
class Long:
    """A long domain after its rules: accepted rows as files in order, and what was counted.

    `accepted` and `held` count rows per data set; `remarks` are those on files as a whole.
    """

    parts: list[Path] = field(default_factory=list)
    remarks: list[pl.DataFrame] = field(default_factory=list)
    accepted: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)


def check_long(domain: str, files: Mapping[File, Survey], drop: Drop) -> Long:
    """Check a long domain with its qualifiers.

    Args:
        domain: Two letters.
        files: Its files and those of its qualifiers, and what was seen in them.
        drop: What it is checked against.
    """
    schema = DOMAINS[domain]
    last = bounds([subject for seen in files.values() for subject in seen.sample], drop.sizes)
    out = Long()
    for file, seen in files.items():
        spread(file, seen, last, drop.folder, drop.sizes)
        out.accepted[file.dataset] = out.held[file.dataset] = 0
        out.remarks += unused(file.dataset, seen.filled, schema if file.domain == domain else Supp)
    numbering = _numbering(domain, files)
    counts: list[pl.DataFrame] = []
    for at in range(len(last) + 1):
        raw = {file: portion(file, seen, at, drop.folder) for file, seen in files.items()}
        counts += _check_portion(domain, raw, numbering, drop, out)
    out.remarks += not_used_remarks(counts)
    return out


def _numbering(domain: str, files: Mapping[File, Survey]) -> Numbering:
    own = {file.dataset: seen for file, seen in files.items() if file.domain == domain}
    largest = max((seen.largest for seen in own.values()), default=0)
    return Numbering(largest, rows_before({name: seen.height for name, seen in own.items()}))


def _check_portion(
    domain: str, raw: Mapping[File, pl.DataFrame], numbering: Numbering, drop: Drop, out: Long
) -> list[pl.DataFrame]:
    """Check some subjects and put down what comes of it; counts of qualifiers not used."""
    checked, counts = _checked(domain, raw, numbering, drop)
    frames = {**drop.frames, domain: checked[domain].frame}
    remarks = [r for c in checked.values() for r in c.remarks] + cross_remarks(frames, drop.study)
    place = pl.concat([c.frame.select(PLACE) for c in checked.values()])
    place = place.rename({FILE: "DOMAIN"})
    notes, held = gather(remarks, "note"), gather(remarks, "quarantine")
    # What concerns a file as a whole was counted over all of it, but for this.
    out.remarks.append(notes.filter(pl.col("RULE") == "COLUMN_ADDED"))
    held = held.filter(pl.col("ROW") > 0, pl.col("DOMAIN").is_in(list(out.held)))
    drop.remarks.add("quarantine", held)
    drop.remarks.add("note", notes.join(place, on=["DOMAIN", "ROW"], how="semi"))
    _count(out.accepted, place)
    _count(out.held, held.unique(["DOMAIN", "ROW"]))
    part = ordered(domain, checked[domain].frame)
    if part.height:
        out.parts.append(drop.folder / f"{domain}-{len(out.parts):06}.parquet")
        part.write_parquet(out.parts[-1])
    return counts


def _checked(
    domain: str, raw: Mapping[File, pl.DataFrame], numbering: Numbering, drop: Drop
) -> tuple[dict[str, Checked], list[pl.DataFrame]]:
    """The domain of some subjects with its qualifiers merged, and these."""
    schema, study = DOMAINS[domain], drop.study.study
    subjects = drop.frames["DM"].get_column("USUBJID")
    files = {
        name: {f.dataset: frame for f, frame in raw.items() if f.domain == name}
        for name in (domain, f"SUPP{domain}")
    }
    # There may be qualifiers of a domain that has no file.
    own = Checked(drop.frames[domain], [], {})
    if files[domain]:
        own = check_domain(domain, files[domain], schema, study, subjects, numbering=numbering)
    if not files[f"SUPP{domain}"]:
        return {domain: own}, []
    supp = check_domain(f"SUPP{domain}", files[f"SUPP{domain}"], Supp, study, subjects)
    supp, own, counts = qualified(supp, own, domain)
    return {domain: own, f"SUPP{domain}": supp}, [counts]


def _count(counts: dict[str, int], rows: pl.DataFrame) -> None:
    for dataset, n in rows.group_by("DOMAIN").agg(pl.len()).iter_rows():
        counts[dataset] += n
