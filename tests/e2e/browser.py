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
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCAL = ("file:", "data:", "blob:")
# The text of an A4 page between its margins, in CSS pixels.
A4 = 695

PROBES = Path(__file__).with_name("probes.js").read_text(encoding="utf-8")


def ask(page: Page, question: str, *about: Any) -> Any:
    """The page's answer to one of the questions in probes.js."""
    return page.evaluate(f"(about) => {PROBES}.{question}(...about)", list(about))


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
def opened(
    browser: Browser, path: Path, *, width: int = 1440, before: str = "", **context: Any
) -> Iterator[Opened]:
    """A page of a folder, opened from disk as a reader would, when its figures are drawn.

    `before` is a script that runs before those of the page.
    """
    tab = browser.new_context(viewport={"width": width, "height": 900}, **context)
    made = Opened(tab.new_page())
    said = {"error", "warning"}
    made.page.on("console", lambda m: made.errors.append(m.text) if m.type in said else None)
    made.page.on("pageerror", lambda error: made.errors.append(str(error)))
    made.page.on("request", lambda r: made.requests.append(r.url))
    if before:
        made.page.add_init_script(before)
    made.page.goto(path.resolve().as_uri())
    if context.get("java_script_enabled", True) and not before:
        wait_drawn(made.page)
    yield made
    tab.close()


def outside(found: Opened) -> list[str]:
    """Requests that left the disk."""
    return [url for url in found.requests if not url.startswith(LOCAL)]


def wait_drawn(page: Page) -> None:
    """Wait until every figure in sight is drawn in the width it has."""
    page.wait_for_function(f"() => {PROBES}.drawn()")


def wait_usable(page: Page) -> None:
    """Wait until what is on the screen is drawn; the rest follows."""
    page.wait_for_function(f"() => {PROBES}.screenDrawn()")


def unfinished(page: Page) -> list[str]:
    """Figures in sight in which nothing is drawn."""
    return ask(page, "unfinished")


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    return ask(page, "tooWide")


def cut_labels(page: Page) -> list[str]:
    """Labels of axes that reach out of their figure."""
    return ask(page, "cutLabels")


def violations(page: Page, only: str | None = None) -> list[tuple[str, str]]:
    """What axe finds, of any weight."""
    # What passes is only counted: writing it all out takes most of the time.
    options = {"resultTypes": ["violations"], **({"runOnly": [only]} if only else {})}
    report = Axe().run(page, options=options)
    return [(v["id"], v["nodes"][0]["html"][:200]) for v in report["violations"]]


@dataclass
class Paper:
    """A page as it is printed on A4."""

    page: Page

    def clipped(self) -> list[Any]:
        """Tables and figures that reach over the edge, or that scroll on paper."""
        return ask(self.page, "clipped", A4)

    def interactive(self) -> list[str]:
        """What asks for a click and is printed all the same."""
        return ask(self.page, "interactive")


@contextmanager
def print_media(page: Page) -> Iterator[Paper]:
    """The page laid out for A4 paper, then for the screen again."""
    page.set_viewport_size({"width": A4, "height": 1040})
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    wait_drawn(page)
    yield Paper(page)
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
