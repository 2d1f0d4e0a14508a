"""Chapters of the cohort page that set both cohorts side by side.

Each begins with "Non-randomised"; P values are unfolded only by who asks for them.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.figures.differences import figure_differences, figure_sensitivity
from reports.figures.odds import figure_odds
from reports.figures.residuals import figure_residuals
from reports.pages.block import Writer
from reports.select import Block, only
from reports.tables import comparison
from reports.tables import differences as table
from reports.tables.html import empty
from reports.tables.sensitivity import sensitivity_rows, table_sensitivity
from reports.tables.unmeasured import table_unmeasured

ONE_COHORT = "Only one cohort has data under this grading system: nothing to compare."
SMALL = "Withheld to protect small groups."
WITHHELD = "Every number of this figure is withheld or not estimable; the table says why."
NOMINAL = (
    "Non-randomised, no hypothesis was pre-specified and nothing is adjusted for multiplicity: "
    "these describe and decide nothing."
)
HAZARDS = (
    "Non-randomised. Hazard of first CRS, CAR-T over bispecific, unadjusted. One infusion and "
    "repeated doses give hazards of different shape by design, so a hazard ratio is an average "
    "over the window; the check describes how far it changes with time and is no condition for "
    "showing it. The first line is the planned one, the rest is sensitivity; death and "
    "discontinuation compete."
)


def _details(summary: str, *inside: Markup) -> Markup:
    return Markup("<details><summary>{}</summary>{}</details>").format(
        summary, Markup("").join(inside)
    )


def _say(words: str) -> Markup:
    return Markup("<p>{}</p>").format(words)


def alone(writer: Writer, block: Block) -> bool:
    """Whether there is nothing to set beside each other."""
    return not writer.compare or len(block.arms) < 2


def differences(writer: Writer, block: Block) -> Markup | str:
    """Differences of first CRS and of the worst grade, and what could explain them away."""
    if alone(writer, block):
        return empty(ONE_COHORT) if writer.compare else ""
    lines = table.onset_differences(block)
    refused = table.refusal(block)
    made = empty(f"Non-randomised, and unadjusted alone. {refused}") if refused else Markup("")
    made += _onset(writer, block, lines)
    incidence = table.table_adjusted_incidence(block, writer.drill, writer.id("incidence", block))
    if incidence and not refused:
        made += _details("Adjusted incidence in each cohort", incidence)
    grades = writer.id("grade-differences", block)
    made += Markup("<h3>Worst grade, unadjusted</h3>")
    made += table.table_grade_differences(block, writer.drill, grades)
    unmeasured = table_unmeasured(block, writer.id("unmeasured", block))
    if unmeasured:
        made += Markup("<h3>Unmeasured confounding</h3>") + unmeasured
    return made


def _onset(writer: Writer, block: Block, lines: list[table.Compared]) -> Markup:
    label = f"Differences of first CRS ({block.name})"
    if not lines:
        return empty("No difference of first CRS was made.")
    made = table.table_onset_differences(
        lines, writer.drill, writer.id("differences", block), label
    )
    if not any(row["STATUS"] == "ok" for line in lines for row in line.days.values()):
        return empty(WITHHELD) + made
    frame = writer.frame(
        f"Non-randomised difference of first CRS of any grade, CAR-T minus bispecific "
        f"({block.name}), {_ns(lines)}",
        "Percentage points of cumulative incidence by each day; death and discontinuation compete. "
        "Clock: first dose, its day = 1. Bars: 95% limits. Unadjusted: all treated; adjusted: "
        "those of an indication and line that both cohorts have, weighted by the propensity to be "
        "in either. The two are about different subjects, so not all between them is due to "
        "weighting. A description, not an effect of treatment.",
    )
    figure = figure_differences(lines, frame)
    return writer.figure(writer.id("differences-figure", block), figure, made)


def _ns(lines: Sequence[table.Compared]) -> str:
    found: dict[str, str] = {}
    for line in lines:
        row = next(iter(line.days.values()))
        kind = "unadjusted" if line.words == table.UNADJUSTED else "adjusted"
        found.setdefault(kind, "withheld" if row["N"] is None else str(row["N"]))
    return ", ".join(f"{kind} N\u00a0=\u00a0{n}" for kind, n in found.items())


def ratios(writer: Writer, block: Block) -> Markup | str:
    """Restricted means, hazard ratios, odds ratios; P values folded away."""
    if alone(writer, block):
        return ""
    made = Markup("")
    days, odds = comparison.days_rows(block), comparison.odds_rows(block)
    if days:
        words = _say(
            "Non-randomised. Restricted means in days, CAR-T minus bispecific, unadjusted."
        )
        made += Markup("<h3>Days</h3>") + words + _table(writer, block, days, "Days with CRS")
    made += _hazards(writer, block)
    if odds:
        made += Markup("<h3>Odds of a higher grade</h3>") + _odds(writer, block, odds)
    nominal = comparison.p_rows(block)
    if nominal:
        label = "Nominal P values"
        made += _details(
            label, _say(NOMINAL), _table(writer, block, nominal, label, value="Nominal P")
        )
    return made or empty("No hazard, day or odds of the two cohorts was compared.")


def _hidden(rows: Sequence[comparison.Named]) -> bool:
    """Whether nothing is left of rows that there were."""
    return bool(rows) and all(row["STATUS"] == "suppressed" for _, row in rows)


def _table(
    writer: Writer, block: Block, rows: list[comparison.Named], label: str, **head: str
) -> Markup:
    if _hidden(rows):
        return empty(SMALL)
    name = writer.id(label.lower().replace(",", "").replace(" ", "-"), block)
    return comparison.table_comparison(rows, writer.drill, name, f"{label} ({block.name})", **head)


def _hazards(writer: Writer, block: Block) -> Markup:
    rows = comparison.hazard_rows(block, "TTCRS")
    if not rows:
        return Markup("")
    made = Markup("<h3>Hazards</h3>") + _say(HAZARDS) + _table(writer, block, rows, "Hazard ratios")
    return made + _deathalone(writer, block) + _residuals(writer, block)


def _deathalone(writer: Writer, block: Block) -> Markup:
    rows = comparison.hazard_rows(block, "TTCRSD")
    if not rows:
        return Markup("")
    label = "Hazard ratios, death alone competing"
    words = _say("Non-randomised. The same, discontinued subjects followed on.")
    return _details(label, words, _table(writer, block, rows, label))


def _residuals(writer: Writer, block: Block) -> Markup:
    rows = block.of("comparison", VARIABLE="TTCRS", LEVEL="residuals")
    if rows.filter(pl.col("STATUS") == "ok").is_empty():
        return Markup("")
    events = sum(only(rows, STATUS="ok")["EVENTS"].drop_nulls().to_list())
    frame = writer.frame(
        f"Non-randomised: scaled Schoenfeld residuals of first CRS ({block.name}), "
        f"{wording.plural(events, 'event')}",
        "A point for the events of each cohort on a day. Their mean over some days, weighted by "
        "events, estimates the log hazard ratio then, CAR-T over bispecific; under proportional "
        "hazards it keeps one level. Clock: first dose, its day = 1; death and discontinuation "
        "compete.",
    )
    name = writer.id("residuals-figure", block)
    figure = writer.figure(name, figure_residuals(rows, frame), rows)
    return _details("Scaled Schoenfeld residuals", figure)


def _odds(writer: Writer, block: Block, odds: list[comparison.Named]) -> Markup:
    if _hidden(odds):
        return empty(SMALL)
    label = f"Odds ratios of the worst grade ({block.name})"
    made = comparison.table_comparison(odds, writer.drill, writer.id("odds", block), label)
    n = max((row["N"] for _, row in odds if row["N"] is not None), default=None)
    frame = writer.frame(
        f"Non-randomised odds of a higher worst grade, CAR-T over bispecific ({block.name}), "
        f"N\u00a0=\u00a0{'withheld' if n is None else n}",
        "Unadjusted, worst grade to day 28, 95% limits, logarithmic axis; who was followed for "
        "less is left out where that leaves the grade open, as the table says. One odds "
        "ratio for all grades (proportional odds) beside those of grade and higher against the "
        "rest: where these lie apart, one number does not fit all of them.",
    )
    figure = figure_odds(odds, frame)
    if figure is None:
        return empty(WITHHELD) + made
    return writer.figure(writer.id("odds-figure", block), figure, made)


def sensitivity(writer: Writer, block: Block) -> Markup | str:
    """The difference under other choices."""
    if alone(writer, block):
        return ""
    rows = sensitivity_rows(block)
    if not rows:
        return empty("No other choice was tried.")
    if all(row["STATUS"] == "suppressed" for row in rows):
        return empty(SMALL)
    label = f"Sensitivity of the difference ({block.name})"
    name = writer.id("sensitivity", block)
    made = table_sensitivity(rows, writer.drill, name, label)
    if all(row["STATUS"] != "ok" for row in rows):
        return empty(WITHHELD) + made
    n = rows[0]["N"]
    frame = writer.frame(
        f"Non-randomised difference of cumulative incidence under other choices ({block.name}), "
        f"as planned N\u00a0=\u00a0{'withheld' if n is None else n}",
        "CAR-T minus bispecific, percentage points, unadjusted, 95% limits; first episode. Each "
        "line changes one choice of the plan. Clock: first dose; recovery: onset, among those with "
        "CRS, which is no comparison of treatments.",
    )
    figure = figure_sensitivity(rows, frame)
    return writer.figure(writer.id("sensitivity-figure", block), figure, made)
