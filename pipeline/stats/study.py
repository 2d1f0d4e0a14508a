"""Statistics of one study."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipeline.stats.analyse import analyse, analyse_agreement, intervention_classes
from pipeline.stats.analyses.lab_kinetics import add_lab_kinetics
from pipeline.stats.analyses.not_available import add_not_available
from pipeline.stats.ard import Ard, Label
from pipeline.stats.population import make_pool, make_population
from pipeline.stats.systems import leading_system
from pipeline.stats.timing import derive_timing
from pipeline.study import Study
from pipeline.table import Table


def derive_study_stats(tables: Mapping[str, Table], study: Study) -> dict[str, pl.DataFrame]:
    """adtte, results and sets of a study: for each of its cohorts, systems and bases.

    Args:
        tables: adsl, doses, episodes, grades; grade_days, interventions, covariates, signs, events
            and labs where there are any; reconciliation and candidates for how gradings agree.
        study: the study's own description.
    """
    timing = derive_timing(tables, study)
    pool = make_pool([timing])
    ard = Ard(pool.roster)
    classes = intervention_classes(pool)
    leading = leading_system(timing.systems)
    # A study in which nobody was dosed still says so.
    unseen = study.cohort if isinstance(study.cohort, str) else None
    cohorts = pool.treated["COHORT"].unique().sort(nulls_last=True).to_list() or [unseen]
    for cohort in cohorts:
        for system in timing.systems:
            label = Label(
                study.study, study.data_kind, cohort, system.SYSTEM, system.BASIS,
                "Y" if system.PRIMARY else None,
            )  # fmt: skip
            pop = make_population(pool, label, [study.study])
            if system.REASON is None:
                analyse(pop, ard, classes)
            else:
                add_not_available(ard, label, pop.treated, system.REASON)
            if system is leading:
                add_lab_kinetics(pop, ard)
    if "reconciliation" in tables:
        analyse_agreement(tables, study, pool, ard)
    results, sets = ard.frames()
    return {"adtte": timing.adtte, "results": results, "sets": sets}
