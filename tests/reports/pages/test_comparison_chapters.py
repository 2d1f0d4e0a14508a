from __future__ import annotations

import re

import polars as pl
import pytest

from reports.disclosure import disclose
from reports.drill import Drill
from reports.pages.block import Writer
from reports.pages.cohort_chapters import cohort_chapters
from reports.pages.comparison_chapters import differences
from reports.select import blocks
from tests.reports import compared
from tests.reports.pages.test_cohort_chapters import chapters

COMPARING = ("differences", "balance", "ratios", "sensitivity")


def test_no_adjusted_comparison_is_said_in_a_sentence():
    made, figures = chapters(compared.meta(), compared.differences(), compared.refused())
    assert (
        "Non-randomised, and unadjusted alone. No adjusted comparison, because study.yaml of BSP "
        "gives no line."
    ) in compared.text(made["differences"])
    assert "Unmeasured confounding" not in made["differences"]
    assert not [name for name in figures if "love" in name]


def test_one_cohort_has_nothing_to_compare():
    one = [r for r in compared.meta() if r["COHORT"] == "car_t"]
    made, _ = chapters(one)
    assert "Only one cohort has data" in made["differences"]
    assert [made[a] for a in COMPARING[1:]] == ["", "", ""]


def test_a_page_that_does_not_compare_has_none_of_it():
    made, _ = chapters(compared.everything(), compare=False)
    assert [made[a] for a in COMPARING] == ["", "", "", ""]


def test_p_values_and_residuals_are_folded_away():
    made, _ = chapters(compared.everything())
    html = made["ratios"]
    shown = re.sub(r"<details>.*?</details>\s*(?=<|$)", "", html, flags=re.S)
    folded = re.findall(r"<summary>(.*?)</summary>", html)
    assert {"Nominal P values", "Scaled Schoenfeld residuals"} <= set(folded)
    assert "0.012" in html
    assert "0.012" not in shown
    assert "<details open" not in html


@pytest.mark.parametrize("anchor", COMPARING)
def test_no_word_of_a_verdict(anchor):
    made, _ = chapters(compared.everything())
    assert "significan" not in made[anchor].lower()
    assert compared.text(made[anchor]).count("Non-randomised") >= 1


def test_an_adjusted_comparison_that_is_withheld_leaves_the_unadjusted_one():
    rows = compared.rows(compared.differences(), compared.meta(), compared.adjusted())
    hidden = pl.col("RESULT") == "adjusted"
    rows = rows.with_columns(
        STATUS=pl.when(hidden).then(pl.lit("suppressed")).otherwise("STATUS"),
        VALUE=pl.when(~hidden).then("VALUE"),
    )
    (block,) = blocks(rows)
    html = compared.text(differences(Writer(Drill.closed(), None, compare=True), block))
    assert "The adjusted comparison is withheld to protect small groups." in html
    assert "Unadjusted, all treated 60 30.0" in html
    assert "Overlap weights" not in html
    assert "E-value" not in html


@pytest.mark.parametrize("anchor", COMPARING)
def test_what_is_withheld_says_so_and_draws_nothing(anchor):
    rows = disclose(compared.rows(compared.everything()), 1000)
    (block,) = blocks(rows)
    writer = Writer(Drill.closed(), None, prefix="real-", compare=True)
    (chapter,) = [c for c in cohort_chapters(None) if c.anchor == anchor]
    html = chapter.write(writer, block)
    assert "withheld" in html.lower()
    assert not re.findall(r"data-figure", html)


def test_ids_are_unique():
    made, _ = chapters(compared.everything())
    ids = re.findall(r'\bid="([^"]+)"', "".join(made.values()))
    assert len(ids) == len(set(ids))
