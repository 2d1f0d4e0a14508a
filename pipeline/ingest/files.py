"""Which files of a drop hold which data sets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.ingest.readers import READERS
from pipeline.schemas.sdtm import DOMAINS

_TWO = [domain for domain in DOMAINS if len(domain) == 2]
_OURS = {"study.yaml", "_success", "define.xml"}
_TEXT = {"", ".md", ".txt", ".pdf", ".html", ".xsl", ".yaml", ".yml", ".log"}


@dataclass(frozen=True)
class File:
    """A file that gives a data set: AE, LBCH (a part of LB), SUPPAE, RELREC."""

    path: Path
    dataset: str
    domain: str
    format: str


@dataclass(frozen=True)
class Listing:
    """What lies in a drop: data sets, files that are not used, and what forbids taking it."""

    files: list[File]
    unused: list[str]
    problems: list[str]


def list_files(drop: Path) -> Listing:
    """Data sets of a drop by file name, whatever its case.

    Rule: a name of four letters that begins with a domain is a split data set (LBCH is part of LB);
    two files of one data set are refused, as nothing says which one counts.
    """
    if not drop.is_dir():
        return Listing([], [], [f"{drop.name}: FILE_UNREADABLE, is no folder"])
    found: dict[str, list[File]] = {}
    unused: list[str] = []
    for path in sorted(drop.iterdir(), key=lambda p: p.name):
        domain = domain_of(path.stem.upper())
        kind = path.suffix.lower().removeprefix(".")
        if path.is_file() and domain is not None and kind in READERS:
            dataset = path.stem.upper()
            found.setdefault(dataset, []).append(File(path, dataset, domain, kind))
        elif not _is_company(path):
            unused.append(path.name)
    twice = [files for files in found.values() if len(files) > 1]
    problems = [
        f"{' and '.join(f.path.name for f in files)}: TWO_FILES, both give {files[0].dataset}"
        for files in twice
    ]
    return Listing([files[0] for files in found.values()], unused, problems)


def domain_of(dataset: str) -> str | None:
    """Domain whose rows a data set holds; SUPP and its parent's letters for qualifiers."""
    if dataset in DOMAINS:
        return dataset
    base = dataset.removeprefix("SUPP")
    part = re.fullmatch(r"([A-Z]{2})(?:[A-Z0-9]{2})?", base)
    if part is None or part[1] not in _TWO or (base == dataset and part[1] == "DM"):
        return None
    return part[1] if base == dataset else f"SUPP{part[1]}"


def _is_company(path: Path) -> bool:
    """Files that travel with a drop and are no data."""
    name = path.name.lower()
    return name.startswith((".", "license", "source", "readme")) or name in _OURS or (
        path.suffix.lower() in _TEXT and path.suffix != ""
    )  # fmt: skip
