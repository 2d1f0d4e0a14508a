"""How far the answers to each query move the headlines, each counted again for every answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from pipeline.queries.asked import EDIT
from pipeline.queries.headlines import HEADLINES, Headline, points
from pipeline.queries.subjects_anew import UNIT

_NONE = "-"
_SMALLEST = 1e-9
"""Below this a difference is rounding."""
MOVES = {
    "SET": pl.String, "COHORT": pl.String, "PLACE": pl.Int64, "RESULTID": pl.String,
    "VALUE": pl.Float64, "LOW": pl.Float64, "HIGH": pl.Float64, "POINTS": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Tried:
    """Everything that was tried: what was answered, by which copies, and what came of it."""

    answers: pl.DataFrame
    """Edits of every set of answers."""
    units: pl.DataFrame
    """The distinct edits with the names of their copies."""
    outcomes: pl.DataFrame
    """What each subject and each copy gives to the headlines."""
    basis: str
    """Basis of the headlines: collected or derived."""

    @cached_property
    def subjects(self) -> pl.DataFrame:
        """The outcomes of the study's own subjects."""
        return self.outcomes.filter(~pl.col("USUBJID").is_in(self.units[UNIT].implode()))

    @cached_property
    def named(self) -> pl.DataFrame:
        """SET and ANSWER of each edit with its subject and its copy: rows of outcomes, if any."""
        rows = self.outcomes.select("USUBJID", "COHORT", AT=pl.int_range(pl.len()))
        new = rows.select(UNIT="USUBJID", NEW_COHORT="COHORT", TO="AT")
        old = rows.select("USUBJID", OLD_COHORT="COHORT", FROM="AT")
        return (
            self.answers.join(self.units, on=list(EDIT), nulls_equal=True)
            .join(new, on=UNIT)
            .join(old, on="USUBJID", how="left")
            .select("SET", "ANSWER", "FROM", "TO", COHORT=pl.coalesce("OLD_COHORT", "NEW_COHORT"))
        )


def weigh(tried: Tried, rows: pl.DataFrame) -> pl.DataFrame:
    """One row per set of answers, cohort and headline that some answer moves.

    Args:
        tried: the answers.
        rows: the headlines of each cohort in results: PLACE, COHORT, RESULTID, VALUE.
    """
    tried = within_collection(tried)
    found = [
        _of_headline(place, tried, rows.filter(PLACE=place))
        for place in rows["PLACE"].unique().sort().to_list()
    ]
    return pl.concat([pl.DataFrame(schema=MOVES), *found])


def baseline(headline: Headline, subjects: pl.DataFrame, basis: str) -> float:
    """The headline as it is.

    Args:
        headline: which.
        subjects: outcomes of the subjects of one cohort.
        basis: collected or derived.
    """
    return headline.value(_counted(subjects.select(STATE=headline.state())["STATE"]), basis)


def _of_headline(place: int, tried: Tried, rows: pl.DataFrame) -> pl.DataFrame:
    """What the answers do to one headline: the same change of states is counted once."""
    headline = HEADLINES[place]
    changes = _changes(tried, headline)
    keys = changes.select("COHORT", "CHANGE").unique().sort("COHORT", "CHANGE")
    before = {
        cohort: _counted(part["STATE"])
        for (cohort,), part in tried.subjects.select("COHORT", STATE=headline.state()).group_by(
            "COHORT", maintain_order=True
        )
    }
    after = [
        headline.value(_changed(before.get(cohort, {}), change), tried.basis)
        for cohort, change in keys.iter_rows()
    ]
    valued = keys.with_columns(NEW=pl.Series(after, dtype=pl.Float64).fill_nan(None))
    moved = changes.join(valued, on=["COHORT", "CHANGE"], nulls_equal=True).join(
        rows, on="COHORT", nulls_equal=True
    )
    return _moves(headline, moved)


def _changes(tried: Tried, headline: Headline) -> pl.DataFrame:
    """SET, ANSWER, COHORT and CHANGE: which states are left for which, those that stay left out."""
    states = tried.outcomes.select(headline.state()).to_series().cast(pl.String)
    left, reached = (states.gather(tried.named[at]).fill_null(_NONE) for at in ("FROM", "TO"))
    step = pl.when(left != reached).then(pl.format("{}>{}", left, reached))
    return (
        tried.named.lazy()
        .with_columns(STEP=step)
        .group_by("SET", "ANSWER", "COHORT", maintain_order=True)
        .agg(CHANGE=pl.col("STEP").drop_nulls().sort().str.join("|"))
        .collect()
    )


def _counted(states: pl.Series) -> dict[float, int]:
    return dict(Counter(states.drop_nulls().to_list()))


def _changed(states: Mapping[float, int], change: str) -> dict[float, int]:
    """States after a change; one that nobody is in is left out."""
    after = Counter(states)
    for step in change.split("|") if change else ():
        left, _, reached = step.partition(">")
        if left != _NONE:
            after[float(left)] -= 1
        if reached != _NONE:
            after[float(reached)] += 1
    return {state: n for state, n in after.items() if n}


def _moves(headline: Headline, moved: pl.DataFrame) -> pl.DataFrame:
    """Range over the answers and the largest move.

    A share that is not available is moved by the whole range that it could have; a median that
    nobody has yet is not moved.
    """
    ranged = moved.group_by("SET", "COHORT", "PLACE", "RESULTID", "VALUE", maintain_order=True).agg(
        LOW=pl.col("NEW").min(), HIGH=pl.col("NEW").max()
    )
    span = pl.col("HIGH") - pl.col("LOW") if headline.unit == "fraction" else pl.lit(0.0)
    far = pl.max_horizontal(
        (pl.col("HIGH") - pl.col("VALUE")).abs(), (pl.col("LOW") - pl.col("VALUE")).abs()
    )
    move = pl.when(pl.col("VALUE").is_null()).then(span).otherwise(far)
    return (
        ranged.with_columns(MOVE=move)
        .filter(pl.col("MOVE") > _SMALLEST)
        .with_columns(POINTS=pl.col("MOVE") * points(headline, 1))
        .select(*MOVES)
        .cast(MOVES)  # pyright: ignore[reportArgumentType]
    )


def within_collection(tried: Tried) -> Tried:
    """Times of onset censored where the cohort's collection of adverse events ends."""
    ends = tried.subjects.group_by("COHORT").agg(END=pl.col("COLLDY").max())
    late = pl.col("CRS_T") > pl.col("END")
    outcomes = (
        tried.outcomes.join(ends, on="COHORT", how="left", nulls_equal=True, maintain_order="left")
        .with_columns(
            CRS_T=pl.when(late).then("END").otherwise("CRS_T"),
            CRS_C=pl.when(late).then(0).otherwise("CRS_C"),
        )
        .drop("END")
    )
    return replace(tried, outcomes=outcomes)
