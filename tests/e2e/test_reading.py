"""How a reader uses the pages in a real browser: by click, by keyboard, by download."""

from __future__ import annotations

import re

import pytest

from tests.e2e.browser import opened, wait_drawn
from tests.e2e.published import STUDY

pytestmark = pytest.mark.browser


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


HEAT = "#fig-daily-figure-astct2019-collected"


def _rows_of(figure):
    return figure.locator(".ytick a").all_text_contents()


def test_clock_and_order_of_the_heat_map_are_picked_by_keyboard(published, browser):
    with opened(browser, published / STUDY) as found:
        figure = found.page.locator(HEAT)
        # 60 subjects, ten of them without CRS; the first of the worst ones died of it.
        assert len(_rows_of(figure)) == 60
        assert _rows_of(figure)[0] == "#7"
        figure.locator("select").nth(1).focus()
        found.page.keyboard.press("ArrowDown")
        figure.locator("figcaption", has_text="earliest onset first").wait_for()
        wait_drawn(found.page)
        assert _rows_of(figure)[0] == "#7"
        assert _rows_of(figure)[-1] == "#60"
        tall = figure.locator(".plot").bounding_box()["height"]
        figure.locator("select").nth(0).focus()
        found.page.keyboard.press("ArrowDown")
        figure.locator(".xtitle", has_text="since onset").wait_for()
        assert len(_rows_of(figure)) == 50
        assert "those with a recorded episode, 50 of N" in figure.locator("h3").inner_text()
        assert figure.locator(".plot").bounding_box()["height"] < tall
        assert found.errors == []


def test_the_heat_map_has_a_picture_of_cells_in_screen_paper_and_download(published, browser):
    with opened(browser, published / STUDY) as found:
        figure = found.page.locator(HEAT)
        assert figure.locator(".heatmaplayer image").count() == 1
        with found.page.expect_download() as download:
            figure.locator("button[data-svg]").click()
        text = download.value.path().read_text(encoding="utf-8")
        assert "CRS grade of each treated subject by day" in text
        assert "<image" in text
        assert found.errors == []


def test_grades_are_written_into_cells_that_have_room_for_them(published, browser):
    numbers = f"{HEAT} .heatmap-label"
    with opened(browser, published / STUDY) as found:
        assert found.page.locator(numbers).count() > 100
    with opened(browser, published / STUDY, width=260) as found:
        assert found.page.locator(numbers).count() == 0
        with found.page.expect_download() as download:
            found.page.locator(f"{HEAT} button[data-svg]").click()
        assert "heatmap-label" in download.value.path().read_text(encoding="utf-8")


def test_the_same_grades_stand_in_words_below_the_heat_map(published, browser):
    with opened(browser, published / STUDY) as found:
        figure = found.page.locator(HEAT)
        figure.locator("summary").click()
        table = figure.locator("table")
        assert table.locator("tbody tr").count() == 60
        assert "grade 5" in table.locator("tbody tr").first.inner_text()


def test_a_row_of_the_courses_opens_its_subject(published, browser):
    with opened(browser, published / STUDY) as found:
        link = found.page.locator("#fig-courses-figure .ytick a").first
        number = link.text_content()
        link.focus()
        found.page.keyboard.press("Enter")
        found.page.locator("#subject h2").wait_for()
        assert found.page.locator("#subject h2").inner_text() == f"Subject {number}"


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
