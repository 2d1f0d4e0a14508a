"""Numbers of a table that the Dagster UI plots over its materialisations.

They are those of the pages' first lines: read from the result rows after disclosure control, so
that the UI never shows what a page withholds. A number that is withheld, or could not be
estimated, is left out and its plot has a gap.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import polars as pl


class Headline(NamedTuple):
    """A number's name, the result row that holds it, and what it is multiplied with."""

    name: str
    result: str
    variable: str
    level: str
    stat: str
    time: float | None = None
    times: int = 1


HEADLINES = (
    Headline("treated subjects", "subjects", "treated", "summary", "n"),
    Headline(
        "CRS, any grade (%)", "grade_distribution", "MAXGRADE", ">=1", "proportion", times=100
    ),
    Headline(
        "CRS, grade 3 or higher (%)", "grade_distribution", "MAXGRADE", ">=3", "proportion",
        times=100,
    ),
    Headline("episodes", "subjects", "n_episodes", "summary", "n"),
    Headline(
        "median onset (days since first dose)", "onset_time", "ONSET_D_FIRST", "summary", "median"
    ),
    Headline(
        "cumulative incidence by day 14 (%)", "onset_cif", "TTCRS", "landmark",
        "cumulative_incidence", 14, 100,
    ),
    Headline(
        "recovered by day 14 of CRS (%)", "recovery_cif", "TTREC", "landmark",
        "cumulative_incidence", 14, 100,
    ),
)  # fmt: skip
_ARM_WORDS = {"car_t": "CAR-T", "bispecific": "bispecific"}


def numbers(table: str, file: Path, min_cell: int) -> dict[str, float]:
    """What is plotted of a table; nothing of most."""
    if table == "ledger":
        return _rows_of(pl.read_parquet(file))
    if table in ("results", "cohort_results"):
        return headlines(pl.read_parquet(file), min_cell)
    return {}


def headlines(results: pl.DataFrame, min_cell: int) -> dict[str, float]:
    """Headline numbers under the primary system, by cohort where there are several."""
    from reports.disclosure import disclose  # noqa: PLC0415  loads when it runs

    kinds = results["DATA_KIND"].n_unique()
    shown = disclose(results, min_cell).filter(
        pl.col("PRIMARY") == "Y",
        pl.col("STATUS") == "ok",
        pl.col("GROUPVAR").is_null(),
        pl.col("COHORT").is_in([*_ARM_WORDS]) | pl.col("COHORT").is_null(),
    )
    arms = shown.select("DATA_KIND", "COHORT").unique().sort("DATA_KIND", "COHORT").rows()
    found: dict[str, float] = {}
    for kind, cohort in arms:
        of_arm = shown.filter(pl.col("DATA_KIND") == kind, pl.col("COHORT").eq_missing(cohort))
        words = [*([kind] if kinds > 1 else []), *([_ARM_WORDS[cohort]] if len(arms) > 1 else [])]
        prefix = f"{', '.join(words)}: " if words else ""
        found |= {f"{prefix}{name}": value for name, value in _of_arm(of_arm)}
    return found


def _of_arm(rows: pl.DataFrame) -> list[tuple[str, float]]:
    found = [(headline, _value(rows, headline)) for headline in HEADLINES]
    return [(h.name, round(value * h.times, 1)) for h, value in found if value is not None]


def _value(rows: pl.DataFrame, headline: Headline) -> float | None:
    there = rows.filter(
        pl.col("RESULT") == headline.result,
        pl.col("VARIABLE") == headline.variable,
        pl.col("LEVEL") == headline.level,
        pl.col("STAT") == headline.stat,
        pl.col("TIME").eq_missing(headline.time),
    )
    return float(there["VALUE"][0]) if there.height else None


def _rows_of(ledger: pl.DataFrame) -> dict[str, float]:
    columns = {"rows read": "N_READ", "rows quarantined": "N_QUARANTINED"}
    return {name: int(ledger[column].sum()) for name, column in columns.items()}
