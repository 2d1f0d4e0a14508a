from __future__ import annotations

from reports.drill import Drill
from reports.select import blocks
from reports.tables.comparison import (
    days_rows,
    hazard_rows,
    odds_rows,
    p_rows,
    table_comparison,
)
from tests.reports import compared

(BLOCK,) = blocks(compared.rows(compared.hazards(), compared.odds(), compared.differences()))


def _text(rows, **head):
    made = table_comparison(rows, Drill.closed(), "t", "T", **head)
    return compared.text(made)


def test_hazard_ratios_come_before_their_check_and_hold_no_p():
    rows = hazard_rows(BLOCK, "TTCRS")
    assert [words for words, _ in rows] == [
        "Cause-specific hazard ratio",
        "Proportional hazards: chi-square against 1 \u2212 Kaplan-Meier",
    ]
    text = _text(rows)
    assert "Cause-specific hazard ratio 2.50 (1.20 to 5.25) 60 30" in text
    assert "0.078" not in text


def test_a_ratio_that_is_not_estimable_says_why():
    text = _text(hazard_rows(BLOCK, "TTCRSD"))
    assert "NE: both arms need 3 events and there are 30 and 0" in text


def test_days_carry_their_unit():
    text = _text(days_rows(BLOCK))
    assert "to day 28, 0 without CRS: difference 4.5 (1 to 8) days 60 30" in text


def test_the_common_odds_ratio_has_those_at_each_cut_beside_it():
    words = [w for w, _ in odds_rows(BLOCK)]
    assert words == [
        "Common odds ratio of a higher grade",
        "Any CRS: odds ratio",
        "Grade 3 or higher: odds ratio",
        "Grade 3 or higher: odds ratio with Firth's penalty (exploratory)",
    ]


def test_p_values_are_nominal_and_apart():
    text = _text(p_rows(BLOCK), value="Nominal P")
    assert "Equal cumulative incidence (Gray); death and discontinuation compete 0.012" in text
    assert "Any CRS (Fisher) 0.030" in text
