"""Addresses of published pages, for the Dagster UI."""

from __future__ import annotations

import os
from collections.abc import Iterable
from urllib.parse import quote

import dagster as dg

from pipeline.lake.home import Home

# Pages that a reader opens first, by the end of their path; the others are reached from them.
_FIRST = {
    "studies/{study}/index.html": "study report",
    "studies/{study}/subjects.html": "subject timelines",
    "cohorts/index.html": "cohort comparison",
    "index.html": "front page",
    "quality/index.html": "data quality",
    "methods/index.html": "methods",
}


def base() -> str | None:
    """Where HOME/published is served (CRSIGHT_REPORTS_URL), without a slash at the end.

    A browser opens no file from the disk at the click on a link of a served page, so without
    this setting there is nothing that the UI could link to. `make ui` serves the pages and sets it.
    """
    return os.environ.get("CRSIGHT_REPORTS_URL", "").rstrip("/") or None


def links(home: Home, study: str, paths: Iterable[str]) -> dict[str, dg.MetadataValue]:
    """Those of the pages that a reader opens first, by name: links, or files where none is served.

    Args:
        home: whose published pages they are.
        study: of the pages.
        paths: of all pages that were made.
    """
    there = set(paths)
    first = {path.format(study=study): name for path, name in _FIRST.items()}
    return {name: _at(home, path) for path, name in first.items() if path in there}


def front_page() -> dict[str, dg.MetadataValue]:
    """The link to the front page; none where nothing is served.

    It goes with the definition of pages: those that a run of the command line made know no link.
    """
    served = base()
    return {"front page": dg.MetadataValue.url(f"{served}/index.html")} if served else {}


def _at(home: Home, path: str) -> dg.MetadataValue:
    served = base()
    if served:
        return dg.MetadataValue.url(f"{served}/{quote(path)}")
    return dg.MetadataValue.path(f"{home.published_url or home.published}/{path}")
