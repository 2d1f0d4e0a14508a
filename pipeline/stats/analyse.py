"""All analyses of one population, in the order of the analysis plan."""

from __future__ import annotations

from pipeline.stats.analyses.by_dose import add_by_dose
from pipeline.stats.analyses.duration import add_duration
from pipeline.stats.analyses.grade_distribution import add_grade_distribution
from pipeline.stats.analyses.interventions import add_interventions
from pipeline.stats.analyses.onset_cif import add_onset_cif
from pipeline.stats.analyses.onset_time import add_onset_time
from pipeline.stats.analyses.recovery import add_recovery
from pipeline.stats.analyses.subjects import add_subjects
from pipeline.stats.ard import Ard
from pipeline.stats.population import Pool, Population


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
    add_recovery(pop, ard)
    add_duration(pop, ard)
    add_interventions(pop, ard, classes)
    add_by_dose(pop, ard)


def intervention_classes(pool: Pool) -> list[str]:
    """Classes that any treated subject of the pool was given, whatever for."""
    return pool.interventions["CLASS"].unique().sort().to_list()
