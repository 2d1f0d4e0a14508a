"""What a reader is told where the packed parts of a page cannot be unpacked."""

from __future__ import annotations

import pytest

from tests.e2e.browser import opened
from tests.e2e.published import STUDY, SUBJECTS

pytestmark = pytest.mark.browser

OLD = "delete window.DecompressionStream"
WORDS = "This browser cannot unpack what belongs here"


def test_an_old_browser_says_so_in_place_of_a_packed_system(published, browser):
    with opened(browser, published / STUDY, before=OLD) as found:
        page = found.page
        page.locator("#fig-grades-figure-astct2019-collected .main-svg").first.wait_for()
        page.locator("#system").select_option("astct2019-derived")
        part = page.locator("[data-system=astct2019-derived]")
        part.locator("[role=alert]").wait_for()
        assert part.inner_text().startswith(WORDS)
        # What is not packed works as before.
        page.locator("#system").select_option("astct2019-collected")
        page.locator("main button.n:visible").first.click()
        assert page.locator("#behind").is_visible()
        assert found.errors == []


def test_an_old_browser_says_so_in_place_of_a_subject(published, browser):
    with opened(browser, published / SUBJECTS, before=OLD) as found:
        found.page.evaluate("location.hash = '1'")
        found.page.locator("#subject [role=alert]").wait_for()
        assert found.page.locator("#subject").inner_text().startswith(WORDS)
        assert found.page.locator("#heat svg").count() == 1
        assert found.errors == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (STUDY, "shows the first of these grading systems alone"),
        (STUDY, "their numbers stand in the tables below them"),
        (SUBJECTS, "this viewer does not run scripts"),
    ],
)
def test_without_scripts_a_sentence_says_what_is_missing(published, browser, path, words):
    with opened(browser, published / path, java_script_enabled=False) as found:
        text = " ".join(found.page.locator("noscript").all_inner_texts())
        assert words in text
