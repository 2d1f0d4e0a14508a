"""Tables of hazards, days and odds, CAR-T against bispecific; nominal P values in one of their own.

The P values stand apart, in a table that is unfolded only by who asks for it.
"""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from reports.drill import Drill
from reports.select import Block, Row, only
from reports.tables.cells import estimate
from reports.tables.html import Column, table
from reports.tables.sensitivity import button, method

ONSETS = {
    "TTCRS": "death and discontinuation compete",
    "TTCRSD": "death alone competes",
}
HAZARDS = {
    "cox_efron": "Cause-specific hazard ratio",
    "firth_cox": "Cause-specific hazard ratio with Firth's penalty (exploratory)",
    "cox_breslow": "Cause-specific hazard ratio, Breslow ties",
    "grouped_cloglog": "Cause-specific hazard ratio, grouped times",
    "fine_gray": "Subdistribution hazard ratio (Fine-Gray)",
}
CHECKS = {
    "ph_km": "Proportional hazards: chi-square against 1 \u2212 Kaplan-Meier",
    "ph_identity": "Proportional hazards: chi-square against time",
}
ODDS = {
    "odds_ratio": "odds ratio",
    "firth_odds_ratio": "odds ratio with Firth's penalty (exploratory)",
    "conditional_odds_ratio": "conditional odds ratio, exact limits",
}
CUTS = {">=1": "Any CRS", ">=2": "Grade 2 or higher", ">=3": "Grade 3 or higher",
        ">=4": "Grade 4 or higher"}  # fmt: skip
TESTS = {
    "gray": "Equal cumulative incidence (Gray)",
    "logrank": "Equal cause-specific hazards (log-rank)",
    "ph_km": "Proportional hazards, against 1 \u2212 Kaplan-Meier",
    "ph_identity": "Proportional hazards, against time",
}
Named = tuple[str, Row]


def hazard_rows(block: Block, variable: str) -> list[Named]:
    """Hazard ratios of one estimand and the check of their proportionality, the planned first.

    Args:
        block: One grading system and basis.
        variable: TTCRS, or TTCRSD where death alone competes.
    """
    rows = block.of("comparison", VARIABLE=variable).filter(pl.col("STAT") != "p_value")
    return [
        (words, row)
        for level, words in (HAZARDS | CHECKS).items()
        for row in only(rows, LEVEL=level).to_dicts()
    ]


def days_rows(block: Block) -> list[Named]:
    """Differences of restricted means: days lost to CRS, days ill among those with CRS."""
    words = {
        "rmtl_difference": "Mean days from first CRS to day {day}, 0 without CRS: difference",
        "rmst_difference": "Mean days in CRS within {day} days of onset, with CRS only: difference",
    }
    return [
        (text.format(day=f"{row['TIME']:g}"), row)
        for stat, text in words.items()
        for row in block.of("difference", STAT=stat).to_dicts()
    ]


def odds_rows(block: Block) -> list[Named]:
    """The common odds ratio, then those at each cut, so that it is seen where one does not fit."""
    rows = block.of("grade_odds")
    out: list[Named] = [
        ("Common odds ratio of a higher grade", row)
        for row in only(rows, STAT="common_odds_ratio").to_dicts()
    ]
    for cut, grade in CUTS.items():
        for stat, words in ODDS.items():
            found = only(rows, LEVEL=cut, STAT=stat).to_dicts()
            out += [(f"{grade}: {words}", row) for row in found]
    found = only(rows, LEVEL="proportionality", STAT="chisq").to_dicts()
    return out + [("One odds ratio against one for each cut: chi-square", row) for row in found]


def p_rows(block: Block) -> list[Named]:
    """Rows of P values, hazards first."""
    rows = block.of("comparison", STAT="p_value")
    out: list[Named] = [
        (f"{words}; {competing}", row)
        for variable, competing in ONSETS.items()
        for level, words in TESTS.items()
        for row in only(rows, VARIABLE=variable, LEVEL=level).to_dicts()
    ]
    levels = {">=1": "Any CRS (Fisher)", "proportionality": "One odds ratio for all grades"}
    odds = block.of("grade_odds", STAT="p_value")
    for level, words in levels.items():
        out += [(words, row) for row in only(odds, LEVEL=level).to_dicts()]
    return out


def table_comparison(
    rows: list[Named], drill: Drill, name: str, label: str, value: str = "Estimate (95% CI)"
) -> Markup:
    """A table of measures: estimate, N, events and method in one row each.

    Args:
        rows: Words and result row of each line.
        drill: Where the subjects behind a count are listed.
        name: Its id.
        label: What the table is.
        value: Heading of the estimates.
    """
    columns = [
        Column("Measure"), Column(value, "mid"), Column("N", "num"), Column("Events", "num"),
        Column("Method", "words"),
    ]  # fmt: skip
    lines = [
        [
            words,
            estimate(row) + _unit(row),
            button(row, "N", drill, words),
            button(row, "EVENTS", drill, words),
            method(row),
        ]
        for words, row in rows
    ]
    return table(name, columns, lines, label=label, sortable=False)


def _unit(row: Row) -> str:
    return " days" if row["UNIT"] == "days" and row["STATUS"] == "ok" else ""
