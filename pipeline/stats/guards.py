"""When a statistic is not shown: limits below which it would be useless or undefined.

The numbers follow the small-sample runs of the analysis plan (docs/statistics.md): they mark
where an interval stops being informative, and are choices, not a standard.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Guards:
    """Thresholds; each method returns the reason for not showing, or null."""

    curve_n: int = 10
    curve_events: int = 1
    curve_at_risk: int = 5
    landmark_n: int = 5
    landmark_at_risk: int = 5
    landmark_censored: float = 0.20
    median_events: int = 5
    rmst_n: int = 20
    mean_days_n: int = 10
    kappa_n: int = 5
    level_n: int = 5
    values_n: int = 5
    scale_n: int = 20
    scale_kappa: float = 0.10
    scale_agreement: float = 0.05
    mean_subjects: int = 5
    odds_category: int = 5
    odds_per_parameter: int = 10
    propensity_n: int = 30
    propensity_per_parameter: int = 10
    covariate_level: int = 5
    propensity_smd: float = 0.10
    propensity_ess: int = 30
    propensity_ess_share: float = 0.50
    propensity_weight_share: float = 0.05
    bootstrap_failed: float = 0.10
    pool_studies: int = 5
    test_events: int = 5
    asymptotic_events: int = 20
    hazard_events: int = 10
    hazard_events_arm: int = 3
    hazard_precise: int = 20
    firth_events: int = 5
    ph_events: int = 20

    def no_curve(self, n: int, events: int) -> str | None:
        """A curve needs subjects and an event."""
        if n < self.curve_n:
            return because(f"a curve needs {self.curve_n} subjects and there are {n}")
        if events < self.curve_events:
            return because("there is no event")
        return None

    def no_landmark_limits(self, n: int) -> str | None:
        """Limits at a landmark need subjects."""
        if n < self.landmark_n:
            return limits_because(f"limits need {self.landmark_n} subjects and there are {n}")
        return None

    def landmark_flag(self, n: int, at_risk: int, censored: int) -> str | None:
        """A landmark that stands on few subjects is shown with a remark."""
        if censored > self.landmark_censored * n:
            return f"imprecise: {censored} of {n} censored before this day"
        if censored and at_risk < self.landmark_at_risk:
            return f"imprecise: {at_risk} at risk on this day"
        return None

    def curve_flag(self, at_risk: int) -> str | None:
        """The part of a curve that stands on few subjects is to be shaded."""
        if at_risk < self.curve_at_risk:
            return f"imprecise: {at_risk} at risk on this day"
        return None

    def no_median_limits(self, events: int) -> str | None:
        """Limits of a median need events."""
        if events < self.median_events:
            return limits_because(f"limits need {self.median_events} events and there are {events}")
        return None

    def no_rmst_difference(self, n1: int, n2: int) -> str | None:
        """The normal interval of a difference of restricted means needs subjects in both arms."""
        if min(n1, n2) < self.rmst_n:
            return because(f"both arms need {self.rmst_n} subjects and there are {n1} and {n2}")
        return None

    def no_test(self, events: int) -> str | None:
        """A test of equal curves needs events; below asymptotic_events P is by permutation."""
        if events < self.test_events:
            return because(f"a test needs {self.test_events} events and there are {events}")
        return None

    def no_ratio(self, events1: int, events2: int, what: str = "a hazard ratio") -> str | None:
        """A hazard ratio or an odds ratio needs events in all and in both arms."""
        if events1 + events2 < self.hazard_events:
            have = f"there are {events1 + events2}"
            return because(f"{what} needs {self.hazard_events} events and {have}")
        if min(events1, events2) < self.hazard_events_arm:
            have = f"there are {events1} and {events2}"
            return because(f"both arms need {self.hazard_events_arm} events and {have}")
        return None

    def hazard_flag(self, events: int) -> str | None:
        """A hazard ratio that stands on few events is shown with a remark."""
        return f"imprecise: {events} events" if events < self.hazard_precise else None

    def no_firth(self, events: int) -> str | None:
        """Firth's hazard ratio, shown where an arm has no event, needs events in the other."""
        if events < self.firth_events:
            return because(f"it needs {self.firth_events} events and there are {events}")
        return None

    def no_hazards_check(self, events: int) -> str | None:
        """The test of proportional hazards needs events."""
        if events < self.ph_events:
            return because(f"the test needs {self.ph_events} events and there are {events}")
        return None

    def no_mean_limits(self, n: int) -> str | None:
        """Limits of mean days, which are skewed, need subjects."""
        if n < self.mean_days_n:
            return limits_because(f"limits need {self.mean_days_n} subjects and there are {n}")
        return None

    def no_restricted_limits(self, n: int) -> str | None:
        """The normal limits of one restricted mean need subjects."""
        if n < self.rmst_n:
            return limits_because(f"limits need {self.rmst_n} subjects and there are {n}")
        return None

    def no_mean_function(self, subjects: int) -> str | None:
        """A mean number of episodes needs subjects who had one."""
        if subjects < self.mean_subjects:
            return because(_with_an_episode("a mean number needs", self.mean_subjects, subjects))
        return None

    def no_mean_function_limits(self, subjects: int) -> str | None:
        """Its limits at a day need subjects who had one by then."""
        if subjects < self.mean_subjects:
            return limits_because(_with_an_episode("limits need", self.mean_subjects, subjects))
        return None

    def no_common_odds(self, sizes: Mapping[str, int], parameters: int) -> str | None:
        """A common odds ratio needs subjects in each grade and for each parameter."""
        for grade, size in sizes.items():
            if size < self.odds_category:
                few = f"each grade needs {self.odds_category} subjects and {grade} has {size}"
                return because(few)
        needed, n = self.odds_per_parameter * parameters, sum(sizes.values())
        if n < needed:
            return because(f"{parameters} parameters need {needed} subjects and there are {n}")
        return None

    def no_level(self, n: int) -> str | None:
        """What is told by level of a covariate needs subjects at that level."""
        if n < self.level_n:
            return because(f"a level needs {self.level_n} subjects and there are {n}")
        return None

    def no_quartiles(self, n: int) -> str | None:
        """Median and quartiles of a laboratory value need subjects with one."""
        if n < self.values_n:
            return because(f"quartiles need {self.values_n} subjects and there are {n}")
        return None

    def no_kappa(self, n: int, grades: tuple[int, int]) -> str | None:
        """Kappa needs episodes, and more than one grade on both sides."""
        if n < self.kappa_n:
            return because(f"kappa needs {self.kappa_n} episodes and there are {n}")
        if min(grades) < 2:
            return because("a side has only one grade")
        return None

    def no_scale_check(self, n: int) -> str | None:
        """Whether another scale fits better is asked only from enough episodes."""
        if n < self.scale_n:
            return because(f"it needs {self.scale_n} comparable episodes and there are {n}")
        return None

    def no_propensity(self, n1: int, n2: int, parameters: int) -> str | None:
        """A propensity model needs subjects in both arms, and for each of its parameters."""
        few = min(n1, n2)
        if few < self.propensity_n:
            return not_adjusted(
                f"both cohorts need {self.propensity_n} subjects with covariates in shared "
                f"indications and there are {n1} and {n2}"
            )
        if few < self.propensity_per_parameter * parameters:
            return not_adjusted(
                f"{parameters} parameters need {self.propensity_per_parameter * parameters} "
                f"subjects in the smaller cohort and there are {few}"
            )
        return None

    def no_weighting(self, smd: float, ess: float, share: float, largest: float) -> str | None:
        """Weights must balance the covariates and must not stand on few subjects.

        Args:
            smd: largest absolute standardised mean difference after weighting.
            ess: effective sample size of the smaller arm.
            share: smallest effective sample size as a fraction of the arm's subjects.
            largest: largest weight as a fraction of the sum of its arm.
        """
        why: list[str] = []
        if not smd < self.propensity_smd:
            why.append(f"a standardised mean difference is {smd:.2f} after weighting")
        if ess < self.propensity_ess or share < self.propensity_ess_share:
            why.append(f"the effective sample size is {ess:.1f} or {share:.0%} of a cohort")
        if largest > self.propensity_weight_share:
            why.append(f"one subject has {largest:.1%} of the weight")
        return not_adjusted("; ".join(why)) if why else None

    def no_bootstrap_limits(self, failed: int, replicates: int) -> str | None:
        """Percentile limits need replicates that have a value."""
        if failed > self.bootstrap_failed * replicates:
            return limits_because(f"{failed} of {replicates} bootstrap replicates failed")
        return None

    def no_pooling(self, studies: int) -> str | None:
        """Variation between studies is not estimable from few of them."""
        if studies < self.pool_studies:
            return because(f"pooling needs {self.pool_studies} studies and there are {studies}")
        return None

    def fits_better(self, kappa: float, agreement: float) -> bool:
        """Gains in kappa and in exact agreement by which another scale fits clearly better."""
        tolerance = 1e-9  # a difference of two fractions may miss its limit by rounding alone
        return (
            kappa >= self.scale_kappa - tolerance and agreement >= self.scale_agreement - tolerance
        )


def _with_an_episode(what: str, needed: int, subjects: int) -> str:
    return f"{what} {needed} subjects with an episode and there are {subjects}"


def because(why: str) -> str:
    """Wording of a statistic that has no value."""
    return f"not estimable, because {why}"


def not_adjusted(why: str) -> str:
    """Wording where two cohorts are not compared with adjustment."""
    return f"no adjusted comparison, because {why}"


def limits_because(why: str) -> str:
    """Wording of a statistic that has a value but no limits."""
    return f"limits not estimable, because {why}"
