"""Which grading systems and bases a study has, and which pair is its primary one."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline.study import Study

UNNAMED = "ANY"
"""SYSTEM of CRS as recorded where the study does not say on which scale it graded."""


@dataclass(frozen=True)
class GradedSystem:
    """A (SYSTEM, BASIS) pair; REASON says why it has no statistics, null where it has."""

    SYSTEM: str
    BASIS: str
    PRIMARY: bool
    REASON: str | None = None


def graded_systems(grades: pl.DataFrame, study: Study) -> list[GradedSystem]:
    """Pairs of the study, sorted; an unavailable one carries its reason.

    Rule: CRS as recorded always exists (a study without an episode has none recorded), under the
    collected scale. A derived system exists if any episode got a grade from it. The primary pair
    is study.yaml's primary_system with primary_basis; without primary_basis it is collected if
    that is the collected scale, else derived. A primary pair that does not exist stays, with its
    reason: nothing falls back silently.
    """
    why = _reasons(grades)
    if not any(basis == "collected" for _, basis in why):
        scale = study.collected_scale
        why[UNNAMED if scale == "unknown" else scale, "collected"] = None
    primary = (study.primary_system, _primary_basis(study))
    why.setdefault(primary, _absent(primary[1], grades))
    return [GradedSystem(s, b, (s, b) == primary, reason) for (s, b), reason in sorted(why.items())]


def leading_system(systems: list[GradedSystem]) -> GradedSystem | None:
    """The pair under which results stand that hardly depend on grading: primary, else the first."""
    usable = [s for s in systems if s.REASON is None]
    return next((s for s in usable if s.PRIMARY), usable[0] if usable else None)


def _primary_basis(study: Study) -> str:
    if study.primary_basis:
        return study.primary_basis
    return "collected" if study.collected_scale == study.primary_system else "derived"


def _reasons(grades: pl.DataFrame) -> dict[tuple[str, str], str | None]:
    """Reason of each pair for not existing: the commonest one of its missing grades."""
    graded = (
        grades.sort("SYSTEM", "BASIS", "REASON")
        .group_by("SYSTEM", "BASIS", maintain_order=True)
        .agg(
            ANY=pl.col("GRADE").is_not_null().any() | (pl.col("BASIS") == "collected").any(),
            REASON=pl.col("REASON").drop_nulls().mode().sort().first(),
        )
    )
    return {
        (system, basis): None if exists else f"not available, because {_words(reason)}"
        for system, basis, exists, reason in graded.iter_rows()
    }


def _words(reason: str) -> str:
    """A reason of the grades table in words."""
    code, _, domains = reason.partition(" ")
    if code == "NO_DOMAIN":
        return f"the study has no {' or '.join(domains.split())} data"
    if code == "NO_TEMPERATURE":
        return "no temperature was taken around any episode"
    return reason


def _absent(basis: str, grades: pl.DataFrame) -> str:
    if grades.is_empty():
        return "not available, because the study has no CRS record to grade"
    return f"not available, because no episode has a {basis} grade of this system"
