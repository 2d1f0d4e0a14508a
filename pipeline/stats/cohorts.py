"""CAR-T against bispecific over all studies that pool."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from pipeline.schemas.columns import COHORTS
from pipeline.schemas.tables.results import Results
from pipeline.schemas.tables.sets import Sets
from pipeline.stats.analyse import analyse, intervention_classes
from pipeline.stats.analyses.adjusted import add_adjusted
from pipeline.stats.analyses.adjusted_hazard import add_adjusted_hazards
from pipeline.stats.analyses.adjustment import adjust
from pipeline.stats.analyses.balance import add_balance
from pipeline.stats.analyses.difference import DIFFERENCE, Pair, add_difference
from pipeline.stats.analyses.grade_distribution import add_grade_distribution
from pipeline.stats.analyses.grade_odds import add_grade_odds
from pipeline.stats.analyses.lab_kinetics import add_lab_kinetics
from pipeline.stats.analyses.meta import add_meta
from pipeline.stats.analyses.not_available import add_not_available
from pipeline.stats.analyses.onset_comparison import add_onset_comparison
from pipeline.stats.analyses.sensitivity import add_sensitivity
from pipeline.stats.ard import Ard, Label
from pipeline.stats.population import Pool, Population, make_pool, make_population
from pipeline.stats.primary import SystemCover, primary_cover
from pipeline.stats.systems import UNNAMED
from pipeline.stats.timing import Timing, derive_timing
from pipeline.study import Study
from pipeline.table import Table

Timed = list[tuple[Study, Timing]]


@dataclass(frozen=True, eq=False)
class _Work:
    """What every step needs: all pooled subjects, the result table, the classes to report."""

    pool: Pool
    ard: Ard
    classes: list[str]


def compare_cohorts(
    studies: Sequence[tuple[Study, Mapping[str, Table]]],
) -> dict[str, pl.DataFrame]:
    """cohort_results and cohort_sets: both cohorts and their difference.

    Rule: only studies with pool: true, one data kind at a time, each (SYSTEM, BASIS) apart, over
    the studies that have it. Those studies are named in POPULATION. Recorded grades of a study
    that does not name their scale are not pooled.

    Args:
        studies: each study with its tables, as derive_study_stats takes them; in any order.
    """
    pooled = sorted((s for s in studies if s[0].pool), key=lambda s: s[0].study)
    if not pooled:
        return {"cohort_results": Results.create_empty(), "cohort_sets": Sets.create_empty()}
    timed = [(study, derive_timing(tables, study)) for study, tables in pooled]
    pool = make_pool([timing for _, timing in timed])
    work = _Work(pool, Ard(pool.roster), intervention_classes(pool))
    for kind in sorted({study.data_kind for study, _ in timed}):
        _add_kind(work, kind, [(s, t) for s, t in timed if s.data_kind == kind])
    results, sets = work.ard.frames()
    return {"cohort_results": results, "cohort_sets": sets}


def _add_kind(work: _Work, kind: str, timed: Timed) -> None:
    covers = _covers(work.pool, timed)
    primary = primary_cover(covers, {study.primary_system for study, _ in timed})
    for cover in covers:
        label = Label(
            "ALL", kind, None, cover.SYSTEM, cover.BASIS, "Y" if cover is primary else None,
            STUDIES=_names(s for c in COHORTS for s in cover.studies[c]),
        )  # fmt: skip
        car_t, bispecific = (_add_cohort(work, label, cover, cohort) for cohort in COHORTS)
        if car_t and bispecific:
            difference = replace(label, COHORT=DIFFERENCE)
            pair = Pair(difference, car_t, bispecific)
            add_difference(pair, work.ard)
            adjustment = adjust(pair, {study.study: study for study, _ in timed})
            add_balance(adjustment, work.ard)
            add_adjusted(adjustment, work.ard)
            add_adjusted_hazards(adjustment, work.ard)
            add_grade_odds(pair, work.ard)
            add_onset_comparison(pair, work.ard)
            add_sensitivity(pair, work.ard)


def _add_cohort(work: _Work, label: Label, cover: SystemCover, cohort: str) -> Population | None:
    """All rows of one cohort; null, with rows that say so, where no study has this pair."""
    names = cover.studies[cohort]
    label = replace(label, COHORT=cohort, STUDIES=_names(names) or "none")
    pop = make_population(work.pool, label, names)
    if not names:
        reason = f"not available, because no pooled {cohort} study has {label.BASIS} {label.SYSTEM}"
        add_not_available(work.ard, label, pop.treated, f"{reason} grades")
        return None
    analyse(pop, work.ard, work.classes)
    add_grade_distribution(pop, work.ard, "PRODUCT")
    add_meta(pop, work.ard)
    if label.PRIMARY:
        add_lab_kinetics(pop, work.ard)
    return pop


def _covers(pool: Pool, timed: Timed) -> list[SystemCover]:
    """Pairs that some study has, with the studies and treated subjects of each cohort."""
    having: dict[tuple[str, str], list[str]] = {}
    for study, timing in timed:
        for system in timing.systems:
            if system.REASON is None and system.SYSTEM != UNNAMED:
                having.setdefault((system.SYSTEM, system.BASIS), []).append(study.study)
    sizes = pool.treated.group_by("COHORT", "STUDYID").len()
    count = {(cohort, study): n for cohort, study, n in sizes.iter_rows()}
    covers: list[SystemCover] = []
    for (system, basis), names in sorted(having.items()):
        studies = {c: [s for s in names if (c, s) in count] for c in COHORTS}
        subjects = {c: sum(count[c, s] for s in studies[c]) for c in COHORTS}
        covers.append(SystemCover(system, basis, studies, subjects))
    return covers


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(set(names)))
