"""Table of signs and symptoms of CRS: as recorded and as the findings show them, side by side."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from reports.drill import Drill
from reports.select import Block, by, first, only, split
from reports.tables.cells import DASH, share, summary
from reports.tables.grades import arm_name
from reports.tables.gt import gt_table
from reports.tables.html import empty

LEADING = ("fever", "hypotension", "hypoxia")
"""The signs that grades are made of come first."""
COLUMNS = (
    "Recorded, first episode", "of grade 3 or higher", "Recorded, any episode",
    "By findings, first episode", "By findings, any episode", "Recorded: days from onset",
)  # fmt: skip
NOTES = (
    "n (%) [95% CI, Clopper-Pearson] of subjects with CRS. Recorded: adverse events within an "
    "episode. By findings: vital signs and support. The two are never added up. A dash: nobody in "
    "this study has the sign from that source.",
    "Days from onset: elapsed from onset of the first episode to the sign, 0 = same day; negative "
    "where an adverse event that overlaps the episode began before it.",
)


def table_signs(block: Block, drill: Drill, name: str) -> Markup:
    """One row per sign; fever, hypotension and hypoxia first, then by frequency.

    Args:
        block: One grading system and basis.
        drill: Where the subjects behind a count are listed.
        name: Its id.
    """
    rows = block.of("signs")
    if rows.is_empty():
        return empty("No sign or symptom within an episode of CRS is recorded or found.")
    lines: list[list[str | Markup]] = []
    for arm in block.arms:
        mine = only(rows, COHORT=arm)
        head = _head(arm_name(arm), mine)
        signs = split(mine, "GROUP")
        lines += [
            [head, _capital(sign), *_cells(signs[sign,], drill, sign)] for sign in _order(mine)
        ]
    label = f"Signs and symptoms, {block.name}"
    columns = ["", "Sign", *COLUMNS]
    return gt_table(name, lines, columns, groups=True, notes=NOTES, label=label)


def _head(who: str, rows: pl.DataFrame) -> str:
    row = first(only(rows, STAT="proportion"))
    if row is None or row["N"] is None:
        return who
    return f"{who}, N with CRS = {row['N']}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _order(rows: pl.DataFrame) -> list[str]:
    most = rows.filter(pl.col("STAT") == "proportion").group_by("GROUP")
    counts = dict(most.agg(pl.col("EVENTS").max().fill_null(0)).iter_rows())
    place = {sign: i for i, sign in enumerate(LEADING)}
    return sorted(counts, key=lambda s: (place.get(s, len(place)), -counts[s], s))


def _cells(rows: pl.DataFrame, drill: Drill, sign: str) -> list[Markup]:
    rows_by = by(rows, "VARIABLE", "STAT", "EPISODES", "LEVEL")

    def found(source: str, episodes: str, level: str) -> Markup:
        row = rows_by.get((source, "proportion", episodes, level))
        return share(row, drill, f"{sign}, {source.lower()}, {episodes}, {level}") or DASH

    days = {str(k[1]): row for k, row in rows_by.items() if k[0] == "RECORDED_D"}
    return [
        found("RECORDED", "first", "any"), found("RECORDED", "first", ">=3"),
        found("RECORDED", "all", "any"), found("DERIVED", "first", "any"),
        found("DERIVED", "all", "any"), summary(days, "days") or DASH,
    ]  # fmt: skip
