"""Every page in a real browser: from disk, in both colours, on a small screen, in print."""

from __future__ import annotations

import pytest

from tests.e2e.browser import opened, outside, violations
from tests.e2e.published import ALL, STUDY

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ALL)
def test_a_page_works_from_disk_without_error_or_request(published, browser, path):
    with opened(browser, published / path) as found:
        shown = found.page.locator(".plot:visible")
        assert found.page.locator(".plot:visible .main-svg").count() >= shown.count()
        assert found.errors == []
        assert outside(found) == []


@pytest.mark.parametrize("path", ALL)
def test_nothing_overflows_at_400_px(published, browser, path):
    with opened(browser, published / path, width=400) as found:
        wide = "document.documentElement.scrollWidth - window.innerWidth"
        assert found.page.evaluate(wide) <= 0
        assert found.errors == []


def test_figures_are_those_of_the_page(published, browser):
    with opened(browser, published / STUDY) as found:
        assert found.page.locator(".plot:visible").count() == 8
        text = found.page.locator("#fig-onset-figure-astct2019-collected").inner_text()
        assert "TEST" in text  # the stamp is drawn


def test_dark_follows_the_reader_and_the_button(published, browser):
    with opened(browser, published / STUDY, color_scheme="dark") as found:
        page = found.page
        ground = "getComputedStyle(document.body).backgroundColor"
        assert page.evaluate(ground) == "rgb(21, 26, 32)"
        paper = page.locator(".main-svg").first
        assert "rgb(21, 26, 32)" in paper.get_attribute("style")
        page.locator("#theme").click()
        assert page.evaluate(ground) == "rgb(255, 255, 255)"
        page.wait_for_function(
            "() => document.querySelector('.main-svg').style.background.includes('255, 255, 255')"
        )


def test_hostile_text_stays_text(published, browser):
    with opened(browser, published / STUDY) as found:
        assert found.page.locator("img").count() == 0
        assert '<img src=x onerror="x">' in found.page.locator("#all-episodes").inner_text()


def test_the_warning_stays_in_sight(published, browser):
    with opened(browser, published / "cohorts/index.html") as found:
        found.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        box = found.page.locator("#warning").bounding_box()
        assert 0 <= box["y"] < 120


def test_print_is_light_stamped_and_as_wide_as_the_paper(published, browser):
    with opened(browser, published / STUDY, color_scheme="dark") as found:
        page = found.page
        page.emulate_media(media="print")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        page.wait_for_function("document.querySelector('.main-svg').clientWidth === 680")
        assert page.locator(".print-stamp").is_visible()
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        assert not page.locator(".bar nav").is_visible()
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


# Every page of a real home is looked at in test_page_home; these have chapters that one may lack.
@pytest.mark.parametrize("path", [STUDY, "cohorts/index.html"])
def test_axe_finds_nothing(published, browser, path):
    with opened(browser, published / path) as found:
        assert violations(found.page) == []
