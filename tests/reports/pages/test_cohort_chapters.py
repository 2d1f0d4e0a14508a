from __future__ import annotations

import re

import pytest

from reports.drill import Drill
from reports.pages.block import Writer
from reports.pages.cohort_chapters import cohort_chapters
from reports.select import blocks
from tests.reports import compared
from tests.reports.figures.test_by_study import RATES


def chapters(*parts, rates=None, compare=True):
    """HTML by anchor, and the figures made."""
    (block,) = blocks(compared.rows(*parts))
    writer = Writer(Drill.closed(), "TEST", prefix="real-", compare=compare)
    made = {c.anchor: c.write(writer, block) for c in cohort_chapters(rates)}
    return made, writer.figures


def test_a_study_without_any_row_has_no_chapter():
    made, figures = chapters(compared.differences())
    assert made["studies"] == ""
    assert not [name for name in figures if "studies" in name]


def test_studies_name_system_basis_and_episode():
    made, figures = chapters(compared.meta(), rates=RATES)
    title = figures["real-studies-figure-astct2019-collected"]["layout"]["meta"]["title"]
    assert "worst episode (ASTCT 2019, as recorded by the study), CAR-T N" in title
    assert "never pooled with ours" in compared.text(made["studies"])


def test_states_stand_under_the_primary_system_alone():
    made, _ = chapters([r | {"PRIMARY": None} for r in compared.meta()])
    assert made["states"] == ""


def test_published_rates_alone_make_no_chapter():
    made, _ = chapters(compared.differences(), rates=RATES)
    assert made["studies"] == ""


@pytest.mark.parametrize("anchor", ["differences", "balance", "ratios", "sensitivity"])
def test_every_figure_that_compares_begins_with_non_randomised(anchor):
    made, figures = chapters(compared.everything())
    own = re.findall(r'data-figure="([^"]+)"', made[anchor])
    assert own
    for name in own:
        assert figures[name]["layout"]["meta"]["title"].startswith("Non-randomised")
        assert f'id="fig-{name}"' in made[anchor]
