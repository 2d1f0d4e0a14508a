"""What a drop would give: read, held back, remarked on, or refused, and why. Writes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from pipeline.ingest.drop import DropRefused, ingest_drop
from pipeline.ingest.rules import RULES
from pipeline.query import Query
from pipeline.schemas.codelists import CodelistError
from pipeline.schemas.visible import visible_line
from pipeline.study import Study, StudyError, load_study
from pipeline.table import Table

EXAMPLES = 3
TERMS = 10

Unmapped = Callable[[Mapping[str, Any], Study], pl.DataFrame]


@dataclass(frozen=True)
class RuleCount:
    """How often one rule was broken in one column of a data set, and the first places."""

    domain: str
    rule: str
    severity: str
    column: str
    count: int
    rows: list[int]
    example: str
    cdisc: str | None


@dataclass(frozen=True)
class DropCheck:
    """The outcome of a check. `refused` is empty where the drop would be taken."""

    study: str
    refused: list[str] = field(default_factory=list)
    ledger: list[dict[str, Any]] = field(default_factory=list)
    rules: list[RuleCount] = field(default_factory=list)
    unmapped: list[dict[str, Any]] = field(default_factory=list)

    def to_json(self) -> str:
        """The same for a machine."""
        return json.dumps(asdict(self), indent=2)


def check_drop(drop: Path, unmapped: Unmapped | None = None) -> DropCheck:
    """Validate a drop folder with its study.yaml; nothing is written.

    Args:
        drop: The folder.
        unmapped: Lists the terms that no codelist knows; that is known to later stages only.
    """
    drop = drop.resolve()
    with TemporaryDirectory() as folder:
        return _check(drop, Path(folder), unmapped)


def _check(drop: Path, spill: Path, unmapped: Unmapped | None) -> DropCheck:
    try:
        study = load_study(drop)
        tables = ingest_drop(drop, study, spill)
        terms = unmapped(tables, study).drop("STUDYID").to_dicts() if unmapped else []
    except StudyError as error:
        return DropCheck(drop.name, [f"study.yaml: {problem}" for problem in error.problems])
    except DropRefused as error:
        return DropCheck(drop.name, error.problems)
    except CodelistError as error:
        return DropCheck(drop.name, [f"study.yaml: {error}"])
    counts = [*_counted(tables["quarantine"]), *_counted(tables["notes"])]
    ledger = tables["ledger"]
    rows = pl.read_parquet(ledger) if isinstance(ledger, Path) else ledger
    return DropCheck(drop.name, [], rows.drop("STUDYID").to_dicts(), counts, terms)


def _counted(remarks: Table) -> list[RuleCount]:
    with Query({"remarks": remarks}) as query:
        grouped = query.sql(_COUNTED, {"examples": EXAMPLES})
    return [
        RuleCount(
            domain, rule, RULES[rule].severity, column, count, rows, message, RULES[rule].cdisc
        )
        for domain, rule, column, count, rows, message in grouped.iter_rows()
    ]


def format_check(check: DropCheck) -> str:
    """The outcome for a person; what came from the drop cannot act on the terminal."""
    return "\n".join(visible_line(line) for line in _lines(check))


def _lines(check: DropCheck) -> list[str]:
    if check.refused:
        problems = [f"  {problem}" for problem in check.refused]
        return [f"{check.study}: REFUSED, nothing would be taken", *problems]
    lines = [f"{check.study}: would be taken", "", _LEDGER.format(*_HEAD)]
    lines += [
        _LEDGER.format(
            row["DOMAIN"], row["FORMAT"], row["N_READ"], row["N_ACCEPTED"], row["N_QUARANTINED"]
        )
        for row in check.ledger
    ]
    for severity, title in (("quarantine", "Held back"), ("note", "Kept, with a remark")):
        found = [rule for rule in check.rules if rule.severity == severity]
        lines += ["", f"{title}: {'' if found else 'nothing'}".rstrip()]
        lines += [_told(rule) for rule in found]
    return [*lines, *_listed(check.unmapped)]


def _listed(terms: list[dict[str, Any]]) -> list[str]:
    """Terms that no codelist knows: how many of each list, and the ten that matter most."""
    lines = ["", "Not in a codelist, most frequent first:"] if terms else []
    for name in sorted({term["LIST"] for term in terms}):
        own = [term for term in terms if term["LIST"] == name]
        likely = [term for term in own if term["RELEVANT"]]
        lines.append(f"  {name}: {len(own)} terms, {len(likely)} likely to matter")
        lines += [_term(term) for term in (likely or own)[:TERMS]]
    return lines


def _term(term: dict[str, Any]) -> str:
    about = f" ({term['ABOUT']})" if term["ABOUT"] else ""
    return f"    {term['TERM']}{about}: {term['N_ROWS']} rows, {term['N_SUBJECTS']} subjects"


# Smallest rows and the message of the first, without holding what is counted.
_COUNTED = """
select DOMAIN, RULE, "COLUMN", count(*), min(ROW, $examples), min_by(MESSAGE, ROW)
from remarks group by all order by DOMAIN, RULE, "COLUMN"
"""
_HEAD = ("data set", "format", "read", "accepted", "held back")
_LEDGER = "  {:<10} {:<10} {:>9} {:>9} {:>9}"


def _told(rule: RuleCount) -> str:
    if rule.rows == [0]:
        return f"  {rule.domain} {rule.rule}: {rule.example}"
    rows = ", ".join(str(row) for row in rule.rows) + (", ..." if rule.count > EXAMPLES else "")
    return f"  {rule.domain} {rule.rule}: {rule.count} x, row {rows}: {rule.example}"
