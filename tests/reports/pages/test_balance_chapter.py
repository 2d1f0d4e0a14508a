from __future__ import annotations

from tests.reports import compared
from tests.reports.pages.test_cohort_chapters import chapters


def test_balance_shows_who_is_compared_and_how_alike_they_are():
    made, figures = chapters(compared.everything())
    text = compared.text(made["balance"])
    assert "Indication and line shared: lymphoma, 3L." in text
    assert "Effective sample size" in text
    assert {n.split("-")[1] for n in figures} >= {"love", "overlap"}


def test_without_a_propensity_the_overlap_is_a_sentence():
    rows = [r for r in compared.balance() if r["VARIABLE"] != "PROPENSITY"]
    made, _ = chapters(compared.meta(), rows)
    assert "No overlap to draw, because no propensity was fitted." in made["balance"]


def test_a_refused_comparison_has_no_balance():
    made, figures = chapters(compared.meta(), compared.differences(), compared.refused())
    assert "No balance to show" in made["balance"]
    assert not figures.keys() & {"real-love-figure-astct2019-collected"}
