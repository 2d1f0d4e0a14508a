from __future__ import annotations

from reports.drill import Drill
from reports.select import blocks
from reports.tables.balance import (
    balanced,
    compared_words,
    covariate,
    no_balance,
    table_balance,
    table_sizes,
)
from tests.reports import compared

CLOSED = Drill.closed()


def _block(*parts):
    (block,) = blocks(compared.rows(*parts))
    return block


def _text(markup):
    return compared.text(markup)


def test_means_before_and_after_then_the_differences():
    text = _text(table_balance(_block(compared.balance()), CLOSED, "t"))
    assert "Age 61.6 60 60 60 0.40 0.00" in text
    assert "Sex: male 15 (60.0%) 15 (60.0%) 60.0% 60.0% \u22120.40 0.00" in text


def test_effective_sizes_by_cohort_and_weighting():
    text = _text(table_sizes(_block(compared.balance()), CLOSED, "t"))
    assert "Overlap (ATO) CAR-T 25 24.5 98.0% 5.0% Bispecific 25 24.5 98.0% 5.0%" in text


def test_who_is_compared_is_told_in_the_words_of_the_rows():
    assert compared_words(_block(compared.balance())) == [
        "Treated subjects; studies BSP, CAR.",
        "Logistic propensity on age.",
        "Indication and line shared: lymphoma, 3L.",
    ]


def test_nothing_to_balance_gives_the_reason():
    block = _block(compared.refused())
    assert balanced(block).is_empty()
    assert no_balance(block).startswith("No balance to show: no adjusted comparison, because study")


def test_a_difference_that_is_not_estimable_says_why():
    rows = compared.balance()
    rows[0] |= {"VALUE": None, "STATUS": "not_estimable", "REASON": "because it is constant"}
    assert "NE: it is constant" in _text(table_balance(_block(rows), CLOSED, "t"))


def test_a_covariate_is_named_with_its_level():
    assert covariate({"VARIABLE": "PRIOR_LINES", "LEVEL": None}) == "Prior lines"
    assert covariate({"VARIABLE": "SEX", "LEVEL": "F"}) == "Sex: female"
    assert covariate({"VARIABLE": "AUTOIMMUNE", "LEVEL": "Y"}) == "Autoimmune disease: yes"
    assert covariate({"VARIABLE": "GENETIC", "LEVEL": "N"}) == "Genetic immune condition: no"
    assert covariate({"VARIABLE": "baseline CRP", "LEVEL": None}) == "Baseline CRP"


def test_covariates_that_could_not_be_used_are_named_in_words():
    rows = compared.balance()
    left_out = "; not adjusted for: AUTOIMMUNE (alike for all), HLH (alike for all), AGE group"
    rows = [row | {"METHOD": (row["METHOD"] or "") + left_out} for row in rows]
    assert compared_words(_block(rows))[-1] == (
        "Not adjusted for: autoimmune disease (alike for all), haemophagocytic "
        "lymphohistiocytosis (alike for all), age group."
    )
