"""Published rates: facts with their source, never shown without it."""

from __future__ import annotations

import polars as pl

from pipeline.schemas.columns import COHORTS, SYSTEMS
from pipeline.stats.published import published_rates


def test_every_rate_has_a_source_a_system_and_a_denominator():
    rates = published_rates()
    assert rates.null_count().sum_horizontal().item() == 0
    assert set(rates["SYSTEM"]) <= set(SYSTEMS)
    assert set(rates["COHORT"]) == set(COHORTS)
    assert rates["RATE"].is_between(0, 1).all()
    assert rates["N"].min() >= 10


def test_severe_crs_is_no_commoner_than_any():
    rates = published_rates().pivot("GRADE_MIN", index=["PRODUCT", "STUDY"], values="RATE")
    assert (rates["3"] <= rates["1"]).fill_null(value=True).all()


def test_a_rate_is_listed_once():
    key = ["PRODUCT", "STUDY", "SYSTEM", "GRADE_MIN"]
    assert published_rates().select(pl.struct(key).is_duplicated().any()).item() is False
