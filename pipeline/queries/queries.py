"""The table `queries`: what to ask, ranked by how far an answer could move a headline."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

import polars as pl

from pipeline.queries.asked import Asked
from pipeline.queries.headlines import HEADLINES
from pipeline.queries.influence import MOVES, Tried, weigh
from pipeline.queries.kinds.candidate import ask_candidates
from pipeline.queries.kinds.contradiction import ask_contradictions
from pipeline.queries.kinds.daily_grades import ask_daily_grades
from pipeline.queries.kinds.death import ask_death_causes, ask_death_dates
from pipeline.queries.kinds.end_missing import ask_ends
from pipeline.queries.kinds.follow_up import ask_follow_up
from pipeline.queries.kinds.grade_missing import ask_grades
from pipeline.queries.kinds.onset import ask_onsets
from pipeline.queries.kinds.quarantined import ask_missing_subjects, ask_quarantined
from pipeline.queries.kinds.unmapped import ask_unmapped
from pipeline.queries.kinds.unusable import ask_unusable
from pipeline.queries.known import Known, make_known
from pipeline.queries.outcomes import derive_outcomes
from pipeline.queries.subjects_anew import units_of
from pipeline.schemas.tables import TABLES
from pipeline.schemas.tables.queries import KINDS
from pipeline.study import Study
from pipeline.table import Table, frame_of

ASK: tuple[Callable[[Known], Asked], ...] = (
    ask_grades,
    ask_ends,
    ask_onsets,
    ask_contradictions,
    ask_daily_grades,
    ask_candidates,
    ask_death_causes,
    ask_death_dates,
    ask_follow_up,
    ask_missing_subjects,
    ask_quarantined,
    ask_unusable,
    ask_unmapped,
)
_DIGITS = 6
"""Of points: a tie must not be broken by rounding."""


def derive_queries(
    tables: Mapping[str, Table], study: Study, before: Table | None = None
) -> dict[str, pl.DataFrame]:
    """What data management should ask first.

    Rule:
        1. Each kind finds what is missing or contradictory and lists the admissible answers.
        2. Each answer makes a copy of its subject; the statistics' own derivations run over all
           copies at once, and each headline is counted again with the copy in the subject's place.
        3. INFLUENCE is the largest move of any headline in percentage points, a day being 1/28 of
           the whole (28 = the plan's horizon); ties: the sum over the headlines, then the kind.

    Args:
        tables: everything that the stages before made.
        study: the study's own description.
        before: the queries of the drop before, where there was one.
    """
    known = make_known(tables, study)
    kinds = [ask(known) for ask in ASK]
    rows = pl.concat([kind.rows for kind in kinds])
    moves = _moves(known, pl.concat([kind.answers for kind in kinds]))
    ranked = _ranked(known, _weighed(rows, moves))
    ids = [_identity(study.study, ref) for ref in ranked["REF"]]
    seen = [] if before is None else frame_of(before)["QUERYID"].to_list()
    made = ranked.with_columns(
        STUDYID=pl.lit(study.study),
        QUERYID=pl.Series(ids, dtype=pl.String),
        RANK=pl.int_range(1, pl.len() + 1),
    ).with_columns(
        STATUS=pl.when(pl.col("QUERYID").is_in(seen)).then(pl.lit("open")).otherwise(pl.lit("new"))
    )
    schema = TABLES["queries"]
    return {"queries": schema.validate(made.select(schema.column_names()), cast=True)}


def headline_rows(results: pl.DataFrame, system: str, basis: str) -> pl.DataFrame:
    """The headlines of each cohort as results have them: PLACE, COHORT, RESULTID, VALUE."""
    mine = results.filter(SYSTEM=system, BASIS=basis)
    found = [
        mine.filter(*(pl.col(c).eq_missing(pl.lit(v)) for c, v in headline.row.items())).select(
            "COHORT", "RESULTID", "VALUE", PLACE=pl.lit(place, pl.Int64)
        )
        for place, headline in enumerate(HEADLINES)
    ]
    return pl.concat(found)


def _moves(known: Known, answers: pl.DataFrame) -> pl.DataFrame:
    """Every headline that the answers move."""
    pair = known.pair
    if pair is None or known.treated.is_empty():
        return pl.DataFrame(schema=MOVES)
    units = units_of(answers)
    outcomes = derive_outcomes(known, pair, units)
    rows = headline_rows(known.frame("results"), pair.SYSTEM, pair.BASIS)
    return weigh(Tried(answers, units, outcomes, pair.BASIS), rows)


def _weighed(rows: pl.DataFrame, moves: pl.DataFrame) -> pl.DataFrame:
    """Each query with the headline that it could move most, and how many it could move."""
    order = ["SET", "POINTS", "PLACE", "COHORT"]
    most = moves.sort(order, descending=[False, True, False, False], nulls_last=True).unique(
        "SET", keep="first", maintain_order=True
    )
    sums = moves.group_by("SET").agg(
        TOTAL=pl.col("POINTS").sort().sum(), N_HEADLINES=pl.col("PLACE").n_unique()
    )
    words = pl.DataFrame(
        [(i, h.words, h.unit) for i, h in enumerate(HEADLINES)],
        schema={"PLACE": pl.Int64, "HEADLINE": pl.String, "UNIT": pl.String}, orient="row",
    )  # fmt: skip
    stands = pl.when("STANDS").then("VALUE")
    return (
        rows.join(most, on="SET", how="left")
        .join(sums, on="SET", how="left")
        .join(words, on="PLACE", how="left")
        .with_columns(
            INFLUENCE=pl.col("POINTS").fill_null(0.0).round(_DIGITS),
            TOTAL=pl.col("TOTAL").fill_null(0.0).round(_DIGITS),
            N_HEADLINES=pl.col("N_HEADLINES").fill_null(0),
            LOW=pl.min_horizontal("LOW", stands),
            HIGH=pl.max_horizontal("HIGH", stands),
        )
    )


def _ranked(known: Known, weighed: pl.DataFrame) -> pl.DataFrame:
    """Most influential first; the order is the same every night."""
    kinds = pl.col("KIND").replace_strict({kind: i for i, kind in enumerate(KINDS)})
    ordered = weighed.with_columns(_KIND=kinds).sort(
        "INFLUENCE", "TOTAL", "_KIND", "USUBJID", "EPISEQ", "SRCDOM", "ROW", "SRCSEQ", "REF",
        descending=[True, True, *[False] * 7], nulls_last=True,
    )  # fmt: skip
    pair = known.pair
    return ordered.with_columns(
        SYSTEM=pl.lit(None if pair is None else pair.SYSTEM, pl.String),
        BASIS=pl.lit(None if pair is None else pair.BASIS, pl.String),
    )


def _identity(study: str, ref: str) -> str:
    return hashlib.sha256(f"{study}\x1f{ref}".encode()).hexdigest()[:16]
