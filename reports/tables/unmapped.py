"""Terms and units that no codelist knows: what a study may add to its own codelists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from reports import disclosure, wording
from reports.tables.html import Cell, Column, empty, table

PER_LIST = 20
NONE = "Every term and unit is known."
LISTS = {
    "devices": "devices",
    "dose_units": "units of doses",
    "drugs": "drugs",
    "lab_tests": "laboratory tests",
    "lab_units": "laboratory units",
    "vital_signs": "vital signs",
    "vital_units": "units of vital signs",
}
_LIST = ("STUDYID", "LIST")


def table_unmapped(unmapped: pl.DataFrame, metas: Sequence[Mapping[str, Any]], name: str) -> Markup:
    """One row per term, the relevant ones of a list first; what is not listed is told in words.

    Args:
        unmapped: Unmapped terms of all studies.
        metas: study.yaml of each of them.
        name: Its id.
    """
    if unmapped.is_empty():
        return empty(NONE)
    ordered = unmapped.sort(
        *_LIST, pl.col("RELEVANT").is_null(), pl.col("N_ROWS"), "RANK",
        descending=[False, False, False, True, False],
    )  # fmt: skip
    place = pl.int_range(pl.len()).over(_LIST)
    shown, rest = ordered.filter(place < PER_LIST), ordered.filter(place >= PER_LIST)
    columns = [
        Column("Study"), Column("Data"), Column("List"), Column("Term"), Column("Rows", "num"),
        Column("Subjects", "num"), Column("Relevant"), Column("Domain"), Column("About", "words"),
    ]  # fmt: skip
    kinds = {m["study"]: str(m["data_kind"]) for m in metas}
    closed = {m["study"] for m in metas if m["publish"]["min_cell"] > 1}
    lines = [
        [r["STUDYID"], kinds.get(r["STUDYID"], ""), LISTS[r["LIST"]],
         wording.without_dates(r["TERM"]), r["N_ROWS"], _subjects(r, closed),
         "yes" if r["RELEVANT"] else "no", r["SRCDOM"], wording.without_dates(r["ABOUT"])]
        for r in shown.iter_rows(named=True)
    ]  # fmt: skip
    made = table(name, columns, lines, label="Terms that no codelist knows", filtered=True)
    return made + _withheld(shown, closed) + _rest(rest)


def _subjects(row: Mapping[str, Any], closed: set[str]) -> Cell:
    """Subjects with the term: no count at all where a small one, or its complement, is secret."""
    if row["STUDYID"] in closed:
        return Cell(disclosure.WITHHELD, 0)
    return Cell(str(row["N_SUBJECTS"]), row["N_SUBJECTS"])


def _withheld(shown: pl.DataFrame, closed: set[str]) -> Markup:
    studies = sorted(closed & set(shown["STUDYID"]))
    if not studies:
        return Markup("")
    words = f"Rows only, as small counts of subjects are not published: {', '.join(studies)}."
    return Markup('<p class="note">{}</p>').format(words)


def _rest(rest: pl.DataFrame) -> Markup:
    """How many terms of each list are left out."""
    if rest.is_empty():
        return Markup("")
    counts = (
        rest.group_by(_LIST)
        .agg(
            pl.len().alias("TERMS"),
            pl.col("N_ROWS").sum(),
            pl.col("RELEVANT").count(),
        )
        .sort(_LIST)
    )
    words = "; ".join(
        f"{r['STUDYID']}, {LISTS[r['LIST']]}: {wording.plural(r['TERMS'], 'term')} in "
        f"{wording.plural(r['N_ROWS'], 'row')}, {r['RELEVANT'] or 'none'} of them relevant"
        for r in counts.iter_rows(named=True)
    )
    return Markup('<p class="note">{}</p>').format(
        f"At most {PER_LIST} terms per study and list are listed. Not listed: {words}. "
        "All of them: crsight table unmapped."
    )
