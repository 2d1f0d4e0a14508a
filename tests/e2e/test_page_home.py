"""Every page of a real home in a real browser: demo, NULISA, CDISC pilot, a drop of attacks.

A page is opened once from disk; the tests of it change its width, colours and medium in turn.
"""

from __future__ import annotations

import pytest

from tests.e2e.browser import (
    cut_labels,
    opened,
    outside,
    print_media,
    too_wide,
    unfinished,
    violations,
    wait_drawn,
)
from tests.e2e.everything import DEMO, DROPS

pytestmark = [pytest.mark.browser, pytest.mark.process]

OPEN = [*DEMO, "HOSTILE", *(["NULISA"] if DROPS.is_dir() else [])]
SHARED_PAGES = [
    "index.html", "cohorts/index.html", "quality/index.html", "methods/index.html", "status.html",
]  # fmt: skip
STUDIES = [f"studies/{study}/index.html" for study in [*OPEN, "PILOT"]]
OPEN_STUDIES = STUDIES[:-1]
SUBJECTS = [f"studies/{study}/subjects.html" for study in OPEN]
SWITCH = "select[data-switch]"


@pytest.fixture(scope="module", params=[*SHARED_PAGES, *STUDIES, *SUBJECTS])
def shown(request, everything, browser):
    """A page with its path; a subject page with its first subject open."""
    with opened(browser, everything / "published" / request.param) as found:
        if request.param in SUBJECTS:
            found.page.evaluate("location.hash = DATA.heat[0][0]")
            found.page.locator("#subject svg").first.wait_for()
        yield found, request.param


@pytest.fixture
def found(shown):
    """The page as a reader on a large light screen has it."""
    made, _ = shown
    made.page.set_viewport_size({"width": 1440, "height": 900})
    made.page.emulate_media(media="screen", color_scheme="light")
    made.page.locator("html[data-theme=light]").wait_for()
    wait_drawn(made.page)
    return made


def test_nothing_is_said_on_the_console_nothing_leaves_every_figure_is_drawn(found):
    assert found.errors == []
    assert outside(found) == []
    assert found.requests != []
    assert unfinished(found.page) == []


def test_nothing_scrolls_sideways_at_1440_and_400_px(found):
    assert too_wide(found.page) == []
    found.page.set_viewport_size({"width": 400, "height": 900})
    wait_drawn(found.page)
    assert too_wide(found.page) == []
    assert found.errors == []


def test_no_label_of_an_axis_is_cut_at_1440_and_400_px(found):
    assert cut_labels(found.page) == []
    found.page.set_viewport_size({"width": 400, "height": 900})
    wait_drawn(found.page)
    assert cut_labels(found.page) == []


def test_axe_finds_nothing(found):
    assert violations(found.page) == []


def test_axe_finds_contrast_in_dark_colours_on_a_phone(found):
    found.page.set_viewport_size({"width": 400, "height": 900})
    found.page.emulate_media(color_scheme="dark")
    found.page.locator("html[data-theme=dark]").wait_for()
    assert violations(found.page, "color-contrast") == []


def test_on_a4_nothing_is_clipped_and_nothing_asks_for_a_click(found):
    with print_media(found.page) as paper:
        assert paper.clipped() == []
        assert paper.interactive() == []
        assert paper.page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    assert found.errors == []


def test_the_keyboard_alone_opens_a_list_and_comes_back(found, shown):
    page, path = found.page, shown[1]
    numbers = page.locator("main button.n:visible").count()
    assert (numbers > 0) == (path in OPEN_STUDIES or path == "cohorts/index.html")
    if not numbers:
        return
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('main button.n')"):
            break
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")
    assert page.locator("#behind").is_visible()
    inside = "document.querySelector('#behind').contains(document.activeElement)"
    assert page.evaluate(inside)
    page.keyboard.press("Escape")
    assert not page.locator("#behind").is_visible()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == name


def test_every_figure_of_every_grading_system_is_drawn(found):
    page = found.page
    assert unfinished(page) == []
    for select in page.locator(SWITCH).all():
        values = select.locator("option").evaluate_all("nodes => nodes.map((n) => n.value)")
        for value in [*values[1:], values[0]]:
            select.select_option(value)
            page.locator(f"[data-system={value}]:visible").first.wait_for()
            wait_drawn(page)
            assert unfinished(page) == [], value
    assert found.errors == []
