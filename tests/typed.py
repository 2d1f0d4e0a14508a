"""Hand-typed SDTM rows as the typed tables that ingest hands on."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipeline.ingest.dates import read_dates
from pipeline.schemas.sdtm import DOMAINS, table_name
from pipeline.schemas.tables import TABLES

Rows = list[dict[str, Any]]


def typed(study: str = "T", **domains: Rows) -> dict[str, pl.DataFrame]:
    """All typed tables and a ledger of the domains given; --SEQ, ROW and STUDYID are filled in."""
    tables = {table_name(d): _domain(study, d, domains.get(d.lower(), [])) for d in DOMAINS}
    ledger = [
        {"STUDYID": study, "DOMAIN": d.upper(), "N_READ": len(r), "N_ACCEPTED": len(r),
         "N_QUARANTINED": 0, "SHA256": "-", "FORMAT": "csv"}
        for d, r in domains.items()
    ]  # fmt: skip
    empty = TABLES["ledger"].create_empty()
    tables["ledger"] = pl.concat([empty, pl.DataFrame(ledger, schema=empty.schema)])
    return tables


def _domain(study: str, domain: str, rows: Rows) -> pl.DataFrame:
    schema = DOMAINS[domain]
    types = schema.create_empty().schema
    numbered = [
        {"STUDYID": study, "ROW": i, f"{domain}SEQ": i, **row} for i, row in enumerate(rows, 1)
    ]
    unknown = {k for row in rows for k in row} - set(types)
    assert not unknown, f"{domain}: {unknown}"
    frame = pl.DataFrame(
        [{k: row.get(k) for k in types} for row in numbered], schema=types, orient="row"
    )
    for dtc in [c for c in types if c.endswith("DTC")]:
        stem = dtc.removesuffix("DTC")
        parsed = read_dates(frame[dtc].drop_nulls().unique()).drop("BAD")
        parsed = parsed.rename({"DTC": dtc, **{k: stem + k for k in ("DTM", "DTX", "PRC")}})
        frame = frame.drop(stem + "DTM", stem + "DTX", stem + "PRC").join(
            parsed, on=dtc, how="left", maintain_order="left"
        )
    if domain == "VS":
        frame = frame.with_columns(VALUE=pl.coalesce("VALUE", "VSSTRESN"))
    return frame.select(types.keys())
