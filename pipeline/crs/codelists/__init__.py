"""Codelists that a clinician can read: drugs, devices, terms and units, one CSV file each.

The order of the rows is the order in which patterns are tried; a study's own rows are tried first.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipeline.schemas.codelists import CodelistError, Rows, drugs_codelist, own_rows, read_rows

FOLDER = Path(__file__).parent

NAMES = (
    "devices",
    "dose_units",
    "drugs",
    "event_terms",
    "intents",
    "organ_terms",
    "pressor_doses",
    "sign_terms",
    "support_reasons",
    "terms",
)

__all__ = ["NAMES", "CodelistError", "Rows", "own_rows", "read_codelist"]


def read_codelist(name: str, own: Rows = ()) -> pl.DataFrame:
    """One codelist with ORDER, the number of its row; the study's own rows first."""
    if name == "drugs":
        return drugs_codelist({name: own})
    return read_rows(FOLDER / f"{name}.csv", own)
