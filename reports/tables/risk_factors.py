"""Table of CRS by what was known before the first dose: shares of each level, and differences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.drill import Drill
from reports.select import Block, Row, by, only, split
from reports.tables.cells import BLANK, missing, points, share
from reports.tables.grades import arm_name
from reports.tables.gt import gt_table
from reports.tables.html import empty

CUTS = {">=1": "Any CRS", ">=3": "Grade 3 or higher"}
NONE = "No covariate from before the first dose is recorded in this study."
NOTES = (
    "Shares: n (%) [95% CI, Clopper-Pearson] of the treated subjects of that level. Difference "
    "from the reference in percentage points (95% CI, Newcombe).",
    "Observational: levels differ in other things too, nothing is adjusted, and many levels are "
    "looked at. A number is split at the study's own cut, else at the median of those treated.",
)
_SAID = re.compile(r"; (?P<label>[^:;]+): (?P<how>[^;]+)")
FLAGS = {"Y": "Yes", "N": "No"}


class Level(NamedTuple):
    """One level of a covariate: its words and its rows; the reference has no difference."""

    covariate: str
    words: str
    shares: dict[str, Row]
    differences: dict[str, Row]


def levels(rows: pl.DataFrame) -> Iterator[Level]:
    """Levels of one arm by covariate, the reference before what is held to it."""
    covariates = split(rows, "GROUPVAR")
    for name in rows["GROUPVAR"].drop_nulls().unique().sort().to_list():
        mine = covariates[name,]
        label, reference = _said(str(name), mine)
        groups = mine["GROUP"].unique().to_list()
        stats = by(mine, "GROUP", "STAT", "LEVEL")
        for group in sorted(groups, key=lambda g: (g == "not known", g != reference, g or "")):
            shares, differences = (
                {str(k[2]): row for k, row in stats.items() if k[:2] == (group, stat)}
                for stat in ("proportion", "risk_difference")
            )
            yield Level(label, _words(group, group == reference), shares, differences)


def _said(name: str, rows: pl.DataFrame) -> tuple[str, str | None]:
    """The covariate in words, with its split, and its reference, as POPULATION tells them."""
    for population in rows["POPULATION"].unique().sort().to_list():
        found = _SAID.search(population)
        if found:
            how = found["how"]
            reference = how.rpartition("reference ")[2] if "reference " in how else None
            split = f", {how.partition(',')[0]}" if how.startswith("split") else ""
            label = found["label"]
            return label[:1].upper() + label[1:] + split, reference
    return name.capitalize(), None


def _words(group: str | None, reference: bool) -> str:
    words = FLAGS.get(group or "", group or "not known for anybody")
    words = words.replace(">=", "\u2265")
    return f"{words} (reference)" if reference else words


def table_risk_factors(block: Block, drill: Drill, name: str) -> Markup:
    """One row per level.

    Args:
        block: One grading system and basis.
        drill: Where the subjects behind a count are listed.
        name: Its id.
    """
    rows = block.of("risk_factors")
    if rows.is_empty():
        return empty(NONE)
    lines: list[list[str | Markup]] = []
    for arm in block.arms:
        who = f"{arm_name(arm)}: " if len(block.arms) > 1 else ""
        lines += [
            [who + level.covariate, level.words, *_cells(level, drill)]
            for level in levels(only(rows, COHORT=arm))
        ]
    columns = ["", "Level", "N"]
    columns += [w for words in CUTS.values() for w in (words, "Difference, points (95% CI)")]
    label = f"Risk factors, {block.name}"
    return gt_table(name, lines, columns, groups=True, notes=NOTES, label=label)


def _cells(level: Level, drill: Drill) -> list[Markup]:
    words = f"{level.covariate}, {level.words}"
    some = next(iter(level.shares.values()), None)
    cells = [_total(some, drill, words)]
    for cut, title in CUTS.items():
        row = level.shares.get(cut)
        cells.append(share(row, drill, f"{words}: {wording.inside(title)}"))
        difference = level.differences.get(cut)
        cells.append(BLANK if difference is None or _same(row, difference) else points(difference))
    return cells


def _same(row: Row | None, difference: Row) -> bool:
    """Whether the reason stands already in the cell beside it."""
    return row is not None and row["STATUS"] != "ok" and row["REASON"] == difference["REASON"]


def _total(row: Row | None, drill: Drill, words: str) -> Markup:
    if row is None or row["N"] is None:
        return BLANK if row is None else missing(row)
    return drill.button(wording.number(row["N"]), row["SET_N"], words, row["N"])
