"""What is said in REASON beside a value: CRS of unknown grade, and curves that stand on few."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.schemas.columns import COHORTS
from pipeline.stats.analyses.grade_distribution import worst_grades
from pipeline.stats.counts import Counts
from pipeline.stats.plan import PLAN
from pipeline.stats.population import Population


def joined(*remarks: str | None) -> str | None:
    """Several remarks as one, null where there is none."""
    return "; ".join(r for r in remarks if r) or None


def counted_below(pops: Sequence[Population], cut: int) -> str | None:
    """Remark on subjects with recorded CRS who count as without CRS of at least a grade.

    Rule: recorded CRS is of grade 1 or more on the collected basis, whatever its grade; on the
    derived basis CRS of unknown grade does not count as CRS at all.

    Args:
        pops: the cohorts that a row is about.
        cut: the grade; 1 for CRS of any grade.
    """
    derived = pops[0].label.BASIS == "derived"
    if cut == 1 and not derived:
        return None
    n = sum((worst_grades(p)["WORST"] == "NA").sum() for p in pops)
    if not n:
        return None
    grade = "derived grade" if derived else "grade"
    below = "without CRS" if cut == 1 else f"below grade {cut}"
    return f"imprecise: {n} subjects with recorded CRS whose {grade} is not known count as {below}"


def few_in_a_cohort(counts: Sequence[Counts], day: float) -> str | None:
    """Remark where the curve of either cohort stands on few subjects at a landmark.

    Args:
        counts: of the curves in the order of the cohorts, CAR-T first.
        day: the landmark.
    """
    flags = [
        PLAN.guards.landmark_flag(c.n, c.at_risk_at(day), c.censored_before(day)) for c in counts
    ]
    named = zip(flags, COHORTS, strict=True)
    return joined(*(f"{flag} in {cohort}" for flag, cohort in named if flag))
