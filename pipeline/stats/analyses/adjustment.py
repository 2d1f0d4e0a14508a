"""What an adjusted comparison of two cohorts stands on: who, on which covariates, how weighted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from pipeline.stats.analyses.difference import NON_RANDOMISED, Pair
from pipeline.stats.ard import NOBODY, Label
from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.balance import balance, effective_size, largest_share
from pipeline.stats.covariate_design import Design, make_design
from pipeline.stats.guards import not_adjusted
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, Population, members
from pipeline.stats.propensity import (
    WEIGHTINGS,
    Propensity,
    balancing_weights,
    fit_propensity,
    model_matrix,
)
from pipeline.stats.shared_setting import SharedSetting, shared_setting
from pipeline.study import Study

PRIMARY_WEIGHTING = "ATO"
TARGET = {
    "ATO": "overlap weights (ATO): subjects who might have got either",
    "ATE": "stabilised inverse-probability weights (ATE): subjects of both cohorts",
    "ATT": "weights to the first cohort (ATT): subjects of the first cohort",
    "TRIM": f"ATE weights, none where the propensity is below {PLAN.trimmed:g} or above "
    f"{1 - PLAN.trimmed:g} (TRIM)",
}
SETTING = "INDICATION_LINE"
COMPARED = f"{TREATED} with covariates, of shared indication and line"


@dataclass(frozen=True, eq=False)
class Adjustment:
    """A pair of cohorts made comparable; without a design or a fit, refused says why."""

    pair: Pair
    label: Label
    """Label of the difference, naming the studies that are compared."""
    who: Ints
    """Treated subjects that the comparison could have had."""
    design: Design | None
    fit: Propensity | None
    weights: dict[str, Floats]
    """Weights of the design's subjects, by weighting; also of those that are refused."""
    refused: dict[str, str | None]
    """Why there is no comparison, by weighting."""
    words: str
    """Model, setting and those left out, for METHOD."""

    @property
    def arm(self) -> Ints:
        """1 for subjects of the first cohort in the design, 0 for the second."""
        return NOBODY if self.design is None else self.design.arm

    @property
    def compared(self) -> tuple[Population, Population]:
        """The cohorts with the subjects of the design only."""
        who = [] if self.design is None else self.design.who.tolist()
        first, second = (
            replace(p, treated=p.treated.filter(pl.col("SUBJ").is_in(who))) for p in self.pair.sides
        )
        return first, second

    def side(self, arm: int) -> Label:
        """Label of one cohort of the comparison; 1 is the first."""
        studies = [] if self.design is None else self.design.studies(arm)
        cohort = self.pair.sides[1 - arm].label.COHORT
        return replace(self.label, COHORT=cohort, STUDIES=", ".join(studies))

    def method(self, weighting: str) -> str:
        """Beginning of METHOD of every row."""
        return f"{NON_RANDOMISED}; {TARGET[weighting]}; {self.words}"


def adjust(pair: Pair, studies: Mapping[str, Study]) -> Adjustment:
    """Find who can be compared, fit the propensity and judge each weighting by the guards.

    Args:
        pair: the two cohorts.
        studies: each pooled study's own description by its name.
    """
    names = [p.treated["STUDYID"].unique().to_list() for p in pair.sides]
    shared = shared_setting(studies, names[0], names[1])
    if shared.problem:
        treated = np.sort(np.concatenate([members(p.treated) for p in pair.sides]))
        return _refused(pair, pair.label, treated, not_adjusted(shared.problem))
    label = replace(pair.label, STUDIES=", ".join(sorted(shared.settings)))
    kept = list(shared.settings)
    pair = Pair(label, _of_studies(pair.car_t, kept), _of_studies(pair.bispecific, kept))
    subjects, covariates = _rows(pair, shared)
    who = subjects["SUBJ"].to_numpy()
    design = make_design(subjects, covariates, PLAN.guards.covariate_level)
    if design.problem or not design.parameters:
        why = design.problem or "no covariate differs between subjects"
        return _refused(pair, label, who, not_adjusted(why))
    return _weighted(pair, label, who, design, _words(design, shared))


def _weighted(pair: Pair, label: Label, who: Ints, design: Design, words: str) -> Adjustment:
    sizes = [int((design.arm == arm).sum()) for arm in (1, 0)]
    few = PLAN.guards.no_propensity(sizes[0], sizes[1], design.parameters)
    if few:
        return replace(_refused(pair, label, who, few), design=design, words=words)
    fit = fit_propensity(model_matrix(design.matrix), design.arm)
    if fit.problem:
        refused = _refused(pair, label, who, not_adjusted(fit.problem))
        return replace(refused, design=design, words=words)
    weights = {w: balancing_weights(w, fit.score, design.arm) for w in WEIGHTINGS}
    verdict = {w: _judged(design, weight) for w, weight in weights.items()}
    return Adjustment(pair, label, who, design, fit, weights, verdict, words)


def _refused(pair: Pair, label: Label, who: Ints, why: str) -> Adjustment:
    refused: dict[str, str | None] = dict.fromkeys(WEIGHTINGS, why)
    return Adjustment(pair, label, who, None, None, {}, refused, "no propensity model")


def _of_studies(pop: Population, kept: list[str]) -> Population:
    """The subjects of these studies, so that AE collection ends where theirs does."""
    here = pl.col("STUDYID").is_in(kept)
    return replace(pop, treated=pop.treated.filter(here), adtte=pop.adtte.filter(here))


def _rows(pair: Pair, shared: SharedSetting) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Subjects of the shared settings with their arm, and their covariates in rows."""
    subjects = pl.concat(
        [
            p.treated.select("SUBJ", "STUDYID", ARM=pl.lit(arm, pl.Int64))
            for arm, p in zip((1, 0), pair.sides, strict=True)
        ]
    ).sort("SUBJ")
    columns = ("SUBJ", "COVARIATE", "KIND", "VALUE", "LEVEL")
    frames = [p.covariates.select(columns) for p in pair.sides]
    if len(set(shared.settings.values())) > 1:
        level = pl.col("STUDYID").replace_strict(shared.settings, return_dtype=pl.String)
        frames.append(
            subjects.select(
                "SUBJ", COVARIATE=pl.lit(SETTING), KIND=pl.lit("category"),
                VALUE=pl.lit(None, pl.Float64), LEVEL=level,
            )
        )  # fmt: skip
    return subjects, pl.concat(frames).sort("SUBJ", "COVARIATE")


def _judged(design: Design, weight: Floats) -> str | None:
    """Why a weighting is not good enough, null where it is."""
    smds = [abs(balance(c.values, design.arm, weight).smd) for c in design.columns]
    sides = [weight[design.arm == arm] for arm in (1, 0)]
    sizes = [effective_size(w) for w in sides]
    return PLAN.guards.no_weighting(
        float(np.max(smds)),
        min(sizes),
        min(ess / w.size for ess, w in zip(sizes, sides, strict=True)),
        max(largest_share(w) for w in sides),
    )


def _words(design: Design, shared: SharedSetting) -> str:
    settings = "; ".join(sorted(set(shared.settings.values())))
    parts = [
        f"logistic propensity on {', '.join(design.used)}",
        f"indication and line shared: {settings}",
    ]
    if shared.left_out:
        parts.append(f"studies of another setting left out: {', '.join(shared.left_out)}")
    if design.left_out:
        parts.append(f"not adjusted for: {', '.join(design.left_out)}")
    if design.incomplete:
        parts.append(f"{design.incomplete} subjects without some covariate left out")
    return "; ".join(parts)
