from __future__ import annotations

import pytest

from pipeline.assets.links import links

PAGES = ["studies/A/index.html", "studies/A/subjects.html", "studies/A/data.csv"]


@pytest.mark.parametrize("base", [None, ""])
def test_nothing_is_linked_where_nothing_is_served(monkeypatch, base):
    monkeypatch.delenv("CRSIGHT_REPORTS_URL", raising=False)
    if base is not None:
        monkeypatch.setenv("CRSIGHT_REPORTS_URL", base)
    assert links("A", PAGES) == {}


@pytest.mark.parametrize("base", ["https://x.test/r", "https://x.test/r/"])
def test_first_pages_of_a_study(monkeypatch, base):
    monkeypatch.setenv("CRSIGHT_REPORTS_URL", base)
    assert links("A", PAGES) == {
        "study report": "https://x.test/r/studies/A/index.html",
        "subject timelines": "https://x.test/r/studies/A/subjects.html",
    }


def test_pages_over_studies(monkeypatch):
    monkeypatch.setenv("CRSIGHT_REPORTS_URL", "https://x.test")
    assert links("_cohorts", ["index.html", "quality/index.html"]) == {
        "front page": "https://x.test/index.html",
        "data quality": "https://x.test/quality/index.html",
    }
