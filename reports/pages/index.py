"""index.html: the front page, a card per study, or a row where there are many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.disclosure import disclose
from reports.page import STAMPS, Page, assemble, render
from reports.pages.cohorts import KINDS
from reports.pages.counted import counted_in
from reports.select import Block, Row, blocks, first, only
from reports.tables.grades import LEVELS, arm_name, treated
from reports.tables.html import Cell, Column, empty, table
from reports.tables.queries import count_words

# Beyond so many studies of one kind a table is easier to search than cards.
CARDS = 12
LEGEND = [(f"g{n}", wording.grade(str(n))) for n in range(6)] + [
    ("gx", "Grade not available"), ("gw", "Withheld"),
]  # fmt: skip
_NONE = Cell("", -1)
NOBODY: dict[str, Any] = {
    "name": "", "treated": Cell("0", 0), "crs": _NONE, "bar": _NONE, "severe": _NONE,
}  # fmt: skip


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
    groups = [(kind, [c for c in cards if c["kind"] == kind]) for kind in KINDS]
    page = Page(
        path="index.html",
        here="index.html",
        title="Studies",
        body=render(
            "index.html.j2",
            counted=wording.plural(len(cards), "study", "studies"),
            groups=[
                (KINDS[kind], found, _many(kind, found) if len(found) > CARDS else "")
                for kind, found in groups
                if found
            ],
            legend=LEGEND,
            missing=_missing(missing),
        ),
    )
    return {page.path: assemble(page)}


def _many(kind: str, cards: Sequence[Mapping[str, Any]]) -> Markup:
    """A table in place of the cards: of many studies one is looked for, or they are sorted."""
    columns = [
        Column("Study"), Column("Title", "words"), Column("Cohort"), Column("Treated", "num"),
        Column("Any CRS", "num"), Column("Maximum grade"), Column("Grade 3 or higher", "num"),
        Column("Open queries", "num"),
    ]  # fmt: skip
    rows = [
        [_link(c), _title(c), arm["name"], arm["treated"], arm["crs"], arm["bar"], arm["severe"],
         c["queries"]]
        for c in cards
        for arm in (c["arms"] or [NOBODY])
    ]  # fmt: skip
    return table(f"studies-{kind}", columns, rows, label=KINDS[kind], filtered=True)


def _title(card: Mapping[str, Any]) -> Cell:
    words = Markup('<span class="clamp" title="{0}">{0}</span><span class="ne">{1}</span>')
    return Cell(words.format(card["title"], card["system"]), card["title"])


def _link(card: Mapping[str, Any]) -> Cell:
    study = card["study"]
    text = Markup('<a href="studies/{0}/index.html">{0}</a>').format(study)
    if card["stamp"]:
        text += Markup(' <span class="state bad">{}</span>').format(card["stamp"])
    return Cell(text, study)


def _card(
    meta: Mapping[str, Any], results: pl.DataFrame, queries: pl.DataFrame | None
) -> dict[str, Any]:
    found = blocks(disclose(results, meta["publish"]["min_cell"]))
    counted = counted_in(found)
    bare = counted is not None and counted.without_crs
    head = counted if bare else found[0] if found else None
    return {
        "study": meta["study"],
        "title": wording.without_dates(meta["title"]),
        "kind": meta["data_kind"],
        "stamp": STAMPS.get(meta["data_kind"]),
        "arms": [] if head is None else [_arm(head, arm) for arm in head.arms],
        "queries": "" if queries is None else _queries(meta, queries),
        "system": "No subject was treated."
        if head is None
        else "No CRS was recorded, so there is nothing to grade."
        if bare
        else head.name,
    }


def _queries(meta: Mapping[str, Any], queries: pl.DataFrame) -> str:
    return count_words(queries.filter(STUDYID=meta["study"]), meta["publish"]["min_cell"])


def _arm(block: Block, arm: str | None) -> dict[str, Any]:
    """What the front page says of one arm."""
    worst = only(block.arm(arm), RESULT="grade_distribution", GROUPVAR=None, STAT="proportion")
    any_crs, severe = first(worst, LEVEL=">=1"), first(worst, LEVEL=">=3")
    n = treated(block, arm)
    return {
        "name": arm_name(arm) if arm else "",
        "treated": Cell(n, int(n) if n.isdigit() else 0),
        "crs": _share(any_crs),
        "big": _big(any_crs, n),
        "severe": _share(severe),
        "bar": _bar(worst),
        "known": any_crs is not None and any_crs["STATUS"] in {"ok", "suppressed"},
    }


def _big(row: Row | None, n: str) -> tuple[str, str]:
    """The number in large letters and what it is."""
    if row is not None and row["STATUS"] == "ok":
        return wording.percent(row["VALUE"]), f"of {n} treated had CRS"
    if row is not None and row["STATUS"] == "suppressed":
        return str(row["REASON"]).partition(" of ")[0], f"of {n} treated had CRS"
    why = "" if row is None else wording.why(row["REASON"])
    return n, "treated; share with CRS not available" + (f", because {why}" if why else "")


def _share(row: Row | None) -> Cell:
    """Count and percentage, or why there is none."""
    if row is None:
        return Cell("not available", -1)
    if row["STATUS"] == "ok":
        return Cell(f"{row['EVENTS']} ({wording.percent(row['VALUE'])})", row["VALUE"])
    if row["STATUS"] == "suppressed":
        return Cell(str(row["REASON"]), -1)
    words = wording.why(row["REASON"])
    return Cell(Markup('<span class="ne">Not available: {}</span>').format(words), -1)


def _bar(worst: pl.DataFrame) -> Cell:
    """Shares of the maximum grade as a bar of the whole; what is withheld has its own pattern."""
    rows = [(level, first(worst, LEVEL=level)) for level in LEVELS]
    shown = [(lv, float(r["VALUE"])) for lv, r in rows if r is not None and r["STATUS"] == "ok"]
    parts = [(_look(lv), wording.grade(lv), share) for lv, share in shown if share]
    rest = 1 - sum(share for _, share in shown)
    if any(r is not None and r["STATUS"] == "suppressed" for _, r in rows) and rest > 0.0005:
        parts.append(("gw", "withheld", rest))
    if not parts:
        return Cell(Markup('<span class="ne">no grade to draw</span>'), -1)
    said = ", ".join(f"{words} {wording.percent(share)}" for _, words, share in parts)
    segments = [
        Markup('<i class="{}" style="width:{:.2f}%"></i>').format(look, 100 * share)
        for look, _, share in parts
    ]
    severe = sum(share for lv, share in shown if lv in {"3", "4", "5"})
    text = Markup(
        '<div class="mini" role="img" aria-label="Maximum grade: {0}" title="{0}">{1}</div>'
    )
    return Cell(text.format(said, Markup("").join(segments)), round(severe, 6))


def _look(level: str) -> str:
    return f"g{level}" if level.isdigit() else "gx"


def _missing(missing: Sequence[Mapping[str, str]]) -> Markup:
    if not missing:
        return empty("None.")
    columns = [Column("Study"), Column("State"), Column("Why", "words")]
    rows = [[m["study"], m["state"], wording.without_dates(m.get("why", ""))] for m in missing]
    return table(
        "missing-studies", columns, sorted(rows), label="Studies without a report", filtered=True
    )
