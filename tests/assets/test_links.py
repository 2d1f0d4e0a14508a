from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from pipeline.assets.links import front_page, links
from pipeline.lake.home import Home

PAGES = ["studies/A/index.html", "studies/A/subjects.html", "studies/A/data.csv"]
HOME = Home(Path("/srv/home"))
URL, FILE = dg.MetadataValue.url, dg.MetadataValue.path


@pytest.fixture(autouse=True)
def nowhere(monkeypatch):
    for name in ("CRSIGHT_REPORTS_URL", "CRSIGHT_PUBLISHED"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("base", [None, ""])
def test_where_nothing_is_served_the_files_are_named(monkeypatch, base):
    if base is not None:
        monkeypatch.setenv("CRSIGHT_REPORTS_URL", base)
    assert links(HOME, "A", PAGES) == {
        "study report": FILE("/srv/home/published/studies/A/index.html"),
        "subject timelines": FILE("/srv/home/published/studies/A/subjects.html"),
    }
    assert front_page() == {}


def test_where_nothing_is_served_from_a_bucket_its_objects_are_named(monkeypatch):
    monkeypatch.setenv("CRSIGHT_PUBLISHED", "s3://b/pages")
    assert links(HOME, "A", PAGES[:1]) == {
        "study report": FILE("s3://b/pages/studies/A/index.html")
    }


@pytest.mark.parametrize("base", ["https://x.test/r", "https://x.test/r/"])
def test_first_pages_of_a_study(monkeypatch, base):
    monkeypatch.setenv("CRSIGHT_REPORTS_URL", base)
    assert links(HOME, "A", PAGES) == {
        "study report": URL("https://x.test/r/studies/A/index.html"),
        "subject timelines": URL("https://x.test/r/studies/A/subjects.html"),
    }
    assert front_page() == {"front page": URL("https://x.test/r/index.html")}


def test_pages_over_studies(monkeypatch):
    monkeypatch.setenv("CRSIGHT_REPORTS_URL", "https://x.test")
    assert links(HOME, "_cohorts", ["index.html", "quality/index.html"]) == {
        "front page": URL("https://x.test/index.html"),
        "data quality": URL("https://x.test/quality/index.html"),
    }
