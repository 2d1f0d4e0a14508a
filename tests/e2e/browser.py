"""A real browser over pages written to a folder, and everything that it complains about."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCAL = ("file:", "data:", "blob:")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium; its absence is a failure where CI is set, else a skip."""
    found = shutil.which("chromium")
    if found is None:
        words = "no chromium on the PATH"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page with what went wrong on it and what it asked for outside."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@contextmanager
def opened(browser: Browser, path: Path, *, width: int = 1440, **context: Any) -> Iterator[Opened]:
    """A page of a folder, opened from disk as a reader would, when its figures are drawn."""
    tab = browser.new_context(viewport={"width": width, "height": 900}, **context)
    made = Opened(tab.new_page())
    made.page.on("console", lambda m: made.errors.append(m.text) if m.type == "error" else None)
    made.page.on("pageerror", lambda error: made.errors.append(str(error)))
    made.page.on("request", lambda r: made.requests.append(r.url))
    made.page.goto(path.resolve().as_uri())
    wait_drawn(made.page)
    yield made
    tab.close()


def outside(found: Opened) -> list[str]:
    """Requests that left the disk."""
    return [url for url in found.requests if not url.startswith(LOCAL)]


def wait_drawn(page: Page) -> None:
    """Wait until every figure in sight is drawn."""
    page.wait_for_function(
        "[...document.querySelectorAll('.plot')].filter((p) => p.offsetParent !== null)"
        ".every((p) => p.querySelector('.main-svg'))"
    )
