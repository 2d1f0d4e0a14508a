"""Which system and basis a comparison of cohorts shows first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class SystemCover:
    """A (SYSTEM, BASIS) pair: the studies of each cohort that have it, and their subjects."""

    SYSTEM: str
    BASIS: str
    studies: dict[str, list[str]]
    subjects: dict[str, int]


def primary_cover(covers: Sequence[SystemCover], systems: set[str]) -> SystemCover | None:
    """The pair to show first among the studies' primary systems; null where there is none.

    Rule: the pair that covers most subjects of the smaller cohort, then most in all; a tie goes
    to the collected grade, then to the first name.
    """
    candidates = [c for c in covers if c.SYSTEM in systems]
    return min(candidates, key=_order, default=None)


def _order(cover: SystemCover) -> tuple[int, int, bool, str]:
    counts = cover.subjects.values()
    return -min(counts, default=0), -sum(counts), cover.BASIS != "collected", cover.SYSTEM
