"""Tables and pages as Dagster shows them before and after they are made: meaning, columns, checks.

Loaded with every process that has definitions, so nothing here needs polars or dataframely.
"""

from __future__ import annotations

from collections.abc import Iterable

import dagster as dg

from pipeline.assets.links import front_page
from pipeline.assets.rules import Rule
from pipeline.plan import MADE
from pipeline.schemas.dictionary import Column, Entry, dictionary

OWNERS = ["team:trial-safety"]


def entry_of(table: str) -> Entry:
    """What is known of a table; results over studies are those of a study in shape."""
    return dictionary()[table.removeprefix("cohort_")]


def table_specs(
    stage: str, group: str, kinds: set[str], deps: list[str], code: str
) -> list[dg.AssetSpec]:
    """One asset per table of a stage: what a row is, and its columns with meaning and unit."""
    return [
        dg.AssetSpec(
            table,
            deps=deps,
            description=_meaning(table),
            group_name=group,
            kinds=kinds | {"table"},
            owners=OWNERS,
            code_version=code[:12],
            metadata={"dagster/column_schema": _schema(table)},
        )
        for table in MADE[stage]
    ]


def pages_spec(
    asset: str, description: str, kinds: set[str], deps: list[str], code: str
) -> dg.AssetSpec:
    """An asset that is pages."""
    return dg.AssetSpec(
        asset,
        deps=deps,
        description=description,
        group_name="reports",
        kinds=kinds | {"html"},
        owners=OWNERS,
        code_version=code[:12],
        metadata=front_page(),
    )


def check_specs(rules: Iterable[Rule]) -> list[dg.AssetCheckSpec]:
    """One blocking check per rule."""
    return [
        dg.AssetCheckSpec(rule.name, asset=rule.table, description=rule.says, blocking=True)
        for rule in rules
    ]


def _meaning(table: str) -> str:
    over = "Over all studies that are ready. " if table.startswith("cohort_") else ""
    key = ", ".join(column.name for column in entry_of(table).columns if column.key)
    return f"{over}{entry_of(table).row}\n\nKey: {key or 'none'}."


def _schema(table: str) -> dg.TableSchema:
    return dg.TableSchema(columns=[_column(column) for column in entry_of(table).columns])


def _column(column: Column) -> dg.TableColumn:
    return dg.TableColumn(
        name=column.name,
        type=column.type.partition("(")[0],
        description=column.description,
        constraints=dg.TableColumnConstraints(
            nullable=column.nullable, other=["key"] if column.key else []
        ),
    )
