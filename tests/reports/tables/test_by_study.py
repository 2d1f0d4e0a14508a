from __future__ import annotations

import polars as pl
import pytest

from reports.drill import Drill
from reports.select import blocks
from reports.tables.by_study import shares, table_by_study
from tests.reports import compared
from tests.reports.figures.test_by_study import RATES

CLOSED = Drill.closed()


def _lines(*parts, rates=None):
    (block,) = blocks(compared.rows(*parts))
    return shares(block, rates)


def _text(lines):
    return compared.text(table_by_study(lines, CLOSED, "t", "T"))


def test_studies_come_before_what_is_said_over_them():
    lines = _lines(compared.meta())
    assert [(line.kind, line.arm, line.words) for line in lines] == [
        ("study", "car_t", "CAR"),
        ("study", "car_t", "CAS"),
        ("pooled", "car_t", "Over studies"),
        ("pooled", "car_t", "Range of studies"),
        ("study", "bispecific", "BSP"),
    ]


def test_each_cell_is_a_number_or_its_reason():
    text = _text(_lines(compared.meta()))
    assert "CAR 15 12 (80.0%) [70.0 to 90.0] 3 (20.0%) [10.0 to 30.0]" in text
    assert "NE: pooling needs 5 studies and there are 2" in text
    assert "Range of studies 30 60.0% to 80.0% 0.0% to 20.0%" in text
    assert "BSP 30 9 (30.0%) [10.0 to 60.0] Not available: no episode has a grade" in text


def test_a_pooled_estimate_has_limits_and_an_interval_for_a_new_study():
    pooled = [
        r | {"STATUS": "ok", "VALUE": 0.7, "LOW": 0.5, "HIGH": 0.8, "REASON": None}
        if r["STAT"] in {"pooled_proportion", "prediction_interval"}
        else r
        for r in compared.meta()
    ]
    text = _text(_lines(pooled))
    assert "Over studies 30 70.0% [50.0 to 80.0]" in text
    assert "Interval for a new study 30 50.0% to 80.0%" in text


def test_published_rates_stand_apart_with_their_source():
    text = _text(_lines(compared.meta(), rates=RATES))
    assert "CAR-T, published axi-cel, ZUMA-1, LBCL 108 94.0% not given in the source label" in text


@pytest.mark.parametrize(
    "change", [{"SYSTEM": pl.lit("LEE2014")}, {"COHORT": pl.lit("other")}], ids=["system", "cohort"]
)
def test_published_rates_of_another_system_or_cohort_are_left_out(change):
    rates = RATES.with_columns(**change)
    assert [x for x in _lines(compared.meta(), rates=rates) if x.kind == "published"] == []


def test_a_product_that_is_a_study_stands_in_its_line():
    meta = [r | {"SET_N": f"set-{r.get('GROUP')}"} for r in compared.meta()]
    base = {"COHORT": "car_t", "GROUPVAR": "PRODUCT", "LEVEL": ">=1", "LOW": 0.5, "HIGH": 0.9}
    products = [
        compared.row("grade_distribution", "MAXGRADE", "proportion", 0.7, GROUP=name, SET_N=own,
                     N=15, EVENTS=10, **base)
        for name, own in (("axi", "set-CAR"), ("tisa", "set-other"))
    ]  # fmt: skip
    # A withheld level names no set, and does not make a product of its own.
    products.append(
        compared.row("grade_distribution", "MAXGRADE", "proportion", None, GROUP="axi",
                     STATUS="suppressed", REASON="<5", **base | {"LEVEL": "2"})
    )  # fmt: skip
    words = [line.words for line in _lines(meta, products) if line.arm == "car_t"]
    assert words == ["CAR (axi)", "CAS", "Product tisa", "Over studies", "Range of studies"]
