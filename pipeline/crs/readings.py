"""How far the headline of a study moves with the reading of the grading rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import combinations

import polars as pl

from pipeline.crs.crs import record_source
from pipeline.crs.open_questions import ORDER, Change, Reading, alternatives, words
from pipeline.crs.portions import Portion, portions, restricted
from pipeline.crs.regrade import Regrader
from pipeline.schemas.tables.readings import Readings
from pipeline.study import Study
from pipeline.table import Table

ROWS_AT_ONCE = 200_000
"""Every reading has its own copy of what it changes, so portions are smaller than in grading."""
MOST_HELD = 3
"""Portions whose ladders are kept from one question to the next; more would not fit into memory."""
CUTS = (3, 2)
"""Grades of the headline, the more serious first: it decides which switches are combined."""
MOST_COMBINED = 6
OWN: Reading = ()


def derive_readings(tables: Mapping[str, Table], study: Study) -> pl.DataFrame:
    """Share of treated subjects that reach grade 2 and 3 under every sensible reading of the rules.

    Rule:
        1. The study's own reading, under its primary system, derived grades.
        2. Each alternative position of each open question that concerns the system, alone.
        3. All combinations of those switches that moved a share, at most six: those that moved
           grade >= 3 most, then grade >= 2; each in the position that moved it most. Two switches
           that move nothing alone are not tried together.

    Where the study cannot derive a grade of the system, only the own reading is there, without
    EVENTS and VALUE.

    Args:
        tables: the typed domains, ledger, adsl and doses.
        study: the study's own description; its switches are the own reading.
    """
    parts = portions(tables, ROWS_AT_ONCE)
    if len(parts) > MOST_HELD:
        return _readings(study, lambda readings: _in_turn(_graders(tables, study, parts), readings))
    # What was graded for the readings alone is not graded again for their combinations.
    with ExitStack() as held:
        graders = [held.enter_context(g) for g in _graders(tables, study, parts)]
        return _readings(study, lambda readings: _added(g.counts(readings, CUTS) for g in graders))


def _graders(
    tables: Mapping[str, Table], study: Study, parts: Sequence[Portion]
) -> Iterator[Regrader]:
    """One for each portion of the subjects."""
    if len(parts) <= 1:
        yield Regrader(tables, study, study.primary_system)
        return
    source = {"record_source": record_source(tables, study)}
    for part in parts:
        yield Regrader(restricted(tables, part) | source, study, study.primary_system)


def _in_turn(graders: Iterable[Regrader], readings: Sequence[Reading]) -> pl.DataFrame:
    """Subjects under the readings, one portion let go before the next."""
    counts: list[pl.DataFrame] = []
    for grader in graders:
        with grader:
            counts.append(grader.counts(readings, CUTS))
    return _added(counts)


def _readings(study: Study, count: Callable[[Sequence[Reading]], pl.DataFrame]) -> pl.DataFrame:
    """The table, from a function that counts the subjects under some readings."""
    alone: list[Reading] = [OWN, *((c,) for c in alternatives(study, study.primary_system))]
    counts = count(alone)
    own = counts.filter(pl.col("READING") == 0)
    if own["N_GRADED"].max() == 0:
        return _table(own.with_columns(EVENTS=pl.lit(None, pl.Int64)), [OWN], study)
    together = _combined(alone, counts)
    if together:
        more = count(together).with_columns(pl.col("READING") + len(alone))
        counts = pl.concat([counts, more])
    return _table(counts, [*alone, *together], study)


def _added(counts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Subjects and episodes of all portions."""
    numbers = pl.col("N", "EVENTS", "N_GRADED").sum()
    return (
        pl.concat(counts).group_by("READING", "GRADE_MIN").agg(numbers).sort("READING", "GRADE_MIN")
    )


def readings_sentence(readings: pl.DataFrame, grade_min: int = 3) -> str:
    """The table in one line, such as "grade >= 3: 4.1 %, 2.8 to 6.0 over 64 readings; x decides".

    What decides is the switch that alone moves the share most; of equals all are named.

    Args:
        readings: as derive_readings gives it.
        grade_min: the grade that is reached, 2 or 3.
    """
    rows = readings.filter(pl.col("GRADE_MIN") == grade_min)
    own = rows.filter(pl.col("IS_DEFAULT") == "Y").row(0, named=True)
    if own["VALUE"] is None:
        why = "nobody was treated" if own["N"] == 0 else "no episode has a derived grade"
        return f"grade >= {grade_min}: not available, because {why}"
    shares = [100 * value for value in rows["VALUE"].to_list()]
    low, high = f"{min(shares):.1f}", f"{max(shares):.1f}"
    span = "" if low == high else f", {low} to {high}"
    text = f"grade >= {grade_min}: {100 * own['VALUE']:.1f} %{span} over {rows.height} readings"
    return f"{text}; {_decider(rows, own['EVENTS'])}"


def _decider(rows: pl.DataFrame, own: int) -> str:
    alone = rows.filter((pl.col("SWITCHES") != "") & ~pl.col("SWITCHES").str.contains("; "))
    moved = alone.select(
        SWITCH=pl.col("SWITCHES").str.extract("^([^=]+)="), MOVE=(pl.col("EVENTS") - own).abs()
    ).filter(pl.col("MOVE") > 0)
    if moved.is_empty():
        moves = (rows["EVENTS"] != own).any()
        return "no switch moves it alone" if moves else "no switch moves it"
    most = moved.filter(pl.col("MOVE") == pl.col("MOVE").max())["SWITCH"]
    names = most.unique(maintain_order=True).to_list()
    return " and ".join(names) + (" decides" if len(names) == 1 else " decide")


def _combined(alone: Sequence[Reading], counts: pl.DataFrame) -> list[Reading]:
    """All combinations of two or more of the changes that moved a share."""
    movers = _movers(alone, counts)
    chosen = sorted(movers[:MOST_COMBINED], key=lambda change: ORDER[change[0]])
    return [c for size in range(2, len(chosen) + 1) for c in combinations(chosen, size)]


def _movers(alone: Sequence[Reading], counts: pl.DataFrame) -> list[Change]:
    """Changes that moved a share, one per switch, those that moved it most first."""
    wide = counts.pivot("GRADE_MIN", index="READING", values="EVENTS").sort("READING")
    events = list(zip(*(wide[str(cut)].to_list() for cut in CUTS), strict=True))
    moves = [tuple(abs(n - own) for n, own in zip(e, events[0], strict=True)) for e in events]
    found = [(move, change) for move, (change,) in zip(moves[1:], alone[1:], strict=True)]
    ranked = sorted((f for f in found if any(f[0])), key=lambda f: f[0], reverse=True)
    first: dict[str, Change] = {}
    for _, change in ranked:
        first.setdefault(change[0], change)
    return list(first.values())


def _table(counts: pl.DataFrame, readings: Sequence[Reading], study: Study) -> pl.DataFrame:
    texts = pl.DataFrame({"READING": range(len(readings)), "SWITCHES": map(words, readings)})
    made = counts.join(texts, on="READING").select(
        pl.col("READING") + 1,
        "GRADE_MIN",
        "SWITCHES",
        "N",
        "EVENTS",
        STUDYID=pl.lit(study.study),
        SYSTEM=pl.lit(study.primary_system),
        VALUE=pl.when(pl.col("N") > 0).then(pl.col("EVENTS") / pl.col("N")),
        IS_DEFAULT=pl.when(pl.col("READING") == 0).then(pl.lit("Y")),
    )
    made = made.select(Readings.column_names()).sort(Readings.primary_key())
    return Readings.validate(made, cast=True)
