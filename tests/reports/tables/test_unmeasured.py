from __future__ import annotations

from reports.select import blocks
from reports.tables.unmeasured import table_unmeasured
from tests.reports import compared


def _text(*parts):
    (block,) = blocks(compared.rows(*parts))
    return compared.text(table_unmeasured(block, "t"))


def test_one_row_for_each_day():
    text = _text(compared.adjusted())
    assert "Tipping, prevalence 30% and 10%" in text
    assert "By day 28 1.40 (1.10 to 1.80) 2.15" in text
    assert "3.20" in text


def test_without_an_adjusted_ratio_there_is_no_table():
    assert not _text(compared.refused())
