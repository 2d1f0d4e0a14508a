"""Judges what a stage made: by the schemas, by the rules between tables, and pages by theirs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import dataframely as dy
import polars as pl
from dataframely.exc import SchemaError

from pipeline.assets.breaches import BREACHES, PLACES, Breach, Tables, places_of
from pipeline.assets.rules import PAGE_RULES, RULES, Rule, page_rules, schema_rule
from pipeline.lake.parquet import parts
from pipeline.plan import MADE
from pipeline.schemas.sdtm import DOMAINS as SDTM
from pipeline.schemas.tables import TABLES
from pipeline.table import Table

Places = tuple[Mapping[str, object], ...]


@dataclass(frozen=True)
class Verdict:
    """A check's answer: the rule's sentence where it holds, else what breaks it, and where."""

    name: str
    table: str
    passed: bool
    message: str
    rows: int = 0
    places: Places = ()


def check_tables(stage: str, made: Tables, given: Mapping[str, Table]) -> list[Verdict]:
    """Verdicts on what a stage made, in the light of what it was given.

    Where a schema is broken the other rules of the stage are not asked: they read the columns.
    """
    schemas = [_verdict(schema_rule(t), list(_by_schema(t, made))) for t in MADE[stage]]
    if not all(v.passed for v in schemas):
        return schemas
    return [
        *schemas,
        *(_verdict(rule, BREACHES[rule.name](made, given)) for rule in RULES.get(stage, [])),
    ]


def _verdict(rule: Rule, found: list[Breach]) -> Verdict:
    return Verdict(
        rule.name,
        rule.table,
        passed=not found,
        message="; ".join(breach.says for breach in found) or rule.says,
        rows=sum(breach.rows for breach in found),
        places=tuple(place for breach in found for place in breach.places)[:PLACES],
    )


# ---- schemas ----


def schema_of(table: str) -> type[dy.Schema]:
    """The contract class of a table."""
    if table.startswith("sdtm_"):
        return SDTM[table.removeprefix("sdtm_").upper()]
    return TABLES[table.removeprefix("cohort_")]


def _by_schema(table: str, made: Tables) -> Iterator[Breach]:
    """Rows that break the rules of their schema, by rule; else rows out of order."""
    if table not in made:
        yield Breach(f"{table} was not made", rows=0)
        return
    schema = schema_of(table)
    broken, unsorted, last = Counter[str](), False, None
    places: dict[str, Places] = {}
    for frame in parts(made[table]):
        try:
            _, failure = schema.filter(frame, cast=False)
        except SchemaError as error:
            yield Breach(" ".join(str(error).split()), rows=0)
            return
        broken.update(failure.counts())
        if failure.counts() and not places:
            places = _places(failure.details(), failure.counts(), schema)
        keys = frame.select(schema.primary_key())
        if last is not None and keys.width and keys.head(1).equals(last):
            broken["primary_key"] += 2
        keys = keys if last is None else pl.concat([last, keys])
        unsorted = unsorted or not keys.equals(keys.sort(keys.columns))
        last = keys.tail(1)
    if unsorted and not broken:
        yield Breach(f"{table} is not sorted by {', '.join(schema.primary_key())}", rows=0)
    for rule, n in broken.items():
        yield Breach(f"{_rows(n)} {rule.replace('|', ' ')}", n, places.get(rule, ()))


def _places(
    details: pl.DataFrame, broken: Mapping[str, int], schema: type[dy.Schema]
) -> dict[str, Places]:
    """By rule, where its first broken rows are: key, row of the file, column."""
    where = (*(c for c in schema.primary_key() if c != "STUDYID"), "ROW")
    return {
        rule: tuple(
            {**place, "COLUMN": rule.partition("|")[0]} if "|" in rule else place
            for place in places_of(details.filter(pl.col(rule) == "invalid"), where)
        )
        for rule in broken
    }


def _rows(n: int) -> str:
    return "1 row breaks" if n == 1 else f"{n} rows break"


# ---- pages ----

_OUTSIDE = re.compile(
    rb"<(?:script|img|link|iframe|source)\b[^>]*\b(?:src|href)=[\"']?https?:", re.I
)


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
        _verdict(rule, [Breach(says) for says in found[name]])
        for name, rule in zip(PAGE_RULES, page_rules(asset), strict=True)
    ]
