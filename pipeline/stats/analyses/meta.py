"""RESULT meta: proportion with CRS in each study of a cohort, and over studies where they suffice.

Each (SYSTEM, BASIS) apart: grades of two systems are never pooled.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipeline.stats.analyses.counts_and_summaries import EXACT
from pipeline.stats.analyses.grade_distribution import at_least, missing_grades, worst_grades
from pipeline.stats.analyses.remarks import counted_below, joined
from pipeline.stats.ard import Ard, Row
from pipeline.stats.arrays import Ints
from pipeline.stats.guards import because, limits_because
from pipeline.stats.meta_analysis import pool_proportions
from pipeline.stats.parts import parts_of
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, Population, members
from pipeline.stats.proportions import Proportion, clopper_pearson
from pipeline.stats.step_curve import NE

GLMM = (
    "random-effects logistic model of studies (binomial-normal GLMM, maximum likelihood, adaptive "
    "Gauss-Hermite quadrature)"
)
WORDS = {
    "pooled_proportion": "proportion in a typical study; limits by t with k - 1 degrees of freedom",
    "prediction_interval": "proportion of a new study; limits by t with k - 2 degrees of freedom",
    "tau2": "variance of the logits between studies",
}
LOPSIDED = limits_because("a variance between few studies is far from normal")
STUDY = f"worst grade to the end of follow-up; {EXACT}"
RANGE = "over the studies' own proportions; follow-up may differ between studies"


def add_meta(pop: Population, ard: Ard) -> None:
    """Proportions at or above each cut by study, their range, and the pooled estimate."""
    worst = worst_grades(pop)
    for cut in PLAN.pooled_cuts:
        base = Row(
            "meta", "MAXGRADE", "proportion", "fraction", STUDY, TREATED, members(worst),
            ESTIMAND="E3", CLOCK="first_dose", EPISODES="worst", LEVEL=f">={cut}", DENOM=TREATED,
        )  # fmt: skip
        studies: list[tuple[Ints, Ints]] = []
        for (name,), part in parts_of(worst.sort("STUDYID", "SUBJ"), "STUDYID").items():
            row = base._replace(GROUPVAR="STUDYID", GROUP=str(name), n=members(part))
            remark, none_graded = missing_grades(part)
            by_grade = cut > 1 or pop.label.BASIS == "derived"
            if none_graded and by_grade:
                ard.add(pop.label, row._replace(STATUS="not_available", REASON=remark))
                continue
            events = at_least(part, cut, pop.label.BASIS)
            p = clopper_pearson(events.size, row.n.size, PLAN.conf)
            own = replace(pop, treated=pop.treated.filter(STUDYID=name))
            note = counted_below((own,), cut)
            row = row._replace(VALUE=p.value, LOW=p.low, HIGH=p.high, events=events, REASON=note)
            ard.add(pop.label, row)
            studies.append((events, row.n))
        _add_pooled(pop, ard, base._replace(REASON=counted_below((pop,), cut)), studies)


def _add_pooled(pop: Population, ard: Ard, base: Row, studies: list[tuple[Ints, Ints]]) -> None:
    if not studies:
        for stat, words in WORDS.items():
            row = base._replace(STAT=stat, METHOD=f"{GLMM}; {words}")
            ard.add(pop.label, row._replace(REASON=because("no study has grades")))
        return
    events, n = (np.sort(np.concatenate(x)) for x in zip(*studies, strict=True))
    x, size = (np.array([s.size for s in side]) for side in zip(*studies, strict=True))
    base = base._replace(n=n, events=events)
    for stat, value in (("lowest", (x / size).min()), ("highest", (x / size).max())):
        ard.add(pop.label, base._replace(STAT=stat, VALUE=float(value), METHOD=f"{stat} {RANGE}"))
    absent = PLAN.guards.no_pooling(len(studies))
    if absent is None and x.sum() in (0, size.sum()):
        absent = because("every study has no event, or events only")
    pooled = pool_proportions(x, size, PLAN.conf)
    found = {
        "pooled_proportion": pooled.proportion,
        "prediction_interval": pooled.prediction,
        "tau2": Proportion(pooled.tau2, NE, NE),
    }
    for stat, at in found.items():
        row = base._replace(STAT=stat, METHOD=f"{GLMM}; {WORDS[stat]}")
        if absent:
            ard.add(pop.label, row._replace(REASON=absent))
        elif stat == "tau2":
            ard.add(
                pop.label,
                row._replace(
                    UNIT="squared logits", VALUE=at.value, REASON=joined(row.REASON, LOPSIDED)
                ),
            )
        else:
            ard.add(pop.label, row._replace(VALUE=at.value, LOW=at.low, HIGH=at.high))
