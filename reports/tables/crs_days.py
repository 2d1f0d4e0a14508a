"""Table of days with CRS, of recurrence and of the mean number of episodes."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.drill import Drill
from reports.select import Block, Row, by, by_stat, first, only
from reports.tables.cells import BLANK, count, estimate, missing, number, share, summary
from reports.tables.grades import heads
from reports.tables.gt import gt_table

DAYS = {
    "CRS_DAYS": "Days with CRS of any grade",
    "CRS_DAYS_G2": "Days with CRS of grade 2 or higher",
    "CRS_DAYS_G3": "Days with CRS of grade 3 or higher",
    "CRS_FREE_DAYS": "Days alive and free of CRS",
    "DEAD_DAYS": "Days from the day of death on",
}
EPISODES = {
    "0": "No episode", "1": "1 episode", "2": "2 episodes", "3": "3 episodes",
    ">=4": "4 or more episodes",
}  # fmt: skip
MEANS = {
    "E5": "Mean number of episodes by day {day} (Ghosh-Lin)",
    "E5-sensitivity": "The same, death and discontinuation only censor",
}
NOTES = (
    "Mean days: over all treated subjects to day 28, 0 for who had none; who was followed for less "
    "counts as far as seen; 95% limits on the logit of mean/28. Median: of those followed to day "
    "28 or to death. A day with CRS whose own grade is not known counts for any grade alone, so "
    "days of grade 2 or 3 or higher are at least as many as stand here.",
    "Recurrence is counted over all of follow-up, so it grows with follow-up. Mean number of "
    "episodes: death and discontinuation end all further episodes; 95% log limits.",
)
Line = list[str | Markup]


def table_crs_days(block: Block, drill: Drill, name: str) -> Markup:
    """The table; per arm the counts and the estimate.

    Args:
        block: One grading system and basis.
        drill: Where the subjects behind a count are listed.
        name: Its id.
    """
    lines = [*_days(block, drill), *_recurrence(block, drill), *_over_time(block, drill)]
    columns, spanners = ["", "Measure"], []
    for head in heads(block):
        spanners.append((head, [len(columns), len(columns) + 1]))
        columns += ["n / N", "Estimate"]
    label = f"Days with CRS and recurrence, {block.name}"
    return gt_table(name, lines, columns, groups=True, spanners=spanners, notes=NOTES, label=label)


def _days(block: Block, drill: Drill) -> Iterator[Line]:
    rows = block.of("crs_days")
    found = by_stat(rows, "VARIABLE", "COHORT")
    named = {variable for variable, _ in found}
    for variable, words in DAYS.items():
        mean: Line = ["Days 1 to 28, of all treated", f"{words}: mean (95% CI)"]
        median: Line = [mean[0], f"{words}: median"]
        for arm in block.arms:
            stats = found.get((variable, arm), {})
            mean += [count(stats.get("mean"), drill, words), _mean(stats.get("mean"))]
            followed = f"{words}: followed to day 28 or to death"
            median += [count(stats.get("median"), drill, followed), summary(stats, "days")]
        if variable in named:
            yield mean
            yield median
    words = "Not followed to day 28 or to death, left out of the medians"
    yield from _counts(block, drill, only(rows, VARIABLE="NOT_FOLLOWED"), DAYS_GROUP, words)


DAYS_GROUP = "Days 1 to 28, of all treated"
AGAIN = "Recurrence, over all of follow-up"


def _counts(
    block: Block, drill: Drill, rows: pl.DataFrame, group: str, words: str
) -> Iterator[Line]:
    if rows.is_empty():
        return
    line: Line = [group, words]
    for arm in block.arms:
        line += [count(first(only(rows, COHORT=arm)), drill, words), BLANK]
    yield line


def _recurrence(block: Block, drill: Drill) -> Iterator[Line]:
    rows = block.of("recurrence")
    again = only(rows, VARIABLE="RECURRENCE", STAT="proportion")
    for denom in ("treated subjects", "subjects with CRS"):
        words = f"More than one episode, of {denom}"
        yield from _shares(block, drill, only(again, DENOM=denom), words)
    for level, words in EPISODES.items():
        numbered = only(rows, VARIABLE="N_EPISODES", STAT="proportion", LEVEL=level)
        yield from _shares(block, drill, numbered, words)
    between = only(rows, VARIABLE="BETWEEN_D")
    if not between.is_empty():
        words = "Days from the end of the first episode to the next onset"
        line: Line = [AGAIN, words]
        for arm in block.arms:
            stats = {r["STAT"]: r for r in only(between, COHORT=arm).to_dicts()}
            line += [count(stats.get("median"), drill, words), summary(stats, "days")]
        yield line


def _shares(block: Block, drill: Drill, rows: pl.DataFrame, words: str) -> Iterator[Line]:
    if rows.is_empty():
        return
    found = by(rows, "COHORT")
    line: Line = [AGAIN, words]
    for arm in block.arms:
        row = found.get((arm,))
        line += [count(row, drill, words), estimate(row)]
    yield line


def _over_time(block: Block, drill: Drill) -> Iterator[Line]:
    rows = block.of("episodes_over_time", LEVEL="landmark")
    for estimand, template in MEANS.items():
        mine = only(rows, ESTIMAND=estimand)
        found = by(mine, "COHORT", "TIME")
        days = mine["TIME"].unique().sort().to_list()
        for day in days if estimand == "E5" else days[-1:]:
            line: Line = ["Episodes per treated subject", template.format(day=f"{day:g}")]
            for arm in block.arms:
                row = found.get((arm, day))
                line += [_episodes(row, drill, day), _mean(row)]
            yield line


def _episodes(row: Row | None, drill: Drill, day: float) -> Markup:
    if row is None or row["STATUS"] == "suppressed":
        return BLANK if row is None else share(row, drill, "")
    made = number(row, drill, f"episodes by day {day:g}")
    return Markup("{} in {}").format(made, row["N"])


def _mean(row: Row | None) -> Markup:
    """Two decimals, since a mean number of episodes is small."""
    if row is None:
        return BLANK
    if row["STATUS"] != "ok":
        return missing(row)
    text = Markup("{}").format(wording.number(row["VALUE"], 2))
    if row["LOW"] is not None and row["HIGH"] is not None:
        limits = " to ".join(wording.number(row[side], 2) for side in ("LOW", "HIGH"))
        text += Markup(' <span class="ci">({})</span>').format(limits)
    if row["REASON"]:
        text += Markup('<br><span class="ne">{}</span>').format(wording.told(row["REASON"]))
    return text
