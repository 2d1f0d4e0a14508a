"""Table of laboratory values: before the first dose and at the worst, by the maximum grade."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.drill import Drill
from reports.select import Block, Row, by_stat, only, split
from reports.tables.cells import BLANK, missing
from reports.tables.grades import arm_name
from reports.tables.gt import gt_table

GROUPS = {
    None: "All", "0": "No CRS", "1": "Grade 1", "2": "Grade 2", "3-4": "Grade 3\u20134",
    "5": "Grade 5",
}  # fmt: skip
MOMENTS = {"baseline": "before the first dose", "peak": "worst to day {day:g} elapsed"}
NOTES = (
    "Median (quartiles) and number of subjects with a value. The worst value is the highest, for "
    "counts of cells and their like the lowest. A value beyond a limit counts as that limit.",
    "By the worst grade that a subject came to have, which nobody knew at the time: a description, "
    "not a prediction.",
)
_TEST = re.compile(r"with a value of ([^;]+);")


def name_of_test(rows: pl.DataFrame) -> str:
    """The test in words, as POPULATION names it, with its unit."""
    found = _TEST.search(rows["POPULATION"].to_list()[0])
    words = found[1] if found else str(rows["VARIABLE"].to_list()[0])
    return f"{words} ({wording.lab_unit(rows['UNIT'].to_list()[0])})"


def table_labs(block: Block, drill: Drill, name: str) -> Markup:
    """Rows are tests and moments, columns are grades.

    Args:
        block: One grading system and basis.
        drill: Where the subjects behind a count are listed.
        name: Its id.
    """
    rows = block.of("lab_kinetics").filter(pl.col("LEVEL").is_in(list(MOMENTS)))
    groups = {g: w for g, w in GROUPS.items() if (rows["GROUP"].eq_missing(pl.Series([g]))).any()}
    lines: list[list[str | Markup]] = []
    for arm in block.arms:
        mine = only(rows, COHORT=arm)
        who = f"{arm_name(arm)}: " if len(block.arms) > 1 else ""
        for code in mine["VARIABLE"].unique().sort().to_list():
            part = only(mine, VARIABLE=code)
            lines += [
                [
                    who + name_of_test(part),
                    words,
                    *(_cell(stats.get((g,), {}), drill) for g in groups),
                ]
                for words, stats in _moments(part)
            ]
    label = f"Laboratory values, {block.name}"
    columns = ["", "Value", *groups.values()]
    return gt_table(name, lines, columns, groups=True, notes=NOTES, label=label)


def _moments(rows: pl.DataFrame) -> list[tuple[str, dict[tuple[Hashable, ...], dict[str, Row]]]]:
    """Each moment in words, and its rows by group and statistic."""
    out: list[tuple[str, dict[tuple[Hashable, ...], dict[str, Row]]]] = []
    found = split(rows.sort("TIME", maintain_order=True), "LEVEL", "TIME")
    for level, words in MOMENTS.items():
        for day in (day for of_level, day in found if of_level == level):
            said = words.format(day=day) if day is not None else words
            out.append((said[:1].upper() + said[1:], by_stat(found[level, day], "GROUP")))
    return out


def _cell(stats: Mapping[str, Row], drill: Drill) -> Markup:
    median = stats.get("median")
    if median is None:
        return BLANK
    if median["STATUS"] != "ok":
        return missing(median)
    text = Markup("{}").format(_number(median))
    if "q1" in stats and "q3" in stats:
        quartiles = f"{_number(stats['q1'])} to {_number(stats['q3'])}"
        text += Markup('<br><span class="ci">{}</span>').format(quartiles)
    words = f"{median['VARIABLE']}, subjects with a value"
    total = drill.button(wording.number(median["N"]), median["SET_N"], words, median["N"])
    return text + Markup('<br><span class="ci">n = {}</span>').format(total)


def _number(row: Row) -> str:
    return significant(row["VALUE"])


def significant(value: float) -> str:
    """Four significant digits, large numbers whole.

    >>> significant(77.875), significant(12345.6), significant(0.01234)
    ('77.88', '12346', '0.01234')
    """
    return f"{value:.0f}" if abs(value) >= 1000 else f"{float(f'{value:.4g}'):g}"
