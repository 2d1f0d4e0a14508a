"""Supplemental qualifiers into the records that they qualify."""

from __future__ import annotations

from typing import Any

import dataframely as dy
import polars as pl

from pipeline.ingest.codes import inspired_oxygen
from pipeline.ingest.coerce import Step
from pipeline.ingest.remarks import FILE, file_remark, kind_of, remark
from pipeline.ingest.units import fraction

# Sponsors' names of qualifiers that we keep under one name, per parent.
SYNONYMS: dict[str, dict[str, str]] = {
    "AE": {
        "ASTCT": "ASTCTGR",
        "AEASTCT": "ASTCTGR",
        "ASTCTGRD": "ASTCTGR",
        "CRSASTCT": "ASTCTGR",
        "CRSSCALE": "AESCALE",
        "CRSSCL": "AESCALE",
        "GRSCALE": "AESCALE",
        "AEGRSCL": "AESCALE",
    },
    "PR": {"FIO2": "PRFIO2"},
}
_ID = ["USUBJID", "IDVAR", "IDVARVAL"]
_GRADE = r"^(?:GRADE\s*|G)?([0-5])(?:\.0*)?$"


def with_parents(supp: pl.DataFrame, parent: pl.DataFrame, domain: str) -> Step:
    """Find the accepted parent of each qualifier; one without a parent is held back.

    Returns:
        One row per qualifier and parent row (AT), and the remarks.
    """
    supp = supp.with_columns(IDVARVAL=_plain("IDVARVAL"), QNAM=_known_name(domain))
    keys = [*supp["IDVAR"].drop_nulls().unique().sort()]
    parent = parent.with_row_index("AT")
    links = [
        parent.select("USUBJID", "AT", IDVAR=pl.lit(key), IDVARVAL=_plain(key)).drop_nulls()
        for key in keys
        if key in parent.columns
    ]
    whole = parent.select(
        "USUBJID",
        "AT",
        pl.lit(None, pl.String).alias("IDVAR"),
        pl.lit(None, pl.String).alias("IDVARVAL"),
    )
    links = pl.concat([whole, *links])
    joined = supp.join(links, on=_ID, how="left", nulls_equal=True, maintain_order="left")
    orphans = joined.filter(pl.col("AT").is_null())
    remarks = [remark("SUPP_WITHOUT_PARENT", "IDVARVAL", orphans, pl.col("IDVARVAL"))]
    joined = joined.filter(pl.col("AT").is_not_null())
    first = pl.col("QVAL").first().over("AT", "QNAM")
    conflict = joined.filter(pl.col("QVAL") != first)
    remarks.append(remark("SUPP_CONFLICT", "QVAL", conflict, pl.col("QVAL"), "text"))
    return joined.filter((pl.col("QVAL") == first).fill_null(value=False)), remarks


def merge(parent: pl.DataFrame, joined: pl.DataFrame, domain: str, schema: type[dy.Schema]) -> Step:
    """Fill the parent's columns of the same name where they are empty."""
    remarks: list[pl.DataFrame] = []
    columns = schema.columns()
    for name in _fillable(schema):
        values = joined.filter(pl.col("QNAM") == name)
        if values.is_empty():
            continue
        values = values.unique("AT", keep="first", maintain_order=True)
        parent, notes = _fill(parent, values, name, kind_of(columns[name]))
        remarks += notes
    if domain == "PR":
        parent, oxygen = inspired_oxygen(parent)
        remarks.append(oxygen)
    return parent, remarks


def not_used(joined: pl.DataFrame, schema: type[dy.Schema]) -> pl.DataFrame:
    """Qualifiers that no column of the parent takes: file, name and number of values."""
    unused = joined.filter(~pl.col("QNAM").is_in(_fillable(schema)))
    return unused.group_by(FILE, "QNAM").agg(N=pl.len())


def not_used_remarks(counts: list[pl.DataFrame]) -> list[pl.DataFrame]:
    """Remarks on what `not_used` counts, added up."""
    if not counts:
        return []
    summed = pl.concat(counts).group_by(FILE, "QNAM").agg(pl.col("N").sum()).sort(FILE, "QNAM")
    return [
        file_remark("QUALIFIER_NOT_USED", dataset, qnam[:8], f"{n} values")
        for dataset, qnam, n in summed.iter_rows()
    ]


def _fillable(schema: type[dy.Schema]) -> list[str]:
    return [name for name, column in schema.columns().items() if _may_fill(name, column)]


def _may_fill(name: str, column: Any) -> bool:
    """Columns that any text, number or grade may stand in; bounded ones could break the schema."""
    if kind_of(column) == "number":
        return name == "PRFIO2" or (column.min is None and column.max is None)
    return kind_of(column) in ("text", "term", "grade")


def _fill(parent: pl.DataFrame, values: pl.DataFrame, name: str, kind: str) -> Step:
    text = pl.col("QVAL").str.strip_chars()
    typed = {
        "number": text.cast(pl.Float64, strict=False),
        "grade": text.str.to_uppercase().str.extract(_GRADE).cast(pl.Int64),
    }.get(kind, text)
    if kind == "number":
        typed = pl.when(typed.is_finite()).then(typed)
        typed = fraction(typed) if name == "PRFIO2" else typed
    if kind == "grade":
        typed = pl.when(typed >= 1).then(typed)
    values = values.with_columns(typed.alias("NEW"))
    rule = "GRADE_INVALID" if kind == "grade" else "NOT_A_NUMBER"
    lost = values.filter(pl.col("NEW").is_null())
    at = parent.with_row_index("AT").join(
        values.select("AT", "NEW"), on="AT", how="left", maintain_order="left"
    )
    differs = at.filter(pl.col(name) != pl.col("NEW"))
    merged = at.with_columns(pl.coalesce(name, "NEW").alias(name)).drop("AT", "NEW")
    shown = "text" if kind == "text" else "code"
    return merged, [
        remark(rule, "QVAL", lost, pl.col("QVAL"), shown),
        remark("SUPP_DIFFERS", name, differs, pl.col("NEW"), shown),
    ]


def _known_name(domain: str) -> pl.Expr:
    return pl.col("QNAM").replace(SYNONYMS.get(domain, {}))


def _plain(name: str) -> pl.Expr:
    """A key value as text: numbers without a useless fraction."""
    return pl.col(name).cast(pl.String).str.replace(r"^(\d+)\.0*$", "$1")
