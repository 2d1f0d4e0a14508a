"""Blocking checks: schemas, the rules between tables, and what must hold of pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import dataframely as dy
import polars as pl
from dataframely.exc import SchemaError

from pipeline.assets.rules import RULES, Rule, Tables
from pipeline.lake.parquet import parts
from pipeline.plan import MADE
from pipeline.schemas.sdtm import DOMAINS as SDTM
from pipeline.schemas.tables import TABLES
from pipeline.table import Table


@dataclass(frozen=True)
class Verdict:
    """A check's answer: the rule's sentence where it holds, else what breaks it."""

    name: str
    table: str
    passed: bool
    message: str


def rules(stage: str) -> list[Rule]:
    """Checks of a stage's tables, the schemas first."""
    return [*(_schema_rule(table) for table in MADE[stage]), *RULES.get(stage, [])]


def check_tables(stage: str, made: Tables, given: Mapping[str, Table]) -> list[Verdict]:
    """Verdicts on what a stage made, in the light of what it was given.

    Where a schema is broken the other rules of the stage are not asked: they read the columns.
    """
    schemas = [_judge(_schema_rule(table), made, given) for table in MADE[stage]]
    others = RULES.get(stage, [])
    if not all(v.passed for v in schemas):
        return schemas
    return [*schemas, *(_judge(rule, made, given) for rule in others)]


def _judge(rule: Rule, made: Tables, given: Mapping[str, Table]) -> Verdict:
    breaches = rule.breaches(made, given)
    return Verdict(rule.name, rule.table, not breaches, "; ".join(breaches) or rule.says)


# ---- schemas ----


def schema_of(table: str) -> type[dy.Schema]:
    """The contract class of a table."""
    if table.startswith("sdtm_"):
        return SDTM[table.removeprefix("sdtm_").upper()]
    return TABLES[table.removeprefix("cohort_")]


def _schema_rule(table: str) -> Rule:
    schema = schema_of(table)
    return Rule(
        f"{table}_schema",
        table,
        f"Columns, types, key, order and rules of {schema.__name__} hold.",
        lambda made, _: _breaches(made, table, schema),
    )


def _breaches(made: Tables, table: str, schema: type[dy.Schema]) -> list[str]:
    if table not in made:
        return [f"{table} was not made"]
    broken, unsorted, last = Counter[str](), False, None
    for frame in parts(made[table]):
        try:
            _, failure = schema.filter(frame, cast=False)
        except SchemaError as error:
            return [" ".join(str(error).split())]
        broken.update(failure.counts())
        keys = frame.select(schema.primary_key())
        if last is not None and keys.width and keys.head(1).equals(last):
            broken["primary_key"] += 2
        keys = keys if last is None else pl.concat([last, keys])
        unsorted = unsorted or not keys.equals(keys.sort(keys.columns))
        last = keys.tail(1)
    if unsorted and not broken:
        return [f"{table} is not sorted by {', '.join(schema.primary_key())}"]
    return [f"{_rows(n)} {rule.replace('|', ' ')}" for rule, n in broken.items()]


def _rows(n: int) -> str:
    return "1 row breaks" if n == 1 else f"{n} rows break"


# ---- pages ----

_OUTSIDE = re.compile(
    rb"<(?:script|img|link|iframe|source)\b[^>]*\b(?:src|href)=[\"']?https?:", re.I
)
PAGE_RULES = {
    "filled": "All pages are there and none is empty.",
    "in_their_place": "Every page lies in its own folder.",
    "self_contained": "No page asks the network for anything.",
}


def check_pages(asset: str, folder: str, pages: Mapping[str, bytes]) -> list[Verdict]:
    """Verdicts on rendered pages of an asset that belong below a folder ("" = anywhere)."""
    empty = [path for path, data in pages.items() if not data]
    found = {
        "filled": [*([] if pages else ["no page was made"]), *(f"{p} is empty" for p in empty)],
        "in_their_place": [
            f"{path} lies outside {folder}"
            for path in pages
            if folder and not path.startswith(f"{folder}/")
        ],
        "self_contained": [
            f"{p} loads from the network" for p, d in pages.items() if _OUTSIDE.search(d)
        ],
    }
    return [
        Verdict(f"{asset}_{rule}", asset, not found[rule], "; ".join(found[rule]) or says)
        for rule, says in PAGE_RULES.items()
    ]
