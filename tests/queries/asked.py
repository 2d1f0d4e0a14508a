"""Hand-typed studies with everything that queries look at, and what is asked about them."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipeline.queries.asked import ANSWER
from pipeline.queries.headlines import HEADLINES
from pipeline.queries.influence import Tried, baseline, within_collection
from pipeline.queries.known import make_known
from pipeline.queries.outcomes import derive_outcomes
from pipeline.queries.queries import derive_queries
from pipeline.queries.subjects_anew import units_of
from pipeline.schemas.sdtm import DOMAINS, table_name
from pipeline.schemas.tables import TABLES
from pipeline.stats.study import derive_study_stats
from pipeline.study import Study
from tests.stats.by_hand import Hand, study

FILES = ("DM", "EX", "AE", "DS")


def ten(*grades: int | None, n: int = 10, **episode: Any) -> Hand:
    """Subjects U00, U01, ... of whom the first have CRS from day 3 to 5, with these grades."""
    hand = Hand()
    for i in range(n):
        hand.subject(f"U{i:02}")
    for i, grade in enumerate(grades):
        hand.episode(f"U{i:02}", 3, 5, **episode).grade(f"U{i:02}", grade)
    return hand


def typed(table: str, *rows: dict[str, Any], schema: dict[str, Any] | None = None) -> pl.DataFrame:
    """Rows of a table, the columns that are not given null."""
    types = schema or TABLES[table].create_empty().schema
    unknown = {k for row in rows for k in row} - set(types)
    assert not unknown, f"{table}: {unknown}"
    filled = [{"STUDYID": "S1", **row} for row in rows]
    return pl.DataFrame([{k: r.get(k) for k in types} for r in filled], types, orient="row")


def sdtm(domain: str, *rows: dict[str, Any]) -> pl.DataFrame:
    """Rows of a domain as ingest hands them on."""
    return typed(domain, *rows, schema=dict(DOMAINS[domain].create_empty().schema))


def held(domain: str, row: int, who: str | None, rule: str = "DATE_IMPOSSIBLE", **more: Any):
    """A row of quarantine or notes."""
    return {"DOMAIN": domain, "ROW": row, "USUBJID": who, "RULE": rule, "COLUMN": "X",
            "MESSAGE": "X is no possible date", **more}  # fmt: skip


def everything(hand: Hand, switches: dict[str, Any] | None = None, **more: pl.DataFrame):
    """All tables of a study; those that are not given are empty.

    Results hold the headlines alone, which `test_queries.py` holds to those of all statistics.
    """
    files = [
        {"DOMAIN": d, "N_READ": 1, "N_ACCEPTED": 1, "N_QUARANTINED": 0, "SHA256": "x",
         "FORMAT": "csv"} for d in FILES
    ]  # fmt: skip
    tables = {
        **{name: schema.create_empty() for name, schema in TABLES.items()},
        **{table_name(d): schema.create_empty() for d, schema in DOMAINS.items()},
        "ledger": typed("ledger", *files),
        **hand.tables(),
        **more,
    }
    people = enumerate(tables["adsl"]["USUBJID"], 1)
    tables["sdtm_dm"] = sdtm("DM", *({"USUBJID": u, "ROW": i} for i, u in people))
    return tables | {"results": headlines(tables, study(**(switches or {})))}


def with_statistics(hand: Hand, switches: dict[str, Any] | None = None):
    """The same with all results."""
    tables = everything(hand, switches)
    given = {k: v for k, v in tables.items() if k not in ("candidates", "reconciliation")}
    return tables | derive_study_stats(given, study(**(switches or {})))


def headlines(tables: dict[str, pl.DataFrame], described: Study) -> pl.DataFrame:
    """Result rows of the headlines."""
    known = make_known(tables, described)
    if known.pair is None or known.treated.is_empty():
        return typed("results")
    none = units_of(pl.DataFrame(schema=ANSWER))
    outcomes = derive_outcomes(known, known.pair, none)
    subjects = within_collection(Tried(none, none, outcomes, known.pair.BASIS)).subjects
    cohorts = subjects["COHORT"].unique().sort().to_list()
    return typed("results", *(
        {"RESULTID": f"{headline.name} {cohort}", "COHORT": cohort, "SYSTEM": known.pair.SYSTEM,
         "BASIS": known.pair.BASIS, **headline.row, "VALUE": None if value != value else value}
        for cohort in cohorts
        for headline in HEADLINES
        for value in [baseline(
            headline, subjects.filter(pl.col("COHORT").eq_missing(cohort)), known.pair.BASIS
        )]
    ))  # fmt: skip


def queries(tables: dict[str, pl.DataFrame], **changes: Any) -> pl.DataFrame:
    """What is asked about a study."""
    return derive_queries(tables, study(**changes))["queries"]


def ask(hand: Hand, **more: pl.DataFrame) -> list[dict[str, Any]]:
    """What is asked about a hand-typed study, in the order of rank."""
    return queries(everything(hand, **more)).to_dicts()


def moved(row: dict[str, Any]) -> tuple[str | None, float | None, float | None, float | None]:
    """The headline that a query could move most, its value and its range, rounded."""
    numbers = [None if row[c] is None else round(row[c], 4) for c in ("VALUE", "LOW", "HIGH")]
    return row["HEADLINE"], *numbers
