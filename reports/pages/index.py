"""index.html: the front page, a card per study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.disclosure import disclose
from reports.page import STAMPS, Page, assemble, render
from reports.pages.cohorts import KINDS
from reports.select import Block, Row, blocks, first, only
from reports.tables.grades import LEVELS, arm_name, treated
from reports.tables.html import Column, empty, table
from reports.tables.queries import count_words


def render_index(
    metas: Sequence[Mapping[str, Any]],
    results: pl.DataFrame,
    missing: Sequence[Mapping[str, str]],
    *,
    queries: pl.DataFrame | None = None,
) -> dict[str, bytes]:
    """The front page.

    Args:
        metas: study.yaml of each published study.
        results: Result rows of all these studies.
        missing: Studies without a current report: `study`, `state`, `why`.
        queries: Queries for data management of all these studies.
    """
    cards = [_card(m, only(results, STUDYID=m["study"]), queries) for m in metas]
    groups = [(KINDS[kind], [c for c in cards if c["kind"] == kind]) for kind in KINDS]
    page = Page(
        path="index.html",
        here="index.html",
        title="Studies",
        body=render(
            "index.html.j2",
            groups=[(title, found) for title, found in groups if found],
            missing=_missing(missing),
        ),
    )
    return {page.path: assemble(page)}


def _card(
    meta: Mapping[str, Any], results: pl.DataFrame, queries: pl.DataFrame | None
) -> dict[str, Any]:
    found = blocks(disclose(results, meta["publish"]["min_cell"]))
    head = found[0] if found else None
    return {
        "study": meta["study"],
        "title": wording.without_dates(meta["title"]),
        "kind": meta["data_kind"],
        "anchor": meta["data_kind"],
        "stamp": STAMPS.get(meta["data_kind"]),
        "arms": [] if head is None else [_arm(head, arm) for arm in head.arms],
        "queries": "" if queries is None else _queries(meta, queries),
        "system": "No subject was treated." if head is None else head.name,
    }


def _queries(meta: Mapping[str, Any], queries: pl.DataFrame) -> str:
    return count_words(queries.filter(STUDYID=meta["study"]), meta["publish"]["min_cell"])


def _arm(block: Block, arm: str | None) -> dict[str, Any]:
    worst = only(block.arm(arm), RESULT="grade_distribution", GROUPVAR=None, STAT="proportion")
    shares = [(level, first(worst, LEVEL=level)) for level in LEVELS]
    bar = [
        (f"g{level}" if level.isdigit() else "gx", f"{100 * row['VALUE']:.2f}")
        for level, row in shares
        if row is not None and row["STATUS"] == "ok" and row["VALUE"]
    ]
    return {
        "crs": _percent(first(worst, LEVEL=">=1")),
        "words": f"of {treated(block, arm)} treated had CRS"
        + (f" ({arm_name(arm)})" if arm else ""),
        "severe": f"Grade 3 or higher: {_count(first(worst, LEVEL='>=3'))}",
        "bar": bar,
        "aria": "Shares of the maximum grade",
    }


def _percent(row: Row | None) -> str:
    if row is None or row["STATUS"] not in {"ok", "suppressed"}:
        return "NE"
    return wording.percent(row["VALUE"]) if row["STATUS"] == "ok" else str(row["REASON"])


def _count(row: Row | None) -> str:
    if row is None:
        return "not available"
    if row["STATUS"] == "ok":
        return f"{row['EVENTS']} ({wording.percent(row['VALUE'])})"
    return wording.without_dates(row["REASON"])


def _missing(missing: Sequence[Mapping[str, str]]) -> Markup:
    if not missing:
        return empty("None.")
    columns = [Column("Study"), Column("State"), Column("Why", "words")]
    rows = [[m["study"], m["state"], wording.without_dates(m.get("why", ""))] for m in missing]
    return table("missing-studies", columns, sorted(rows), label="Studies without a report")
