"""Two small studies with every outcome, and their statistics."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.stats.study import derive_study_stats
from tests.stats.by_hand import Hand, study


def mixed(name: str, cohort: str, n: int = 24) -> Hand:
    """Subjects in a fixed pattern: CRS or not, graded or not, ended or not, dead, stopped."""
    hand = Hand(name, cohort)
    for i in range(n):
        who = f"{name}-{i:02}"
        death = 9 + i if i % 8 == 7 else None
        hand.subject(
            who, followed=min(death or 99, 14 if i % 6 == 5 else 28), DTHDY=death,
            DSDY=6 if i % 10 == 9 else None, PRODUCT="AB"[i % 2],
        )  # fmt: skip
        if cohort == "bispecific":
            hand.dose(who, 2, 4, DOSELVL="SUD2").dose(who, 3, 8, DOSELVL="FULL")
        if i % 3 == 2:
            continue
        start = 2 + i % 5
        hand.episode(who, start, start + 2 + i % 4 if i % 7 else None, DOSESEQ=1 + (start > 3))
        hand.grade(who, None if i % 9 == 4 else 1 + i % 4).grade(who, i % 3, BASIS="derived")
        hand.grade(who, None, SYSTEM="PENN", BASIS="derived", REASON="NO_DOMAIN LB")
        if i % 4 == 0:
            hand.tocilizumab(who, 1, start + 1)
        if i % 5 == 0 and i % 7:
            hand.episode(who, 20, 22, DOSESEQ=1).grade(who, 1)
    hand.episode(f"{name}-02", -3, -1, FLAGS="PRE_DOSE").grade(f"{name}-02", 1)
    return hand


@pytest.fixture(scope="session")
def car_t() -> dict[str, pl.DataFrame]:
    """Input tables of a CAR-T study."""
    return mixed("CART", "car_t").tables()


@pytest.fixture(scope="session")
def bispecific() -> dict[str, pl.DataFrame]:
    """Input tables of a bispecific study."""
    return mixed("BISP", "bispecific", 30).tables()


@pytest.fixture(scope="session")
def made(car_t: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """adtte, results and sets of the CAR-T study."""
    return derive_study_stats(car_t, study("CART"))
