"""Grading systems as data: one criteria table per system, read by one engine.

Rows of one criterion must hold at the same time; the criteria of a grade are alternatives.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from pipeline.crs.codelists import Rows, own_rows

FOLDER = Path(__file__).parent

CRITERIA = {
    "SYSTEM": pl.String,
    "GRADE": pl.Int64,
    "CRITERION": pl.String,
    "LADDER": pl.String,
    "MIN_LEVEL": pl.Int64,
    "MAX_LEVEL": pl.Int64,
    "MIN_HOURS": pl.String,
    "WITHIN_H": pl.Int64,
    "GATE": pl.String,
    "UNLESS": pl.String,
    "SWITCH": pl.String,
    "WORDS": pl.String,
    "CITATION": pl.String,
}


def read_systems(own: Rows = ()) -> pl.DataFrame:
    """One row per system: title, the domains that it needs, whether it needs temperatures."""
    ours = pl.read_csv(FOLDER / "systems.csv")
    return pl.concat([ours, own_rows("systems", own, ours.schema)])


def read_requirements(systems: pl.DataFrame) -> pl.DataFrame:
    """One row per system and domain without which it cannot be derived."""
    return systems.select("SYSTEM", pl.col("REQUIRES").str.split(" ").alias("DOMAIN")).explode(
        "DOMAIN"
    )


def read_criteria(switches: dict[str, Any], own: Rows = ()) -> pl.DataFrame:
    """The criteria of all systems, and of a study's own, under the given switches.

    Rule:
        1. A row with SWITCH name=value is used only where the switch has that value; name~value
           where the list has it, name!value where it has not.
        2. MIN_HOURS may name a switch instead of a number.
    """
    files = sorted(p for p in FOLDER.glob("*.csv") if p.name != "systems.csv")
    ours = pl.concat([pl.read_csv(p, schema=CRITERIA) for p in files])
    rows = pl.concat([ours, own_rows("criteria", own, ours.schema)])
    active = pl.col("SWITCH").is_null() | pl.col("SWITCH").is_in(_fulfilled(switches, rows))
    hours = {n: str(v) for n, v in switches.items() if isinstance(v, int | float)}
    return (
        rows.filter(active)
        .with_columns(
            pl.col("MIN_HOURS").replace(hours).cast(pl.Float64).fill_null(0.0),
            pl.col("WITHIN_H").fill_null(0),
        )
        .with_row_index("ROWNO")
        .with_columns(pl.col("ROWNO").cast(pl.Int64))
    )


def _fulfilled(switches: dict[str, Any], rows: pl.DataFrame) -> list[str]:
    """Conditions that hold under the switches, as they may stand in SWITCH."""
    lists = {name: value for name, value in switches.items() if isinstance(value, list)}
    asked = rows["SYSTEM"].unique().to_list()
    return [
        *(f"{name}={value}" for name, value in switches.items()),
        *(f"{name}{'~' if s in value else '!'}{s}" for name, value in lists.items() for s in asked),
    ]
