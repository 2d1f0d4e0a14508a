"""Codelists that a clinician can read: drugs, devices, terms and units, one CSV file each.

The order of the rows is the order in which patterns are tried.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

FOLDER = Path(__file__).parent

NAMES = (
    "devices",
    "dose_units",
    "drugs",
    "intents",
    "organ_terms",
    "pressor_doses",
    "support_reasons",
    "terms",
)


def read_codelist(name: str) -> pl.DataFrame:
    """One codelist with ORDER, the number of its row."""
    return pl.read_csv(FOLDER / f"{name}.csv", infer_schema_length=None).with_row_index("ORDER")
