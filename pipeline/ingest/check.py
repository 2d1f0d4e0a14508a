"""What a drop would give: read, held back, remarked on, or refused, and why. Writes nothing."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from pipeline.ingest.drop import DropRefused, ingest_drop
from pipeline.ingest.rules import RULES
from pipeline.query import Query, Table
from pipeline.study import StudyError, load_study

EXAMPLES = 3


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

    def to_json(self) -> str:
        """The same for a machine."""
        return json.dumps(asdict(self), indent=2)


def check_drop(drop: Path) -> DropCheck:
    """Validate a drop folder with its study.yaml; nothing is written."""
    drop = drop.resolve()
    with TemporaryDirectory() as folder:
        return _check(drop, Path(folder))


def _check(drop: Path, spill: Path) -> DropCheck:
    try:
        tables = ingest_drop(drop, load_study(drop), spill)
    except StudyError as error:
        return DropCheck(drop.name, [f"study.yaml: {problem}" for problem in error.problems])
    except DropRefused as error:
        return DropCheck(drop.name, error.problems)
    counts = [*_counted(tables["quarantine"]), *_counted(tables["notes"])]
    ledger = tables["ledger"]
    rows = pl.read_parquet(ledger) if isinstance(ledger, Path) else ledger
    return DropCheck(drop.name, [], rows.drop("STUDYID").to_dicts(), counts)


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
    """The outcome for a person."""
    if check.refused:
        problems = [f"  {problem}" for problem in check.refused]
        return "\n".join([f"{check.study}: REFUSED, nothing would be taken", *problems])
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
    return "\n".join(lines)


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
