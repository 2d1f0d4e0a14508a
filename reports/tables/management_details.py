"""Table of how a drug or support was used: purpose, number of doses, time to the first use."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.drill import Drill
from reports.select import Block, Row, by, only, split
from reports.tables.cells import DASH, number, share, summary
from reports.tables.grades import arm_name
from reports.tables.gt import gt_table
from reports.tables.html import empty
from reports.tables.management import class_name

PURPOSES = {
    "treatment": ("For CRS", "subjects with CRS"),
    "given during CRS": ("During CRS, purpose not stated", "subjects with CRS"),
    "prophylaxis": ("Prophylaxis", "treated subjects"),
    "premedication": ("Premedication", "treated subjects"),
}
DOSES = ("1", "2", "3+")
COLUMNS = (
    *(words for words, _ in PURPOSES.values()), "One, two, more doses", "First use after onset",
    "First use after the dose before onset",
)  # fmt: skip
NOTES = (
    "n (%); for CRS and during CRS of subjects with CRS, prophylaxis and premedication of all "
    "treated. Doses are counted only of drugs given dose by dose. A dash: does not apply.",
    "First use: in the first episode in which it was used; hours where both moments have times, "
    "else elapsed days (0 = same day).",
)


def table_management_details(block: Block, drill: Drill, name: str) -> Markup:
    """One row per class of drug or support, most used first.

    Args:
        block: One grading system and basis.
        drill: Where the subjects behind a count are listed.
        name: Its id.
    """
    rows = block.of("management")
    if rows.is_empty():
        return empty("How drugs and support were used is not derived in this study.")
    lines: list[list[str | Markup]] = []
    for arm in block.arms:
        mine = only(rows, COHORT=arm)
        classes = split(mine, "GROUP")
        lines += [
            [arm_name(arm), class_name(code), *_cells(classes[code,], class_name(code), drill)]
            for code in _order(mine)
        ]
    label = f"How drugs and support were used, {block.name}"
    columns = ["", "Drug or support", *COLUMNS]
    return gt_table(name, lines, columns, groups=True, notes=NOTES, label=label)


def _order(rows: pl.DataFrame) -> list[str]:
    most = rows.filter(pl.col("VARIABLE") == "GIVEN").group_by("GROUP")
    counts = dict(most.agg(pl.col("EVENTS").max().fill_null(0)).iter_rows())
    return sorted(counts, key=lambda code: (-counts[code], code))


def _cells(rows: pl.DataFrame, code: str, drill: Drill) -> list[Markup]:
    found = by(rows, "VARIABLE", "STAT", "LEVEL", "DENOM")
    given = [
        share(
            found.get(("GIVEN", "proportion", level, denom)),
            drill, f"{code}: {wording.inside(words)}", short=True,
        )
        for level, (words, denom) in PURPOSES.items()
    ]  # fmt: skip
    delays = by(rows, "VARIABLE", "STAT")
    return [*given, _doses(rows, drill, code), _delay(delays, "ONSET"), _delay(delays, "DOSE")]


def _doses(rows: pl.DataFrame, drill: Drill, code: str) -> Markup:
    counts = by(rows, "VARIABLE", "LEVEL")
    found = [counts.get(("N_DOSES", level)) for level in DOSES]
    if all(row is None for row in found):
        return DASH
    cells = [number(r, drill, f"{code}, doses: {n}") for r, n in zip(found, DOSES, strict=True)]
    return Markup(" / ").join(cells)


def _delay(rows: Mapping[tuple[Hashable, ...], Row], since: str) -> Markup:
    for prefix, unit in (("H", "h"), ("D", "days")):
        stats = {str(s): row for (v, s), row in rows.items() if v == f"{prefix}_FROM_{since}"}
        median = stats.get("median")
        if median is not None and (median["STATUS"] == "ok" or prefix == "D"):
            return summary(stats, unit)
    return DASH
