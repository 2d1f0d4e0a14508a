"""Chapters of a study page that the comparison does not have, and their order."""

from __future__ import annotations

from typing import Any

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.figures.lab_course import CLOCKS, figure_lab_course
from reports.figures.risk_forest import figure_risk_forest
from reports.figures.state_bars import figure_states
from reports.page import packed, render
from reports.pages.block import CHAPTERS, Chapter, Writer
from reports.pages.denominators import denominators
from reports.select import Block, only
from reports.tables.beside import table_beside
from reports.tables.crs_days import table_crs_days
from reports.tables.dose_attrition import table_dose_attrition
from reports.tables.grades import arm_name, treated
from reports.tables.html import empty
from reports.tables.labs import name_of_test, table_labs
from reports.tables.management_details import table_management_details
from reports.tables.onset_windows import table_onset_windows
from reports.tables.recovery_by_grade import table_recovery_by_grade
from reports.tables.risk_factors import NONE, levels, table_risk_factors
from reports.tables.signs import table_signs
from reports.tables.states import table_states, table_states_all_days

WITHHELD = "Withheld to protect small groups."
BESIDE = (
    "Recorded beside CRS. None of these events enters the CRS grade, and that one came with or "
    "after CRS says nothing about its cause."
)
LEADING_TESTS = ("CRP", "FERRITIN", "INTLK6")
"""What a reader asks for first."""
CLOCK_NAMES = {"first_dose": "Since the first dose", "onset": "Since onset of CRS"}


def states(writer: Writer, block: Block) -> Markup:
    """States by day: a figure per arm, then the table."""
    rows = block.of("state_occupation")
    made = Markup("")
    for arm in block.arms:
        mine = only(rows, COHORT=arm)
        who = f"{arm_name(arm)} " if len(block.arms) > 1 else ""
        if only(mine, STATUS="ok").is_empty():
            made += _none(mine, "There is nobody whose states could be shown.", who)
            continue
        frame = writer.frame(
            f"State of all treated subjects by day, any episode, worst grade of the day "
            f"({block.name}), {who}N\u00a0=\u00a0{treated(block, arm)}",
            "Share of treated subjects in each state on days 1 to 28. Kaplan-Meier for death, "
            "times the share of those seen alive; discontinuation does not end the course; 95% "
            "logit limits stand in the table. Clock: first dose, its day = 1. Hatched: in CRS, "
            "grade of that day not known.",
        )
        name = writer.id("states-figure" + _suffix(block, arm), block)
        numbers = table_states_all_days(mine, f"data-{name}")
        made += writer.figure(name, figure_states(mine, frame), numbers)
    if only(rows, STATUS="ok").is_empty():
        return made
    return made + table_states(block, writer.drill, writer.id("states", block))


def _suffix(block: Block, arm: str | None) -> str:
    return f"-{arm or 'none'}" if len(block.arms) > 1 else ""


def _none(rows: pl.DataFrame, words: str, who: str = "") -> Markup:
    """A sentence in place of what is not there."""
    if not only(rows, STATUS="suppressed").is_empty():
        words = WITHHELD
    return empty(f"{who.strip()}: {words}" if who else words)


def _all_withheld(rows: pl.DataFrame) -> bool:
    return not rows.is_empty() and bool((rows["STATUS"] == "suppressed").all())


def days(writer: Writer, block: Block) -> Markup:
    """Days with CRS, recurrence, mean number of episodes."""
    rows = block.rows.filter(
        pl.col("RESULT").is_in(["crs_days", "recurrence", "episodes_over_time"])
    )
    if rows.is_empty() or _all_withheld(rows):
        return _none(rows, "Days with CRS are not derived in this study.")
    return table_crs_days(block, writer.drill, writer.id("days", block))


def recovery_by_grade(writer: Writer, block: Block) -> Markup:
    """Recovery by the maximum grade."""
    rows = block.of("recovery_by_grade")
    if _all_withheld(rows):
        return empty(WITHHELD)
    return table_recovery_by_grade(block, writer.drill, writer.id("by-grade", block))


def doses(writer: Writer, block: Block) -> Markup | str:
    """By dose: CRS of each dose, then hours after it, then what became of the subjects."""
    made = writer.by_dose(block)
    if not made:
        return ""
    parts = (
        ("Within hours of the dose", "windows", table_onset_windows(
            block, writer.drill, writer.id("windows", block), list(writer.levels)
        )),
        ("What came after each dose", "attrition", table_dose_attrition(
            block, writer.drill, writer.id("attrition", block)
        )),
    )  # fmt: skip
    results = {"windows": "onset_windows", "attrition": "by_dose"}
    for heading, what, table in parts:
        if not table:
            continue
        hidden = _all_withheld(block.of(results[what]))
        made += Markup("<h3>{}</h3>{}").format(heading, empty(WITHHELD) if hidden else table)
    return made


def signs(writer: Writer, block: Block) -> Markup:
    """Signs and symptoms."""
    return table_signs(block, writer.drill, writer.id("signs", block))


def beside(writer: Writer, block: Block) -> Markup:
    """Events beside CRS, with the sentence that they are not in its grade."""
    made = table_beside(block, writer.drill, writer.id("beside", block))
    return Markup("<p>{}</p>{}").format(BESIDE, made)


def management(writer: Writer, block: Block) -> Markup:
    """Drugs and support: who got them, then how they were used."""
    made = writer.management(block)
    details = table_management_details(block, writer.drill, writer.id("use", block))
    return made + Markup("<h3>How they were used</h3>{}").format(details)


def risk_factors(writer: Writer, block: Block) -> Markup:
    """Differences by covariate as a figure per arm, then the table."""
    rows = block.of("risk_factors")
    if rows.is_empty():
        return empty(NONE)
    if _all_withheld(rows):
        return empty(WITHHELD)
    made = Markup("")
    for arm in block.arms:
        who = f"{arm_name(arm)} " if len(block.arms) > 1 else ""
        frame = writer.frame(
            f"CRS by what was known before the first dose, worst episode ({block.name}), "
            f"{who}N\u00a0=\u00a0{treated(block, arm)}",
            "Difference of the share of treated subjects with CRS from the reference level of the "
            "same covariate, in percentage points (95% CI, Newcombe), from the first dose to the "
            "end of follow-up. Observational and not adjusted.",
        )
        mine = list(levels(only(rows, COHORT=arm)))
        figure = figure_risk_forest(mine, frame)
        if figure is not None:
            name = writer.id("risk-figure" + _suffix(block, arm), block)
            made += writer.figure(name, figure, Markup(""))
        else:
            made += empty(f"{who}No difference between levels can be estimated.")
    return made + table_risk_factors(block, writer.drill, writer.id("risk", block))


def labs(writer: Writer, block: Block) -> Markup | str:
    """Laboratory values: one figure, whose test and clock the reader picks, then the table."""
    rows = block.of("lab_kinetics")
    if rows.is_empty():
        return ""
    if _all_withheld(rows):
        return empty(WITHHELD)
    made = Markup("")
    for arm in block.arms:
        made += _lab_figure(writer, block, arm)
    return made + table_labs(block, writer.drill, writer.id("labs", block))


def _lab_figure(writer: Writer, block: Block, arm: str | None) -> Markup:
    curves = only(block.of("lab_kinetics"), COHORT=arm, LEVEL="curve", STATUS="ok")
    who = f"{arm_name(arm)} " if len(block.arms) > 1 else ""
    if curves.is_empty():
        return empty(f"{who}No day has enough values of a laboratory test to draw.")
    base = writer.id("labs-figure" + _suffix(block, arm), block)
    tests = {
        str(code): name_of_test(only(curves, VARIABLE=code))
        for code in sorted(
            curves["VARIABLE"].unique().to_list(), key=lambda c: (c not in LEADING_TESTS, c)
        )
    }
    figures: dict[str, Any] = {}
    for code, words in tests.items():
        for clock in CLOCKS:
            rows = only(curves, VARIABLE=code, CLOCK=clock)
            if not rows.is_empty():
                figures[f"{base}.{code}.{clock}"] = _lab(writer, block, rows, words, who)
    shown = next(iter(figures))
    writer.packs[base] = packed({"figures": figures})
    clocks = dict.fromkeys(name.rpartition(".")[2] for name in figures)
    meta, layout = figures[shown]["layout"]["meta"], figures[shown]["layout"]
    picks = [
        ("Test", list(tests.items())),
        ("Clock", [(clock, CLOCK_NAMES[clock]) for clock in clocks]),
    ]
    return render(
        "pick.html.j2", name=base, shown=shown, picks=picks, title=meta["title"],
        words=meta["words"], height=layout["height"], numbers="",
        summary="Numbers behind this figure",
        nothing="No day has enough values of this test on this clock.",
    )  # fmt: skip


def _lab(writer: Writer, block: Block, rows: pl.DataFrame, words: str, who: str) -> dict[str, Any]:
    unit = wording.lab_unit(str(rows["UNIT"].to_list()[0]))
    worst = "lowest" if "the lowest counts" in rows["METHOD"].to_list()[0] else "highest"
    onset = rows["CLOCK"].to_list()[0] == "onset"
    grouped = rows["GROUP"].drop_nulls().len() > 0
    since = "onset of the first CRS" if onset else "the first dose"
    frame = writer.frame(
        f"{words}{' by maximum CRS grade, worst episode' * grouped} ({block.name}), {who}"
        f"{'those with CRS of ' if onset else ''}{denominators(block)}",
        f"Median and quartiles over the subjects with a value on that day (at least five); of "
        f"several values of a day the {worst} counts. Clock: days elapsed since {since}, 0 = same "
        "day."
        + " Grouped by the worst grade that a subject came to have, which nobody knew then."
        * grouped,
    )
    return figure_lab_course(rows, frame, unit).as_json()


_BASE = {chapter.anchor: chapter for chapter in CHAPTERS}
STUDY_CHAPTERS = (
    _BASE["grades"],
    _BASE["onset"],
    Chapter("states", "States by day", states),
    _BASE["recovery"],
    Chapter("by-grade", "Recovery by maximum grade", recovery_by_grade),
    _BASE["medians"],
    Chapter("days", "Days with CRS and recurrence", days),
    Chapter("doses", "By dose", doses),
    Chapter("signs", "Signs and symptoms", signs),
    Chapter("beside", "Beside CRS", beside),
    Chapter("management", "Management", management),
    Chapter("risk", "Risk factors", risk_factors),
    Chapter("labs", "Laboratory values", labs),
)
