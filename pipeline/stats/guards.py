"""When a statistic is not shown: limits below which it would be useless or undefined.

The numbers follow the small-sample runs of the analysis plan (docs/statistics.md): they mark
where an interval stops being informative, and are choices, not a standard.
"""

from __future__ import annotations

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
    kappa_n: int = 5
    scale_n: int = 20
    scale_kappa: float = 0.10
    scale_agreement: float = 0.05

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

    def fits_better(self, kappa: float, agreement: float) -> bool:
        """Gains in kappa and in exact agreement by which another scale fits clearly better."""
        tolerance = 1e-9  # a difference of two fractions may miss its limit by rounding alone
        return (
            kappa >= self.scale_kappa - tolerance and agreement >= self.scale_agreement - tolerance
        )


def because(why: str) -> str:
    """Wording of a statistic that has no value."""
    return f"not estimable, because {why}"


def limits_because(why: str) -> str:
    """Wording of a statistic that has a value but no limits."""
    return f"limits not estimable, because {why}"
