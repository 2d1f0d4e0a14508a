"""Chapters of the cohort page and their order; here those that show each cohort by itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import polars as pl
from markupsafe import Markup

from reports.figures.by_study import figure_by_study
from reports.pages.balance_chapter import balances
from reports.pages.block import CHAPTERS, Chapter, Writer, denominators
from reports.pages.comparison_chapters import WITHHELD, differences, ratios, sensitivity
from reports.pages.study_chapters import days, doses, labs, states
from reports.select import Block
from reports.tables.by_study import PUBLISHED, shares, table_by_study
from reports.tables.html import empty

# What each cohort shows as a study does.
_BASE = {chapter.anchor: chapter for chapter in CHAPTERS}


def cohort_chapters(published: pl.DataFrame | None) -> Sequence[Chapter]:
    """All chapters in their order.

    Args:
        published: Published rates of CRS, shown as context beside ours of the same system.
    """
    return (
        _BASE["grades"],
        Chapter("studies", "By study", partial(_studies, published)),
        _BASE["onset"],
        Chapter("states", "States by day", _states),
        _BASE["recovery"],
        _BASE["medians"],
        Chapter("days", "Days with CRS and recurrence", days),
        Chapter("differences", "Differences, unadjusted and adjusted", differences),
        Chapter("balance", "Balance behind the adjusted differences", balances),
        Chapter("ratios", "Hazards, days and odds", ratios),
        Chapter("sensitivity", "Sensitivity to other choices", sensitivity),
        Chapter("doses", "By dose", doses),
        _BASE["management"],
        Chapter("labs", "Laboratory values", labs),
    )


def _states(writer: Writer, block: Block) -> Markup | str:
    """Under the primary system alone: who is in which state each day is much to carry."""
    return states(writer, block) if block.primary else ""


def _studies(published: pl.DataFrame | None, writer: Writer, block: Block) -> Markup | str:
    lines = shares(block, published)
    ours = [line for line in lines if line.kind != PUBLISHED]
    if not ours:
        return ""
    name, label = writer.id("studies", block), f"CRS by study ({block.name})"
    made = table_by_study(lines, writer.drill, name, label)
    if not any(row["STATUS"] == "ok" for line in ours for row in line.cells.values()):
        return empty(WITHHELD) + made
    with_context = len(lines) > len(ours)
    context = (
        " Hollow: published rates under the same grading system, of other patients and never "
        "pooled with ours."
    )
    frame = writer.frame(
        f"Share of treated subjects with CRS by study, worst episode ({block.name}), "
        f"{denominators(block)}",
        "Any CRS and grade 3 or higher, of the treated subjects of each study (N in the table), "
        "from the first dose to the end of follow-up, with exact 95% intervals (Clopper-Pearson). "
        "Over studies: a random-effects estimate where five studies or more stand behind it, "
        "else the range of their proportions (dotted)." + (context if with_context else ""),
    )
    figure = figure_by_study(lines, frame)
    return writer.figure(writer.id("studies-figure", block), figure, made)
