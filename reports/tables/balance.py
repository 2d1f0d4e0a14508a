"""Tables of how alike the cohorts are before and after weighting, and of what weighting costs."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.drill import Drill
from reports.select import Block, Row, first, only
from reports.tables.cells import BLANK, missing
from reports.tables.grades import arm_name
from reports.tables.gt import gt_table

WEIGHTINGS = {
    "unweighted": "Unweighted",
    "ATO": "Overlap (ATO)",
    "ATE": "Inverse probability (ATE)",
    "ATT": "To CAR-T (ATT)",
}
SEXES = {"F": "female", "M": "male"}
FLAGS = {"Y": "yes", "N": "no"}
NOTES = (
    "Standardised difference: difference of means (shares) over the standard deviation before "
    "weighting; CAR-T minus bispecific. Below 0.10 on either side counts as alike. The columns "
    "under overlap weights describe whom the primary comparison is about.",
)
SIZE_NOTES = (
    "Effective sample size: how many unweighted subjects would tell as much. Largest weight: of "
    "all the weight of the cohort.",
)


def balanced(block: Block) -> pl.DataFrame:
    """Standardised differences; empty where there was nothing to balance."""
    return block.of("balance", STAT="smd").filter(pl.col("STATUS") != "not_available")


def no_balance(block: Block) -> str:
    """Why there is nothing to balance, as a sentence."""
    reasons = block.of("balance")["REASON"].drop_nulls().unique().sort().to_list()
    words = wording.covariates_named(reasons[0]) if reasons else "there is no propensity model"
    return f"No balance to show: {words.rstrip('.')}."


def compared_words(block: Block) -> list[str]:
    """Who is compared and how, from the rows' own words; the statistic and the weights left out."""
    row = first(only(balanced(block), GROUP="ATO")) or first(balanced(block))
    if row is None:
        return []
    model = (row["METHOD"] or "").split("; ")[2:]
    said = (row["POPULATION"], *model)
    return [wording.sentence(wording.covariates_named(words)) for words in said]


def covariate(row: Row) -> str:
    """A covariate, with its level where it is a category."""
    own = str(row["VARIABLE"])
    words = own.replace("_", " ")
    name = wording.COVARIATES.get(own, words.lower() if own.isupper() else words)
    name = name[:1].upper() + name[1:]
    if row["LEVEL"] is None:
        return name
    level = wording.without_dates(row["LEVEL"])
    return f"{name}: {SEXES.get(level, level) if own == 'SEX' else FLAGS.get(level, level)}"


def table_balance(block: Block, drill: Drill, name: str) -> Markup:
    """Means or shares of both cohorts before and after overlap weighting, then the differences.

    Args:
        block: One grading system and basis.
        drill: Where the subjects behind a count are listed.
        name: Its id.
    """
    smds = balanced(block)
    shown = [w for w in WEIGHTINGS if (smds["GROUP"] == w).any()]
    described = [w for w in ("unweighted", "ATO") if w in shown]
    means = block.of("balance").filter(pl.col("STAT").is_in(["mean", "proportion"]))
    columns: list[str] = ["Covariate"]
    spanners: list[tuple[str, list[int]]] = []
    for weighting in described:
        spanners.append((WEIGHTINGS[weighting], [len(columns) + i for i in range(len(block.arms))]))
        columns += [arm_name(arm) for arm in block.arms]
    spanners.append(("Standardised difference", [len(columns) + i for i in range(len(shown))]))
    columns += [WEIGHTINGS[w] for w in shown]
    lines: list[list[str | Markup]] = []
    keys = smds.select("VARIABLE", "LEVEL").unique().sort("VARIABLE", "LEVEL", nulls_last=False)
    for key in keys.to_dicts():
        own, moved = only(means, **key), only(smds, **key)
        cells: list[str | Markup] = [covariate(key)]
        cells += [
            _mean(first(only(own, GROUP=w), COHORT=arm), drill)
            for w in described
            for arm in block.arms
        ]
        lines.append([*cells, *(_smd(first(only(moved, GROUP=w))) for w in shown)])
    return gt_table(
        name, lines, columns, spanners=spanners, notes=NOTES, label=f"Balance, {block.name}"
    )


def _mean(row: Row | None, drill: Drill) -> str | Markup:
    """A mean, or a share with the number who have the level (counted without weights)."""
    if row is None:
        return BLANK
    if row["STATUS"] != "ok":
        return missing(row)
    if row["STAT"] == "mean" or row["EVENTS"] is None:
        return wording.value(row, row["VALUE"])
    share = wording.percent(row["VALUE"])
    if row["GROUP"] != "unweighted":
        return share
    label = f"{arm_name(row['COHORT'])}, {covariate(row)}"
    events = drill.button(str(row["EVENTS"]), row["SET_EVENTS"], label, row["EVENTS"])
    return Markup('<span class="of">{} ({})</span>').format(events, share)


def _smd(row: Row | None) -> str | Markup:
    if row is None:
        return BLANK
    return missing(row) if row["STATUS"] != "ok" else wording.value(row, row["VALUE"])


def table_sizes(block: Block, drill: Drill, name: str) -> Markup:
    """Subjects, effective sample sizes and largest weights by cohort and weighting."""
    rows = block.of("balance", VARIABLE="WEIGHTS")
    lines: list[list[str | Markup]] = []
    for weighting, words in WEIGHTINGS.items():
        for arm in block.arms:
            own = only(rows, GROUP=weighting, COHORT=arm)
            stats = ("effective_sample_size", "effective_share", "largest_weight")
            found = [first(own, STAT=stat) for stat in stats]
            some = next((row for row in found if row is not None), None)
            if some is not None:
                lines.append([words, arm_name(arm), _n(some, drill), *map(_size, found)])
    columns = ["", "Cohort", "N", "Effective sample size", "Share of N", "Largest weight"]
    return gt_table(
        name, lines, columns, groups=True, notes=SIZE_NOTES,
        label=f"Effective sample sizes, {block.name}",
    )  # fmt: skip


def _n(row: Row, drill: Drill) -> str | Markup:
    if row["N"] is None:
        return str(row["REASON"])
    label = f"{arm_name(row['COHORT'])}, compared"
    return drill.button(str(row["N"]), row["SET_N"], label, row["N"])


def _size(row: Row | None) -> str | Markup:
    if row is None:
        return BLANK
    return missing(row) if row["STATUS"] != "ok" else wording.value(row, row["VALUE"])
