"""RESULT reconciliation: recorded against derived grades under the scale that the study states."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.stats.agreement import POWER, cross_table, grades_used, weighted_kappa
from pipeline.stats.analyses.counts_and_summaries import add_count, add_proportion
from pipeline.stats.analyses.crosstab import add_cells
from pipeline.stats.ard import Ard, Label, Row
from pipeline.stats.guards import because, limits_because
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, members
from pipeline.stats.roster import Roster
from pipeline.stats.systems import UNNAMED

EPISODES = "recorded CRS episodes of treated subjects; the episode is the unit"
COMPARABLE = "recorded CRS episodes with a recorded and a derived grade; the episode is the unit"
SAME = (
    "recorded CRS episodes with a recorded grade and a derived one of every system compared; "
    "the episode is the unit"
)
CATEGORIES = ("agree", "derived higher", "derived lower", "unsupported", "not comparable")
KAPPA = "Cohen's kappa, {} weights; limits of Fleiss, Cohen & Everitt 1969, episodes as independent"
GRADES = 6


@dataclass(frozen=True, eq=False)
class Recorded:
    """Tables of one study; EPI and SUBJ are numbers of the roster."""

    reconciliation: pl.DataFrame
    """EPI, SYSTEM, GRADE_COLLECTED, GRADE_DERIVED, CATEGORY."""
    derived: pl.DataFrame
    """EPI, SYSTEM, GRADE: derived grades, where there is one."""
    treated: pl.DataFrame
    """SUBJ of every treated subject."""
    unreported: pl.DataFrame
    """SUBJ of those with signs of CRS that no record covers."""


def make_recorded(
    roster: Roster,
    treated: pl.DataFrame,
    grades: pl.DataFrame,
    reconciliation: pl.DataFrame,
    candidates: pl.DataFrame,
) -> Recorded:
    """Number the rows of a study's tables; rows of subjects without a dose are left out."""
    episode, subject = pl.col("EPISEQ"), pl.lit(0)
    derived = grades.filter(pl.col("BASIS") == "derived").drop_nulls("GRADE")
    return Recorded(
        roster.number(reconciliation, episode, "EPI").drop_nulls("EPI").sort("EPI"),
        roster.number(derived, episode, "EPI").drop_nulls("EPI").sort("EPI", "SYSTEM"),
        treated.select("SUBJ"),
        roster.number(candidates, subject, "SUBJ").drop_nulls("SUBJ"),
    )


def add_reconciliation(recorded: Recorded, ard: Ard, label: Label) -> None:
    """Cells, categories, agreement and kappa, and which system the recorded grades fit best.

    Args:
        recorded: the study's tables.
        ard: the result table.
        label: the study, its collected scale as SYSTEM and collected as BASIS.
    """
    table = recorded.reconciliation.filter(pl.col("SYSTEM") == label.SYSTEM)
    base = Row("reconciliation", "", "n", "episodes", "count", EPISODES, members(table, "EPI"))
    base = base._replace(EPISODES="all", DENOM="recorded episodes")
    _add_unreported(recorded, ard, label, base)
    if label.SYSTEM == UNNAMED:
        reason = "not available, because the study does not state the scale of its recorded grades"
        row = base._replace(VARIABLE="AGREEMENT", STAT="proportion", UNIT="fraction")
        ard.add(label, row._replace(METHOD="none", STATUS="not_available", REASON=reason))
        return
    cells = base._replace(VARIABLE="CROSSTAB", GROUPVAR="GRADE_COLLECTED")
    add_cells(ard, label, cells, table, ("GRADE_COLLECTED", "GRADE_DERIVED"))
    for name in CATEGORIES:
        events = members(table.filter(pl.col("CATEGORY") == name), "EPI")
        add_count(ard, label, base._replace(VARIABLE="CATEGORY", LEVEL=name), events)
    known = table.drop_nulls(["GRADE_COLLECTED", "GRADE_DERIVED"])
    row = base._replace(POPULATION=COMPARABLE, DENOM="comparable episodes")
    add_agreement(ard, label, row._replace(VARIABLE="AGREEMENT"), known)
    for weights in POWER:
        add_kappa(ard, label, row._replace(VARIABLE="KAPPA", LEVEL=weights), known)
    _add_scale_fit(recorded, ard, label, row)


def add_agreement(ard: Ard, label: Label, row: Row, known: pl.DataFrame) -> float:
    """Proportion of episodes of equal grade; returns it, NaN where there is no episode."""
    same = known.filter(pl.col("GRADE_COLLECTED") == pl.col("GRADE_DERIVED"))
    events, n = members(same, "EPI"), members(known, "EPI")
    add_proportion(ard, label, row._replace(n=n), events)
    return events.size / n.size if n.size else math.nan


def add_kappa(ard: Ard, label: Label, row: Row, known: pl.DataFrame) -> float:
    """Kappa with the weights that LEVEL names; returns it, NaN where it is not estimable."""
    weights = "linear" if row.LEVEL == "linear" else "quadratic"
    recorded, derived = (known[c].to_numpy() for c in ("GRADE_COLLECTED", "GRADE_DERIVED"))
    table = cross_table(recorded, derived, GRADES)
    row = row._replace(STAT="weighted_kappa", UNIT="kappa", METHOD=KAPPA.format(weights))
    row = row._replace(n=members(known, "EPI"))
    reason = PLAN.guards.no_kappa(known.height, grades_used(table))
    if reason:
        ard.add(label, row._replace(REASON=reason))
        return math.nan
    kappa = weighted_kappa(table, weights, PLAN.conf)
    if math.isnan(kappa.low):
        row = row._replace(REASON=limits_because("all episodes agree"))
    ard.add(label, row._replace(VALUE=kappa.value, LOW=kappa.low, HIGH=kappa.high))
    return kappa.value


def _add_unreported(recorded: Recorded, ard: Ard, label: Label, base: Row) -> None:
    """Subjects with signs of CRS after a dose that no record covers: listed, never counted."""
    row = base._replace(VARIABLE="CATEGORY", LEVEL="unreported", UNIT="subjects", DENOM=TREATED)
    words = f"{TREATED}, by signs of CRS that no record covers"
    row = row._replace(POPULATION=words, n=members(recorded.treated))
    add_count(ard, label, row, members(recorded.unreported))


def _add_scale_fit(recorded: Recorded, ard: Ard, label: Label, row: Row) -> None:
    """Agreement of the recorded grades with each system's derived ones, on the same episodes."""
    systems = recorded.derived["SYSTEM"].unique().sort().to_list()
    joined = _same_episodes(recorded, systems)
    row = row._replace(POPULATION=SAME, VARIABLE="SCALE_FIT", GROUPVAR="SYSTEM")
    fits: dict[str, tuple[float, float]] = {}
    for system in systems:
        known = joined.filter(pl.col("SYSTEM") == system)
        mine = row._replace(GROUP=system)
        kappa = add_kappa(ard, label, mine._replace(LEVEL="quadratic"), known)
        fits[system] = kappa, add_agreement(ard, label, mine, known)
    row = row._replace(VARIABLE="WRONG_SCALE_SUSPECTED", STAT="flag", UNIT="1 = yes, 0 = no")
    n = members(joined, "EPI")
    row = row._replace(GROUPVAR=None, n=n, METHOD=_wrong_scale_words())
    reason = _no_scale_check(label.SYSTEM, fits, n.size)
    if reason:
        ard.add(label, row._replace(REASON=reason))
        return
    better = best_fit(label.SYSTEM, fits)
    ard.add(label, row._replace(VALUE=float(better is not None), LEVEL=better))


def best_fit(stated: str, fits: dict[str, tuple[float, float]]) -> str | None:
    """The system that fits clearly better than the stated one, the best of several; else null.

    Args:
        stated: system that the study says it graded by.
        fits: kappa (NaN where not estimable) and exact agreement of each system.
    """
    kappa, agreement = fits[stated]
    better = [
        (k, a, system)
        for system, (k, a) in fits.items()
        if system != stated and PLAN.guards.fits_better(k - kappa, a - agreement)
    ]
    return min(better, key=lambda x: (-x[0], -x[1], x[2]))[2] if better else None


def _same_episodes(recorded: Recorded, systems: Sequence[str]) -> pl.DataFrame:
    collected = recorded.reconciliation.drop_nulls("GRADE_COLLECTED").select(
        "EPI", "GRADE_COLLECTED"
    )
    derived = recorded.derived.select("EPI", "SYSTEM", GRADE_DERIVED="GRADE")
    joined = derived.join(collected, on="EPI", how="inner", maintain_order="left")
    return joined.filter(pl.len().over("EPI") == len(systems))


def _no_scale_check(stated: str, fits: dict[str, tuple[float, float]], n: int) -> str | None:
    if stated not in fits:
        return because("no episode has a derived grade of the stated scale")
    if reason := PLAN.guards.no_scale_check(n):
        return reason
    if math.isnan(fits[stated][0]):
        return because("kappa with the stated scale is not estimable")
    return None


def _wrong_scale_words() -> str:
    guards = PLAN.guards
    return (
        f"1 if a system exceeds the stated scale by {guards.scale_kappa:g} in quadratic kappa and "
        f"by {guards.scale_agreement:g} in exact agreement"
    )
