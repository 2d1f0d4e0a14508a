"""Table of what an unmeasured confounder would have to be to explain the adjusted comparison."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from reports.select import Block, first, only
from reports.tables.cells import BLANK, estimate
from reports.tables.gt import gt_table

STATS = {
    "risk_ratio": "Adjusted risk ratio (95% CI)",
    "e_value": "E-value",
    "e_value_limit": "E-value of the limit nearer to 1",
}
NOTES = (
    "Non-randomised. First CRS under overlap weights, CAR-T over bispecific.",
    "E-value: risk ratio that an unmeasured confounder would need with cohort and with CRS, beyond "
    "the covariates, to explain the ratio away.",
    "Tipping: risk ratio with CRS at which a yes-or-no confounder would leave no difference, if it "
    "is so common in the cohort of the higher and of the lower risk.",
)


def table_unmeasured(block: Block, name: str) -> Markup:
    """One row for each day; an empty text where there is no adjusted risk ratio."""
    rows = block.of("adjusted", GROUP="ATO")
    days = only(rows, STAT="risk_ratio")["TIME"].unique().sort().to_list()
    if not days or (rows["STATUS"] == "suppressed").all():
        return BLANK
    tipping = rows.filter(pl.col("STAT") == "tipping_ratio")
    levels = tipping["LEVEL"].unique().sort().to_list()
    lines: list[list[str | Markup]] = []
    for day in days:
        own = only(rows, TIME=day)
        found = [first(own, STAT=stat) for stat in STATS]
        found += [first(tipping, TIME=day, LEVEL=level) for level in levels]
        lines.append([f"By day {day:g}", *map(estimate, found)])
    heads = [f"Tipping, {level}" for level in levels]
    return gt_table(
        name, lines, ["First CRS of any grade", *STATS.values(), *heads], notes=NOTES,
        label=f"Unmeasured confounding, {block.name}",
    )  # fmt: skip
