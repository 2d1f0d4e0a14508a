from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any

import pytest

from reports.pages.study import render_study
from tests.reports.courses import bispecific, car_t, meta
from tests.reports.study_tables import tables


@pytest.fixture(scope="session")
def study_page() -> str:
    """Page of a CAR-T study that publishes everything."""
    return page_of(meta(), tables("TST", car_t()))


@pytest.fixture(scope="session")
def bispecific_page() -> str:
    schedule = [{"name": "SUD1", "dose": 2.0, "unit": "mg", "day": 1}]
    return page_of(meta("BSP", schedule=schedule), tables("BSP", bispecific()))


def page_of(about: dict[str, Any], frames: dict[str, Any]) -> str:
    made = render_study(about, frames)
    return made[f"studies/{about['study']}/index.html"].decode()


def data_of(page: str) -> dict[str, Any]:
    """The data block of a page."""
    found = re.search(r'<script type="application/json" id="page-data">(.*?)</script>', page, re.S)
    assert found is not None
    return json.loads(found[1])


def packs_of(page: str) -> dict[str, Any]:
    """What the page unpacks when a reader asks for it."""
    packs = data_of(page).get("packs", {})
    return {n: json.loads(zlib.decompress(base64.b64decode(t))) for n, t in packs.items()}


def body_of(page: str) -> str:
    """What a reader sees, without scripts and styles."""
    return page[page.index("<body") : page.index("<script")]


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body_of(page).replace("<wbr>", "")))
