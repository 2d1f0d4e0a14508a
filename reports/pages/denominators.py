"""Denominators as titles of figures say them, one for each arm."""

from __future__ import annotations

import polars as pl

from reports.select import Block, first, only
from reports.tables.grades import arm_name, treated


def denominators(block: Block) -> str:
    """Treated subjects of each arm, for a title."""
    parts = [f"N\u00a0=\u00a0{treated(block, arm)}" for arm in block.arms]
    if len(parts) == 1:
        return parts[0]
    return ", ".join(f"{arm_name(a)} {p}" for a, p in zip(block.arms, parts, strict=True))


def cases(block: Block, rows: pl.DataFrame) -> str:
    """Subjects behind the curve of each arm, for a title."""
    parts: list[str] = []
    for arm in block.arms:
        row = first(only(rows, COHORT=arm, LEVEL="curve"))
        n = "0" if row is None else "withheld" if row["N"] is None else str(row["N"])
        name = f"{arm_name(arm)} " if len(block.arms) > 1 else ""
        parts.append(f"{name}N\u00a0=\u00a0{n}")
    return ", ".join(parts)
