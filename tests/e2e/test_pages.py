"""The pages in a real browser: from disk, in both colours, on a small screen, by keyboard."""

from __future__ import annotations

import re

import polars as pl
import pytest
from axe_core_python.sync_playwright import Axe

from reports.pages.cohorts import render_cohorts
from reports.pages.index import render_index
from reports.pages.methods import render_methods
from reports.pages.quality import render_quality
from reports.pages.status import render_status
from reports.pages.study import render_study
from tests.e2e.browser import chromium, opened, outside, wait_drawn
from tests.reports import compared
from tests.reports.ard import results
from tests.reports.ard_more import more_results
from tests.reports.courses import Sets, bispecific, car_t, frame, meta
from tests.reports.figures.test_by_study import RATES
from tests.reports.study_tables import tables

pytestmark = pytest.mark.browser

STUDY = "studies/CAR/index.html"
SUBJECTS = "studies/CAR/subjects.html"
ALL = ["index.html", STUDY, SUBJECTS, "studies/BSP/index.html", "cohorts/index.html",
       "quality/index.html", "methods/index.html", "status.html"]  # fmt: skip
COURSES = {"CAR": car_t(60), "BSP": bispecific(40)}


def _frames(study: str) -> dict[str, pl.DataFrame]:
    """Tables with a second grading system to switch to, and one hostile text."""
    made = tables(study, COURSES[study])
    sets = Sets()
    people = dict(enumerate(COURSES[study], 1))
    rows = results(study, "test", people, sets)
    rows += results(study, "test", people, sets, basis="derived", primary=False)
    rows += more_results(study, "test", people, sets)
    rows += more_results(study, "test", people, sets, BASIS="derived", PRIMARY=None)
    hostile = pl.when(pl.int_range(pl.len()) == 0).then(pl.lit('=1+1<img src=x onerror="x">'))
    return made | {
        "results": frame("results", rows),
        "sets": sets.frame(),
        "accounts": made["accounts"].with_columns(ACCOUNT=hostile.otherwise("ACCOUNT")),
    }


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """All pages of two studies, written to disk."""
    frames = {study: _frames(study) for study in COURSES}
    metas = [meta("CAR"), meta("BSP", cohort="bispecific")]
    everything = {n: pl.concat([f[n] for f in frames.values()]) for n in frames["CAR"]}
    sets, rows = Sets(), []
    for study, courses in COURSES.items():
        rows += results(study, "test", dict(enumerate(courses, 1)), sets, products=True)
    rows += [row | {"DATA_KIND": "test"} for row in compared.everything()]
    pooled = frame("results", rows).with_columns(STUDYID=pl.lit("ALL"))
    subjects = everything["adsl"].select("STUDYID", "USUBJID", "SUBJIDX")
    quality = [everything[n] for n in ("ledger", "quarantine", "notes", "reconciliation")]
    pages = {
        **render_study(metas[0], frames["CAR"]),
        **render_study(metas[1], frames["BSP"]),
        **render_cohorts(metas, pooled, sets.frame(), [], subjects, published=RATES),
        **render_index(metas, everything["results"], []),
        **render_quality(metas, *quality),
        **render_methods(metas, {}),
        **render_status([]),
    }
    home = tmp_path_factory.mktemp("published")
    for path, data in pages.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_bytes(data)
    return home


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


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
        assert found.page.locator(".plot:visible").count() == 7
        text = found.page.locator("#fig-onset-figure-astct2019-collected").inner_text()
        assert "TEST" in text  # the stamp is drawn


def test_a_number_opens_as_many_subjects_as_it_says(published, browser):
    with opened(browser, published / STUDY) as found:
        page = found.page
        buttons = page.locator("main button.n:visible")
        assert buttons.count() > 30
        for i in range(0, buttons.count(), 7):
            number = int(buttons.nth(i).inner_text())
            buttons.nth(i).click()
            assert page.locator("#behind-table tbody tr").count() == number
            assert page.locator("#behind-count").inner_text().startswith(f"{number} ")
            page.keyboard.press("Escape")
            assert not page.locator("#behind").is_visible()
        assert found.errors == []


def test_a_bar_opens_its_subjects(published, browser):
    with opened(browser, published / STUDY) as found:
        page = found.page
        bar = page.locator("#fig-grades-figure-astct2019-collected .bars .point").first
        bar.scroll_into_view_if_needed()
        box = bar.bounding_box()
        count = int(
            page.locator("#fig-grades-figure-astct2019-collected .bartext").first.text_content()
        )
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.locator("#behind[open]").wait_for()
        assert page.locator("#behind-table tbody tr").count() == count


def test_a_subject_of_the_list_has_its_page(published, browser):
    with opened(browser, published / STUDY) as found:
        page = found.page
        page.locator("main button.n:visible").first.click()
        page.locator("#behind-table a").first.click()
        page.locator("#subject h2").wait_for()
        assert page.url.endswith("subjects.html#1")
        assert page.locator("#subject h2").inner_text() == "Subject #1"
        assert page.locator(".timeline svg .episode").count() == 1
        # The next one is drawn on demand; one that does not exist says so.
        page.locator("#choose").select_option("2")
        page.get_by_text("Subject #2").wait_for()
        page.evaluate("location.hash = '999'")
        page.get_by_text("There is no subject #999 in this study.").wait_for()
        assert found.errors == []


def test_another_grading_system_shows_its_own_figures(published, browser):
    with opened(browser, published / STUDY) as found:
        page = found.page
        page.locator("#system").select_option("astct2019-derived")
        page.locator("#astct2019-derived-grades").wait_for()
        wait_drawn(page)
        shown = page.locator("[data-system=astct2019-derived] figure:visible h3").all_inner_texts()
        assert len(shown) == 6
        assert all("derived from findings" in title for title in shown)
        # What was packed works as the rest of the page does.
        page.locator("[data-system=astct2019-derived] button.n:visible").first.click()
        assert page.locator("#behind").is_visible()
        page.keyboard.press("Escape")
        assert found.errors == []
        page.locator(".toc a[href='#recovery']").click()
        assert page.locator("[data-part=recovery]:visible").bounding_box()["y"] < 400


def test_a_laboratory_test_and_its_clock_are_picked_by_keyboard(published, browser):
    with opened(browser, published / STUDY) as found:
        figure = found.page.locator("#fig-labs-figure-astct2019-collected")
        figure.locator("select").nth(1).focus()
        found.page.keyboard.press("ArrowDown")
        figure.locator(".xtitle", has_text="since onset").wait_for()
        assert "since onset of the first CRS" in figure.locator("figcaption").inner_text()
        figure.locator("summary").click()
        assert figure.locator("[data-numbers] tbody tr").count() == 2
        number = figure.locator("[data-numbers] button.n").first
        count = int(number.inner_text())
        number.click()
        assert found.page.locator("#behind-table tbody tr").count() == count
        assert found.errors == []


def test_a_row_of_the_courses_opens_its_subject(published, browser):
    with opened(browser, published / STUDY) as found:
        link = found.page.locator("#fig-courses-figure .ytick a").first
        number = link.text_content()
        link.focus()
        found.page.keyboard.press("Enter")
        found.page.locator("#subject h2").wait_for()
        assert found.page.locator("#subject h2").inner_text() == f"Subject {number}"


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
            "document.querySelector('.main-svg').style.background.includes('255, 255, 255')"
        )


def test_sort_and_filter(published, browser):
    with opened(browser, published / STUDY) as found:
        page = found.page
        table = page.locator("#all-episodes")
        table.locator("th button", has_text="Grade").click()
        table.locator("th button", has_text="Grade").click()
        assert table.locator("tbody tr").first.locator(".grade").inner_text() == "5"
        page.locator("input[data-filter=all-episodes]").fill("fatal")
        shown = table.locator("tbody tr:visible").count()
        assert page.locator("#all-episodes-count").inner_text() == f"{shown} of 50 rows"
        assert 0 < shown < 50


def test_csv_says_what_the_data_are_and_holds_no_formula(published, browser):
    with opened(browser, published / STUDY) as found:
        with found.page.expect_download() as download:
            found.page.locator("button[data-csv=all-episodes]").click()
        text = download.value.path().read_text(encoding="utf-8-sig")
        lines = text.splitlines()
        assert lines[0].startswith("TEST DATA")
        assert lines[1].startswith("DATA_KIND,Subject")
        assert all(line.startswith("TEST,") for line in lines[2:])
        assert "'=1+1<img src=x" in text
        assert not re.search(r"(?:^|,)\"?=", text, re.M)


def test_csv_of_a_presentation_table_keeps_its_columns(published, browser):
    with opened(browser, published / "cohorts/index.html") as found:
        with found.page.expect_download() as download:
            found.page.locator("button[data-csv=test-medians-astct2019-collected]").click()
        lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
        assert lines[1].startswith("DATA_KIND,Measure,CAR-T (N = 60),,Bispecific (N = 40),")
        assert lines[2].startswith("DATA_KIND,,n / N,Estimate,n / N,Estimate")


def test_the_downloaded_picture_carries_title_words_and_stamp(published, browser):
    with opened(browser, published / STUDY, color_scheme="dark") as found:
        with found.page.expect_download() as download:
            found.page.locator("button[data-svg=onset-figure-astct2019-collected]").click()
        svg = download.value.path().read_text(encoding="utf-8")
        assert svg.startswith("<svg")
        text = re.sub(r"<[^>]+>", " ", svg)
        for words in ("Cumulative incidence of first CRS", "Aalen-Johansen", "TEST", "At risk"):
            assert words in text
        assert "rgb(255, 255, 255)" in svg  # light, whatever the page


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


def _violations(found, options=None) -> list[tuple[str, str]]:
    report = Axe().run(found.page, options=options)
    return [(v["id"], v["nodes"][0]["html"]) for v in report["violations"]]


@pytest.mark.parametrize("path", ALL)
def test_axe_finds_nothing(published, browser, path):
    with opened(browser, published / path) as found:
        assert _violations(found) == []


@pytest.mark.parametrize("path", ["index.html", STUDY])
def test_dark_has_contrast_too(published, browser, path):
    with opened(browser, published / path, color_scheme="dark") as found:
        assert _violations(found, {"runOnly": ["color-contrast"]}) == []


def test_the_keyboard_reaches_numbers_and_comes_back(published, browser):
    with opened(browser, published / STUDY) as found:
        page = found.page
        number = page.locator("main button.n:visible").first
        number.focus()
        page.keyboard.press("Enter")
        assert page.locator("#behind").is_visible()
        page.keyboard.press("Escape")
        assert number.evaluate("node => node === document.activeElement")
        assert "list who is behind it" in number.get_attribute("aria-label")


def test_the_comparison_keeps_its_warning_in_sight_and_its_p_values_folded(published, browser):
    with opened(browser, published / "cohorts/index.html") as found:
        page = found.page
        page.locator("#test-sensitivity").scroll_into_view_if_needed()
        box = page.locator("#warning").bounding_box()
        assert 0 <= box["y"] < 200
        nominal = page.locator("#test-ratios details", has_text="Nominal P values")
        assert not nominal.locator("table").is_visible()
        nominal.locator("summary").focus()
        page.keyboard.press("Enter")
        assert nominal.locator("table").is_visible()
        page.locator("#test-ratios summary", has_text="Schoenfeld").click()
        page.locator("#fig-test-residuals-figure-astct2019-collected .main-svg").first.wait_for()
        assert found.errors == []
