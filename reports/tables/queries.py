"""Queries for data management, the ones that could move a headline number most first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from reports import disclosure, wording
from reports.disclosure import disclose
from reports.drill import allowed_studies
from reports.tables.html import Cell, Column, empty, table
from reports.tables.queries_by_kind import KINDS, headline, points, table_queries_by_kind

Row = Mapping[str, Any]
PER_STUDY = 100
NONE = "Nothing is missing or contradictory that would call for a query."

RANKED_DAYS = 28
"""Days that count as 100 points in INFLUENCE."""


def open_headlines(results: pl.DataFrame, metas: Sequence[Row]) -> set[str]:
    """RESULTID of every row that may be printed; what is named nowhere is withheld.

    Args:
        results: Result rows of these studies, as they are.
        metas: study.yaml of each of them.
    """
    open_: set[str] = set()
    for meta in metas:
        mine = results.filter(pl.col("STUDYID") == meta["study"])
        open_ |= printable(disclose(mine, meta["publish"]["min_cell"]))
    return open_


def printable(disclosed: pl.DataFrame) -> set[str]:
    """RESULTID of the rows that disclosure control let through."""
    return set(disclosed.filter(pl.col("STATUS") != "suppressed")["RESULTID"])


def table_queries(
    queries: pl.DataFrame,
    metas: Sequence[Row],
    subjects: pl.DataFrame,
    open_: Collection[str],
    name: str,
) -> Markup:
    """One row per query of studies that publish single subjects; per kind of the others.

    Args:
        queries: Queries of all studies.
        metas: study.yaml of each of them.
        subjects: STUDYID, USUBJID, SUBJIDX.
        open_: RESULTID of the headlines that may be printed.
        name: Its id.
    """
    if queries.is_empty():
        return empty(NONE)
    allowed = allowed_studies(metas)
    single = queries.filter(pl.col("STUDYID").is_in(allowed))
    known = {m["study"] for m in metas}
    counted = queries.filter(
        ~pl.col("STUDYID").is_in(allowed) & pl.col("STUDYID").is_in(sorted(known))
    )
    return _single(single, metas, subjects, open_, name) + table_queries_by_kind(
        counted, metas, open_, f"{name}-by-kind"
    )


def _single(
    queries: pl.DataFrame,
    metas: Sequence[Row],
    subjects: pl.DataFrame,
    open_: Collection[str],
    name: str,
) -> Markup:
    if queries.is_empty():
        return Markup("")
    numbers = subjects.select("STUDYID", "USUBJID", "SUBJIDX")
    rows = queries.join(numbers, on=["STUDYID", "USUBJID"], how="left").sort("RANK", "STUDYID")
    shown = rows.filter(pl.col("RANK") <= PER_STUDY)
    columns = [
        Column("Rank", "num"), Column("Study"), Column("Subject"), Column("Question", "words"),
        Column("Move, points", "num"), Column("Headline it could move most", "words"),
        Column("Now", "num"), Column("Could be", "num"), Column("What is open"),
        Column("Source"), Column("Status"), Column("Data"),
    ]  # fmt: skip
    kinds = {m["study"]: str(m["data_kind"]) for m in metas}
    lines = [_line(r, kinds, open_) for r in shown.iter_rows(named=True)]
    made = table(name, columns, lines, label="Queries for data management", filtered=True)
    if shown.height == rows.height:
        return made
    words = (
        f"At most {PER_STUDY} queries per study are listed, the most influential first: "
        f"{shown.height} of {rows.height}. All of them: crsight table queries."
    )
    return made + Markup('<p class="note">{}</p>').format(words)


def _line(row: Row, kinds: Mapping[str, str], open_: Collection[str]) -> list[Any]:
    now, could_be, move = _values(row, open_)
    return [
        row["RANK"], row["STUDYID"], _subject(row), _question(row), move, headline(row), now,
        could_be, KINDS[row["KIND"]], _where(row), row["STATUS"], kinds[row["STUDYID"]],
    ]  # fmt: skip


def _subject(row: Row) -> Cell:
    """Running number of the subject, with the episode; never an identifier."""
    if row["USUBJID"] is None:
        return Cell("study", -1)
    if row["SUBJIDX"] is None:
        return Cell("not in DM", 0)
    href = f"../studies/{row['STUDYID']}/subjects.html#{row['SUBJIDX']}"
    text = Markup('<a href="{}">#{}</a>').format(href, row["SUBJIDX"])
    if row["EPISEQ"] is not None:
        text += Markup(", episode\u00a0{}").format(row["EPISEQ"])
    return Cell(text, row["SUBJIDX"])


def _where(row: Row) -> str:
    """The row that calls for it: by its number where it has one, else by its place in the file."""
    domain = row["SRCDOM"] or ""
    if row["SRCSEQ"] is not None:
        place = [f"{domain}SEQ {row['SRCSEQ']}"]
    else:
        place = [domain if row["ROW"] is None else f"{domain} row {row['ROW']}"]
    if row["N_ROWS"] > 1:
        place.append(f"({row['N_ROWS']} rows)")
    return " ".join(place)


def _question(row: Row) -> str:
    """Text without dates and without the subject's identifier."""
    text = wording.without_dates(row["QUESTION"])
    return text.replace(row["USUBJID"], "[subject]") if row["USUBJID"] else text


def _values(row: Row, open_: Collection[str]) -> list[Cell]:
    """The headline now, what it could be, and the move; nothing of it where it is withheld."""
    if row["HEADLINE"] is None:
        return [Cell("", ""), Cell(""), Cell("0", 0)]
    if row["RESULTID"] not in open_:
        return [
            Cell(disclosure.WITHHELD, ""),
            Cell(disclosure.WITHHELD),
            Cell(disclosure.WITHHELD, ""),
        ]
    now = "not available" if row["VALUE"] is None else _value(row, row["VALUE"])
    ends = [_value(row, row["LOW"]), _value(row, row["HIGH"])]
    return [
        Cell(now, row["VALUE"] if row["VALUE"] is not None else -1),
        Cell(" to ".join(dict.fromkeys(ends))),
        Cell(points(row["INFLUENCE"]), row["INFLUENCE"]),
    ]


def _value(row: Row, amount: float) -> str:
    text = wording.value(row, amount)
    return text if row["UNIT"] == "fraction" else f"{text} {'day' if amount == 1 else 'days'}"


def largest_move(queries: pl.DataFrame, open_: Collection[str], k: int) -> str:
    """How many queries of a study could move a number, and which one most.

    Args:
        queries: Queries of one study.
        open_: RESULTID of the headlines that may be printed.
        k: The smallest count that is printed.
    """
    moving = queries.filter(pl.col("HEADLINE").is_not_null()).sort("RANK")
    if moving.is_empty():
        return "no answer to them would move a headline number"
    top = moving.row(0, named=True)
    same = moving.filter(HEADLINE=top["HEADLINE"], RESULTID=top["RESULTID"]).height
    if top["RESULTID"] not in open_ or same < k:
        return "how far they could move a headline number is withheld to protect small groups"
    some = "one could" if same == 1 else f"{same} could each"
    amount = _amount(top["INFLUENCE"], top["UNIT"])
    return f"{some} move the {top['HEADLINE']} by up to {amount}, the largest move"


def _amount(influence: float, unit: str) -> str:
    """A move as a reader counts it; in days where the ranking made them 1/28 of the whole."""
    if unit != "days":
        return f"{points(influence)} points"
    days = wording.number(influence * RANKED_DAYS / 100)
    return f"{days} {'day' if days == '1' else 'days'}"


def count_words(queries: pl.DataFrame, k: int) -> str:
    """Number of queries of a study, a small one only as such."""
    n = queries.height
    return f"<{k}" if 0 < n < k else str(n)
