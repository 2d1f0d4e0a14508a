"""Codelists: CSV files that a clinician can read, to which a study may add rows of its own.

Those of one stage lie beside it; laboratory tests, their units and drugs lie here, since several
stages need them. The order of the rows is the order in which they are tried; a study's own come
first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

FOLDER = Path(__file__).parent
LABORATORY = ("lab_tests", "lab_units")

Rows = Sequence[Mapping[str, str | None]]


class CodelistError(ValueError):
    """A study's own codelist does not fit ours: names list, row and column."""


def read_rows(path: Path, own: Rows = ()) -> pl.DataFrame:
    """One codelist with ORDER, the number of its row; the study's own rows first."""
    import polars as pl  # noqa: PLC0415  definitions load without it

    ours = pl.read_csv(path, infer_schema_length=None)
    return pl.concat([own_rows(path.stem, own, ours.schema), ours]).with_row_index("ORDER")


def laboratory_codelists(own: Mapping[str, Rows]) -> dict[str, pl.DataFrame]:
    """lab_tests and lab_units, with what the study adds to them."""
    return {name: read_rows(FOLDER / f"{name}.csv", own.get(name, ())) for name in LABORATORY}


def drugs_codelist(own: Mapping[str, Rows]) -> pl.DataFrame:
    """Drugs by their many names, with what the study adds to them."""
    return read_rows(FOLDER / "drugs.csv", own.get("drugs", ()))


def own_rows(name: str, own: Rows, schema: pl.Schema) -> pl.DataFrame:
    """A study's own rows in the types of ours.

    Raises:
        CodelistError: a column is unknown, or a value is of another type.
    """
    import polars as pl  # noqa: PLC0415

    unknown = sorted({column for row in own for column in row} - set(schema))
    if unknown:
        raise CodelistError(
            f"codelists.{name}: unknown column {unknown[0]}; there are {', '.join(schema)}"
        )
    text = pl.DataFrame(list(own), schema=dict.fromkeys(schema, pl.String))
    typed = text.select(pl.col(c).cast(t, strict=False) for c, t in schema.items())
    for column in schema:
        lost = (text[column].is_not_null() & typed[column].is_null()).arg_true()
        if lost.len():
            row = lost[0]
            raise CodelistError(
                f"codelists.{name}: row {row + 1}, column {column}: "
                f"{text[column][row]!r} is not {schema[column]}"
            )
    return typed
