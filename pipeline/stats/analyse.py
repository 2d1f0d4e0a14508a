"""All analyses of one population, in the order of the analysis plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.schemas.tables import TABLES
from pipeline.stats.analyses.by_dose import add_by_dose
from pipeline.stats.analyses.crosstab import add_crosstab
from pipeline.stats.analyses.crs_days import add_crs_days
from pipeline.stats.analyses.duration import add_duration
from pipeline.stats.analyses.episodes_over_time import add_episodes_over_time
from pipeline.stats.analyses.events import add_events
from pipeline.stats.analyses.grade_distribution import add_grade_distribution
from pipeline.stats.analyses.interventions import add_interventions
from pipeline.stats.analyses.management import add_management
from pipeline.stats.analyses.onset_cif import add_onset_cif
from pipeline.stats.analyses.onset_time import add_onset_time
from pipeline.stats.analyses.onset_windows import add_onset_windows
from pipeline.stats.analyses.reconciliation import add_reconciliation, make_recorded
from pipeline.stats.analyses.recovery import add_recovery
from pipeline.stats.analyses.recovery_by_grade import add_recovery_by_grade
from pipeline.stats.analyses.recurrence import add_recurrence
from pipeline.stats.analyses.risk_factors import add_risk_factors
from pipeline.stats.analyses.signs import add_signs
from pipeline.stats.analyses.state_occupation import add_state_occupation
from pipeline.stats.analyses.subjects import add_subjects
from pipeline.stats.analyses.time_to_maximum import add_time_to_maximum
from pipeline.stats.ard import Ard, Label
from pipeline.stats.population import Pool, Population
from pipeline.stats.systems import UNNAMED
from pipeline.study import Study
from pipeline.table import Table, frame_of


def analyse(pop: Population, ard: Ard, classes: list[str]) -> None:
    """Add the rows of one cohort, system and basis.

    Args:
        pop: the population.
        ard: the result table.
        classes: intervention classes to report, also where this population had none.
    """
    add_subjects(pop, ard)
    add_grade_distribution(pop, ard)
    add_onset_cif(pop, ard)
    add_onset_time(pop, ard)
    add_time_to_maximum(pop, ard)
    add_recovery(pop, ard)
    add_recovery_by_grade(pop, ard)
    add_duration(pop, ard)
    add_episodes_over_time(pop, ard)
    add_recurrence(pop, ard)
    add_crs_days(pop, ard)
    add_state_occupation(pop, ard)
    add_interventions(pop, ard, classes)
    add_management(pop, ard, classes)
    add_signs(pop, ard)
    add_events(pop, ard)
    add_risk_factors(pop, ard)
    add_by_dose(pop, ard)
    add_onset_windows(pop, ard)


def analyse_agreement(tables: Mapping[str, Table], study: Study, pool: Pool, ard: Ard) -> None:
    """Add what is about the study's gradings rather than about a cohort: how far they agree.

    Args:
        tables: grades, reconciliation, and candidates where there are any.
        study: the study's own description.
        pool: the study's subjects and episodes.
        ard: the result table.
    """
    given = tables.get("candidates")
    recorded = make_recorded(
        pool.roster,
        pool.treated,
        frame_of(tables["grades"]),
        frame_of(tables["reconciliation"]),
        TABLES["candidates"].create_empty() if given is None else frame_of(given),
    )
    scale = UNNAMED if study.collected_scale == "unknown" else study.collected_scale
    cohort = study.cohort if isinstance(study.cohort, str) else None
    label = Label(study.study, study.data_kind, cohort, scale, "collected", None)
    add_reconciliation(recorded, ard, label)
    add_crosstab(recorded.derived, ard, replace(label, BASIS="derived"))


def intervention_classes(pool: Pool) -> list[str]:
    """Classes that any treated subject of the pool was given, whatever for."""
    return pool.interventions["CLASS"].unique().sort().to_list()
