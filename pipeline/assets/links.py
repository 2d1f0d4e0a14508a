"""Addresses of published pages, for the Dagster UI."""

from __future__ import annotations

import os
from collections.abc import Iterable
from urllib.parse import quote

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


def links(study: str, paths: Iterable[str]) -> dict[str, str]:
    """Name and address of those of the pages that a reader opens first; none without a base."""
    served, there = base(), set(paths)
    if served is None:
        return {}
    first = {path.format(study=study): name for path, name in _FIRST.items()}
    return {name: f"{served}/{quote(path)}" for path, name in first.items() if path in there}
