from __future__ import annotations

from reports.tables.risk_factors import levels, table_risk_factors
from tests.reports.ard_more import block_of
from tests.reports.courses import car_t
from tests.reports.tables.test_states import _rows


def test_a_covariate_has_its_words_its_split_and_its_reference_first():
    block, _ = block_of(car_t())
    found = list(levels(block.of("risk_factors")))
    assert [(x.covariate, x.words) for x in found] == [
        ("Age, split at 62 (median)", "<62 (reference)"),
        ("Age, split at 62 (median)", "\u226562"),
    ]
    assert found[0].differences == {}
    assert set(found[1].differences) == {">=1", ">=3"}


def test_shares_and_differences_stand_side_by_side():
    rows = _rows(table_risk_factors(*block_of(car_t()), "t"))
    assert rows["\u226562"][0] == "12"
    assert rows["\u226562"][2].startswith("10.0 (\u221210.0 to 30.0)")
