"""Tables of differences between the cohorts, unadjusted and adjusted, without a P value."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.drill import Drill
from reports.select import Block, Row, first, only
from reports.tables.cells import BLANK, count, estimate, points
from reports.tables.grades import arm_name
from reports.tables.gt import gt_table

WEIGHTS = {
    "ATO": "Overlap weights (ATO), primary",
    "ATE": "Inverse-probability weights (ATE)",
    "ATT": "Weights to the CAR-T cohort (ATT)",
}
BESIDE = {
    "landmark_robust": "weights taken as known",
    "landmark_doubly_robust": "doubly robust",
}
UNADJUSTED = "Unadjusted, all treated"
NOTES = (
    "Non-randomised: CAR-T minus bispecific, percentage points. Positive: more with CRS "
    "under CAR-T.",
    "Unadjusted: cumulative incidence (Aalen-Johansen), square-and-add of log-log limits.",
)
ADJUSTED_NOTES = (
    "Adjusted: the same among subjects with covariates, of an indication and line that both "
    "cohorts have, weighted by the propensity to be in either; percentile limits of a bootstrap of "
    "the whole chain. Limits that take the weights as known: infinitesimal jackknife. Doubly "
    "robust: weights and a model of the outcome. The balance behind it stands below.",
)
GRADE_NOTES = (
    "Non-randomised: CAR-T minus bispecific, unadjusted, percentage points of treated subjects, "
    "worst grade to day 28, so that cohorts followed for different times can be compared. Maximum "
    "grade above goes on to the end of follow-up, so its shares may differ.",
    "n / N: both cohorts together. Newcombe limits; where somebody was lost before day 28 without "
    "having reached the grade, the difference is that of cumulative incidences of reaching it, and "
    "a remark says how many.",
)


class Compared(NamedTuple):
    """One way of comparing the cohorts, with its result rows by day."""

    words: str
    primary: bool
    days: dict[float, Row]


def onset_differences(block: Block) -> list[Compared]:
    """Differences of first CRS: unadjusted, then under each weighting that has rows to show."""
    plain = block.of("difference", STAT="cif_difference")
    out = [Compared(UNADJUSTED, False, _by_day(plain))] if plain.height else []
    rows = block.of("adjusted", STAT="cif_difference")
    if refusal(block) is not None:
        return out
    for weights, words in WEIGHTS.items():
        primary = weights == "ATO"
        own = only(rows, GROUP=weights)
        out.append(Compared(words, primary, _by_day(only(own, LEVEL="landmark"))))
        if primary:
            out += [
                Compared(f"{weights}, {name}", False, _by_day(only(own, LEVEL=level)))
                for level, name in BESIDE.items()
            ]
    return [line for line in out if line.days]


def refusal(block: Block) -> str | None:
    """Why no weighting can be shown, in a sentence; null where one can."""
    rows = block.of("adjusted", STAT="cif_difference")
    if rows.is_empty():
        return "No adjusted comparison was made."
    if (rows["STATUS"] == "suppressed").all():
        return "The adjusted comparison is withheld to protect small groups."
    if (rows["STATUS"] != "not_available").any():
        return None
    whys = rows.group_by("GROUP").agg(pl.col("REASON").first()).sort("GROUP")
    reasons = dict(zip(whys["GROUP"].to_list(), whys["REASON"].to_list(), strict=True))
    if len(set(reasons.values())) == 1:
        return wording.sentence(wording.without_dates(reasons.popitem()[1]))
    words = "; ".join(f"under {w}, {wording.why(r)}" for w, r in reasons.items())
    return f"No adjusted comparison, because: {words}."


def _by_day(rows: pl.DataFrame) -> dict[float, Row]:
    return {row["TIME"]: row for row in rows.sort("TIME").to_dicts()}


def table_onset_differences(lines: list[Compared], drill: Drill, name: str, label: str) -> Markup:
    """The table: one row for each way of comparing, one column for each day.

    Args:
        lines: What `onset_differences` gives.
        drill: Where the subjects behind a count are listed.
        name: Its id.
        label: What the table is.
    """
    days = sorted({day for line in lines for day in line.days})
    rows: list[list[str | Markup]] = []
    for line in lines:
        some = next(iter(line.days.values()))
        n = "" if some["N"] is None else str(some["N"])
        button = drill.button(n, some["SET_N"], f"{line.words}: N", some["N"])
        rows.append([line.words, button, *(points(line.days.get(day)) for day in days)])
    columns = ["First CRS of any grade", "N", *(f"By day {day:g} (95% CI)" for day in days)]
    notes = NOTES + (ADJUSTED_NOTES if len(lines) > 1 else ())
    return gt_table(name, rows, columns, notes=notes, label=label)


def table_adjusted_incidence(block: Block, drill: Drill, name: str) -> Markup:
    """Weighted cumulative incidence of each cohort; an empty text where there is none."""
    rows = block.of("adjusted", STAT="cumulative_incidence", LEVEL="landmark")
    lines: list[list[str | Markup]] = []
    for weights, words in WEIGHTS.items():
        own = only(rows, GROUP=weights)
        for day in own["TIME"].unique().sort().to_list():
            found = [first(only(own, COHORT=arm), TIME=day) for arm in block.arms]
            cells: list[str | Markup] = [words, f"By day {day:g}"]
            for row in found:
                cells += [count(row, drill, f"{words}, CRS by day {day:g}"), estimate(row)]
            lines.append(cells)
    if not lines:
        return BLANK
    columns, spanners = ["", "First CRS of any grade"], []
    for arm in block.arms:
        spanners.append((arm_name(arm), [len(columns), len(columns) + 1]))
        columns += ["n / N, not weighted", "Weighted share (95% CI)"]
    return gt_table(
        name, lines, columns, groups=True, spanners=spanners, notes=("Non-randomised.",),
        label=f"Adjusted incidence, {block.name}",
    )  # fmt: skip


def table_grade_differences(block: Block, drill: Drill, name: str) -> Markup:
    """Differences of the worst grade at or above each cut, one row each."""
    rows = block.of("difference", STAT="risk_difference").sort("LEVEL")
    lines = [
        [_cut(row["LEVEL"]), count(row, drill, f"both cohorts, {_cut(row['LEVEL'])}"), points(row)]
        for row in rows.to_dicts()
    ]
    return gt_table(
        name, lines, ["Worst grade", "n / N, both", "CAR-T minus bispecific (95% CI)"],
        notes=GRADE_NOTES, label=f"Unadjusted differences of grades, {block.name}",
    )  # fmt: skip


def _cut(level: str) -> str:
    cut = level.removeprefix(">=")
    return "Any CRS" if cut == "1" else f"Maximum grade {cut} or higher"
