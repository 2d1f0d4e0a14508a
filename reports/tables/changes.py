"""What became of the remarks since the drop before: fixed, new and still open, per rule."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from reports.tables.html import Column, empty, table

NONE = "No study is on this page."
SEVERITIES = {"quarantine": "quarantined", "note": "remark"}


def table_changes(
    changes: pl.DataFrame,
    metas: Sequence[Mapping[str, Any]],
    remarked: Collection[str],
    name: str,
) -> Markup:
    """One row per rule and column; a sentence for studies that have nothing to compare.

    Args:
        changes: Changes of all studies.
        metas: study.yaml of each of them.
        remarked: Studies with a remark or a quarantined row in this drop.
        name: Its id.
    """
    compared = set(changes["STUDYID"])
    others = sorted(m["study"] for m in metas if m["study"] not in compared)
    words = _first(others, remarked)
    if changes.is_empty():
        return empty(" ".join(words) or NONE)
    columns = [
        Column("Study"), Column("Data"), Column("Domain"), Column("Kind"), Column("Rule"),
        Column("Column"), Column("Before", "num"), Column("Fixed", "num"), Column("New", "num"),
        Column("Still open", "num"), Column("Now", "num"),
    ]  # fmt: skip
    kinds = {m["study"]: str(m["data_kind"]) for m in metas}
    lines = [
        [r["STUDYID"], kinds.get(r["STUDYID"], ""), r["DOMAIN"], SEVERITIES[r["SEVERITY"]],
         Markup("<code>{}</code>").format(r["RULE"]), r["COLUMN"],
         *(r[c] for c in ("N_BEFORE", "N_FIXED", "N_NEW", "N_OPEN", "N_NOW"))]
        for r in changes.sort("STUDYID", "DOMAIN", "RULE", "COLUMN", "SEVERITY").iter_rows(
            named=True
        )
    ]  # fmt: skip
    made = table(name, columns, lines, label="Remarks since the drop before", filtered=True)
    return made + Markup("").join(Markup('<p class="note">{}</p>').format(w) for w in words)


def _first(studies: Sequence[str], remarked: Collection[str]) -> list[str]:
    """Why studies have no row: with a drop before, a remark of this drop would have one."""
    first = [study for study in studies if study in remarked]
    clean = [study for study in studies if study not in remarked]
    words: list[str] = []
    if first:
        words.append(f"First drop on record, nothing to compare with yet: {', '.join(first)}.")
    if clean:
        words.append(f"No remark now, and none in a drop before: {', '.join(clean)}.")
    return words
