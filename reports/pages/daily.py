"""The chapter with the daily grade of each treated subject, where a study publishes subjects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.figures.heat import figure_heat
from reports.page import packed, render
from reports.pages.block import Chapter, Writer
from reports.select import Block
from reports.tables.daily_grades import table_daily_grades
from reports.tables.grades import arm_name
from reports.tables.heat import CLOCKS, MANY, ORDERS, Heat, Laid, heat, lay
from reports.tables.html import empty

CLOSED = (
    "This study does not publish subject-level data, so the daily grade of each subject is not "
    "drawn; States by day counts all of them together."
)
NO_DAYS = "No daily grade is known under this grading system, so there is none to draw."
NOBODY = "No subject was treated, so there is no daily grade to draw."
PALE = {
    "derived": "No CRS: grade 0, vital signs of that day without a sign of CRS in a recorded "
    "episode. Hatched: a day of a recorded episode without vital signs. No information: no "
    "vital signs and no recorded episode, which is not grade 0.",
    "collected": "No CRS: none recorded. Hatched: a day of a recorded episode whose own grade was "
    "not recorded, as where the record gives the maximum alone. No information: not charted, or "
    "after an episode whose end was not recorded; neither is grade 0.",
}  # fmt: skip
ROWS = (
    "One row per subject, one cell per study day, coloured by the worst grade of that day. {pale} "
    "Blank: after the end of charting (30 days after the last dose, or the end of follow-up). "
    "{order}. Clock: {clock}{beyond}. No estimate and no interval. A cell opens the list of that "
    "subject's recorded episodes, a number on the left the page of the subject."
)
CLOCK_WORDS = {
    "first_dose": "first dose, its day = 1; the axis ends with day {last}",
    "onset": "onset of the first recorded CRS, its day = 0; the axis ends {last} days after it",
}
ORDER_WORDS = {
    "grade": "Rows: highest grade first, then the earlier onset; without CRS last",
    "onset": "Rows: earliest onset first, then the higher grade; without CRS last",
}


def chapter_daily(meta: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> Chapter:
    """The chapter, or a sentence where subject-level data are not published.

    Args:
        meta: study.yaml as `Study.model_dump()`.
        tables: adsl, doses, episodes, grades, grade_days of the study.
    """

    def write(writer: Writer, block: Block) -> Markup:
        if not meta["publish"]["subject_level"]:
            return empty(CLOSED)
        arms = block.arms if len(block.arms) > 1 else (None,)
        return Markup("").join(_arm(writer, block, tables, arm) for arm in arms)

    return Chapter("daily", "Daily grade of each subject", write)


def subject_sets(study: str, adsl: pl.DataFrame, episodes: pl.DataFrame) -> dict[str, Any]:
    """The list that a cell opens, by key: the episodes of its subject, else the subject alone."""
    found = adsl.join(episodes.select("USUBJID", "EPISEQ"), on="USUBJID", how="left")
    member = (
        pl.when(pl.col("EPISEQ").is_null())
        .then(pl.col("SUBJIDX").cast(pl.String))
        .otherwise(pl.format("{}.{}", "SUBJIDX", "EPISEQ"))
    )
    rows = (
        found.sort("SUBJIDX", "EPISEQ")
        .group_by("SUBJIDX", maintain_order=True)
        .agg(member.str.join(" ").alias("MEMBERS"))
    )
    return {key(n): {study: members} for n, members in rows.rows()}


def key(subject: int) -> str:
    """Name of the list of one subject."""
    return f"d{subject}"


def _arm(
    writer: Writer, block: Block, tables: Mapping[str, pl.DataFrame], arm: str | None
) -> Markup:
    found = heat(tables, (block.system, block.basis), arm)
    who = f"{arm_name(arm)}, " if arm is not None else ""
    if not found.treated:
        return empty(f"{who}{NOBODY}")
    if found.cells["CODE"].max() is None or not _graded(found):
        return empty(f"{who}{NO_DAYS}")
    base = writer.id("daily-figure" + (f"-{arm}" if arm is not None else ""), block)
    keys = {n: key(n) for n in found.subjects["SUBJIDX"].to_list()}
    figures: dict[str, Any] = {}
    for clock in CLOCKS:
        for order in ORDERS:
            laid = lay(found, clock, order)
            if laid.subjects.height:
                frame = writer.frame(*_said(found, laid, order, block, who))
                figures[f"{base}.{clock}.{order}"] = figure_heat(laid, frame, keys).as_json()
    writer.packs[base] = packed({"figures": figures})
    return _rendered(figures, base, table_daily_grades(found, f"data-{base}"))


def _graded(found: Heat) -> bool:
    """Whether any day has a grade: a system without one would be a grey field."""
    return not found.cells.filter(pl.col("CODE") <= 5).is_empty()


def _rendered(figures: Mapping[str, Any], base: str, numbers: Markup) -> Markup:
    shown, figure = next(iter(figures.items()))
    clocks = {name.split(".")[1] for name in figures}
    picks = [
        ("Days since", [(c, words) for c, words in CLOCKS.items() if c in clocks]),
        ("Rows", list(ORDERS.items())),
    ]
    layout = figure["layout"]
    made = render(
        "pick.html.j2", name=base, shown=shown, picks=picks, title=layout["meta"]["title"],
        words=layout["meta"]["words"], height=layout["height"], numbers=numbers,
        summary="Daily grades in words", nothing="",
    )  # fmt: skip
    # The links of its rows can be reached by keyboard, so it is a group and not one picture.
    return Markup(str(made).replace('role="img"', 'role="group"', 1))


def _said(found: Heat, laid: Laid, order: str, block: Block, who: str) -> tuple[str, str]:
    drawn, n = laid.subjects.height, found.treated
    ill = found.subjects["ON"].drop_nulls().len()
    if drawn == n:
        of = f"N\u00a0=\u00a0{n}"
    elif drawn == ill:
        of = f"those with a recorded episode, {drawn} of N\u00a0=\u00a0{n}"
    else:
        of = f"the first {drawn} of {ill} with a recorded episode, N\u00a0=\u00a0{n}"
    beyond = ""
    if laid.beyond:
        subjects = wording.plural(laid.beyond, "subject")
        beyond = f" (days with CRS of {subjects} lie outside it and stand in the words below)"
    title = f"CRS grade of each treated subject by day, all episodes ({block.name}), {who}{of}"
    if found.treated > MANY:
        title += (
            f" (of more than {MANY} treated subjects only those with a recorded episode are drawn)"
        )
    return title, ROWS.format(
        pale=PALE.get(block.basis, ""), order=ORDER_WORDS[order],
        clock=CLOCK_WORDS[laid.clock].format(last=laid.last),
        beyond=beyond,
    )  # fmt: skip
