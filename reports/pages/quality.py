"""quality/index.html: rows, remarks, unknown terms and reconciliation of all studies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from reports import disclosure, wording
from reports.drill import allowed_studies
from reports.page import Page, assemble, render
from reports.tables.changes import table_changes
from reports.tables.html import Cell, Column, code, empty, table
from reports.tables.queries import open_headlines, table_queries
from reports.tables.unmapped import table_unmapped

PER_RULE = 50
UNUSED = ("COLUMN_NOT_USED", "FILE_NOT_USED", "QUALIFIER_NOT_USED")
NO_ROWS = pl.DataFrame(schema={"STUDYID": pl.String})
Kinds = Mapping[str, str]
STUDY = (Column("Study"), Column("Data"))
TOC = [
    ("ledger", "Ledger of rows"),
    ("quarantine", "Quarantined by rule"),
    ("rows", "Quarantined rows"),
    ("notes", "Remarks"),
    ("queries", "Queries, ranked"),
    ("changes", "Since the drop before"),
    ("unmapped", "Unknown terms"),
    ("reconciliation", "Reconciliation"),
]
CATEGORIES = ("agree", "derived higher", "derived lower", "unsupported", "not comparable")


def render_quality(
    metas: Sequence[Mapping[str, Any]],
    ledger: pl.DataFrame,
    quarantine: pl.DataFrame,
    notes: pl.DataFrame,
    reconciliation: pl.DataFrame,
    *,
    unmapped: pl.DataFrame = NO_ROWS,
    changes: pl.DataFrame = NO_ROWS,
    queries: pl.DataFrame = NO_ROWS,
    subjects: pl.DataFrame = NO_ROWS,
    results: pl.DataFrame = NO_ROWS,
) -> dict[str, bytes]:
    """The quality page.

    Args:
        metas: study.yaml of each study on the page.
        ledger: Ledger rows of all studies.
        quarantine: Quarantine rows of all studies.
        notes: Remarks of all studies.
        reconciliation: Reconciliation rows of all studies.
        unmapped: Terms of all studies that no codelist knows.
        changes: What changed in the remarks of all studies since the drop before.
        queries: Queries for data management of all studies.
        subjects: STUDYID, USUBJID and SUBJIDX of all studies.
        results: Result rows of all studies, which say what of a headline may be printed.
    """
    kinds = {m["study"]: str(m["data_kind"]) for m in metas}
    asking = [m for m in metas if m["study"] in set(queries["STUDYID"])]
    remarked = {*quarantine["STUDYID"], *notes["STUDYID"]}
    is_unused = pl.col("RULE").is_in(UNUSED)
    remarks = notes.filter(~is_unused)
    page = Page(
        path="quality/index.html",
        here="quality/index.html",
        title="Data quality",
        toc=TOC,
        body=render(
            "quality.html.j2",
            facts=_facts(metas, ledger, remarks, queries),
            ledger=_ledger(ledger, kinds),
            rules=_rules("rules", quarantine, kinds, "No row was held back."),
            rows=_rows(quarantine, kinds, allowed_studies(metas)),
            notes=_rules("remarks", remarks, kinds, "No remark."),
            unused=_unused(notes.filter(is_unused), kinds),
            queries=table_queries(
                queries, metas, subjects, open_headlines(results, asking), "queries-ranked"
            ),
            changes=table_changes(changes, metas, remarked, "changed"),
            unmapped=table_unmapped(unmapped, metas, "unknown"),
            reconciliation=_reconciliation(reconciliation, metas),
        ),
    )
    return {page.path: assemble(page)}


def _facts(
    metas: Sequence[Mapping[str, Any]],
    ledger: pl.DataFrame,
    notes: pl.DataFrame,
    queries: pl.DataFrame,
) -> list[tuple[str, str, str]]:
    read, held = int(ledger["N_READ"].sum()), int(ledger["N_QUARANTINED"].sum())
    files = wording.plural(ledger.height, "file")
    return [
        ("Studies", str(len(metas)), ""),
        ("Rows read", f"{read:,}".replace(",", "\u202f"), f"in {files}"),
        ("Rows quarantined", f"{held:,}".replace(",", "\u202f"), ""),
        ("Remarks on accepted rows", f"{notes.height:,}".replace(",", "\u202f"), ""),
        ("Open queries", f"{queries.height:,}".replace(",", "\u202f"), "ranked below"),
    ]


def _ledger(ledger: pl.DataFrame, kinds: Kinds) -> Markup:
    if ledger.is_empty():
        return empty("No file was delivered.")
    columns = [
        *STUDY, Column("Domain"), Column("Read", "num"), Column("Accepted", "num"),
        Column("Quarantined", "num"), Column("Format"), Column("SHA-256 of the file"),
    ]  # fmt: skip
    rows = [
        [r["STUDYID"], _kind(r, kinds), r["DOMAIN"], r["N_READ"], r["N_ACCEPTED"],
         r["N_QUARANTINED"], r["FORMAT"],
         Markup("<code title='{0}'>{1}</code>").format(r["SHA256"], r["SHA256"][:16])]
        for r in ledger.sort("STUDYID", "DOMAIN").iter_rows(named=True)
    ]  # fmt: skip
    return table("ledger-rows", columns, rows, label="Rows per file", filtered=True)


def _rules(name: str, rows: pl.DataFrame, kinds: Kinds, none: str) -> Markup:
    """Rows per rule, with one row's message as the example."""
    if rows.is_empty():
        return empty(none)
    key = ["STUDYID", "DOMAIN", "RULE", "COLUMN"]
    grouped = (
        rows.sort(*key, "ROW")
        .group_by(key, maintain_order=True)
        .agg(
            pl.col("ROW").n_unique().alias("ROWS"),
            pl.col("MESSAGE").first(),
            pl.col("USUBJID").first(),
        )
    )
    columns = [
        *STUDY, Column("Domain"), Column("Rule"), Column("Column"), Column("Rows", "num"),
        Column("In plain words, first row as the example", "words"),
    ]  # fmt: skip
    cells = [
        [
            r["STUDYID"],
            _kind(r, kinds),
            r["DOMAIN"],
            code(r["RULE"]),
            r["COLUMN"],
            r["ROWS"],
            _masked(r, "MESSAGE"),
        ]
        for r in grouped.iter_rows(named=True)
    ]
    return table(name, columns, cells, label=f"Rows per rule: {name}", filtered=True)


def _unused(rows: pl.DataFrame, kinds: Kinds) -> Markup:
    """Columns and files of a drop that nothing reads, folded away: they are no query."""
    if rows.is_empty():
        return Markup("")
    words = wording.plural(rows.height, "column or file", "columns and files")
    made = _rules("unused", rows, kinds, "")
    return Markup("<details><summary>{} not used</summary>{}</details>").format(words, made)


def _kind(row: Mapping[str, Any], kinds: Kinds) -> str:
    """Kind of the study's data, so that a download says what it is."""
    return kinds.get(row["STUDYID"], "")


def _masked(row: Mapping[str, Any], column: str) -> str:
    """Text without dates and without the subject's identifier."""
    text = wording.without_dates(row[column])
    return text.replace(row["USUBJID"], "[subject]") if row["USUBJID"] else text


def _rows(quarantine: pl.DataFrame, kinds: Kinds, allowed: Sequence[str]) -> Markup:
    if quarantine.is_empty():
        return empty("No row was held back.")
    open_rows = quarantine.filter(pl.col("STUDYID").is_in(list(allowed))).sort(
        "STUDYID", "DOMAIN", "RULE", "COLUMN", "ROW"
    )
    if open_rows.is_empty():
        return empty("These studies do not publish single rows; the counts by rule stand above.")
    shown = open_rows.group_by("STUDYID", "DOMAIN", "RULE", "COLUMN", maintain_order=True).head(
        PER_RULE
    )
    columns = [
        *STUDY, Column("Domain"), Column("Row", "num"), Column("Rule"), Column("Column"),
        Column("Value"), Column("In plain words", "words"),
    ]  # fmt: skip
    cells = [
        [r["STUDYID"], _kind(r, kinds), r["DOMAIN"], r["ROW"], code(r["RULE"]), r["COLUMN"],
         _masked(r, "VALUE"), _masked(r, "MESSAGE")]
        for r in shown.iter_rows(named=True)
    ]  # fmt: skip
    made = table("quarantined", columns, cells, label="Quarantined rows", filtered=True)
    if shown.height == open_rows.height:
        return made
    words = (
        f"At most {PER_RULE} rows per rule are listed: {shown.height} of {open_rows.height}. "
        "All of them: crsight table quarantine."
    )
    return made + Markup('<p class="note">{}</p>').format(words)


def _reconciliation(rows: pl.DataFrame, metas: Sequence[Mapping[str, Any]]) -> Markup:
    if rows.is_empty():
        return empty("No CRS episode to compare.")
    limits = {m["study"]: m["publish"]["min_cell"] for m in metas}
    kinds = {m["study"]: str(m["data_kind"]) for m in metas}
    counts = (
        rows.group_by("STUDYID", "SYSTEM")
        .agg(*((pl.col("CATEGORY") == c).sum().alias(c) for c in CATEGORIES))
        .sort("STUDYID", "SYSTEM")
    )
    columns = [*STUDY, Column("Scale"), Column("Episodes", "num")]
    columns += [Column(c.capitalize(), "num") for c in CATEGORIES]
    cells = [
        [
            r["STUDYID"],
            _kind(r, kinds),
            wording.system(r["SYSTEM"]),
            *_counts(r, limits.get(r["STUDYID"], 0)),
        ]
        for r in counts.iter_rows(named=True)
    ]
    return table("agreement", columns, cells, label="Recorded against derived grade")


def _counts(row: Mapping[str, Any], k: int) -> list[Cell]:
    counts = [int(row[c]) for c in CATEGORIES]
    total = sum(counts)
    if 0 < total < k:
        return [
            Cell(disclosure.label("small", k), 0),
            *[Cell(disclosure.WITHHELD, 0) for _ in counts],
        ]
    states = disclosure.suppress(counts, k)
    shown = [
        Cell(str(n) if s == "shown" else disclosure.label(s, k), n if s == "shown" else 0)
        for n, s in zip(counts, states, strict=True)
    ]
    return [Cell(str(total), total), *shown]
