"""Every number and point that can be clicked, on every page that has one, ends at as many rows."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.e2e.browser import ask, opened, wait_drawn
from tests.e2e.everything import DEMO
from tests.e2e.test_page_home import OPEN, OPEN_STUDIES
from tests.reports.conftest import data_of

pytestmark = [pytest.mark.browser, pytest.mark.process]

STUDY = f"studies/{DEMO[3]}/index.html"


@pytest.fixture(scope="module")
def numbers(everything):
    """Running numbers of the subjects that have a page, as study and number."""
    pages = [everything / "published" / "studies" / s / "subjects.html" for s in OPEN]
    return {
        f"{page.parent.name} {n}"
        for page in pages
        for n in data_of(page.read_text(encoding="utf-8"))["subjects"]
    }


@pytest.mark.parametrize("path", ["cohorts/index.html", *OPEN_STUDIES])
def test_every_number_and_point_lists_as_many_rows_as_it_says(everything, browser, numbers, path):
    with opened(browser, everything / "published" / path) as found:
        asked = ask(found.page, "drillDowns")
        kinds = Counter(x["kind"] for x in asked)
        # The smallest study, of nine subjects, has about 300.
        assert kinds["number"] > 200
        assert kinds["bar"] > 20
        # Each row of a heat map, in each order and clock.
        assert kinds["cells"] > 20 or path.startswith("cohorts")
        assert [x for x in asked if x["says"] not in (None, x["rows"])] == []
        # What says no count, such as a difference, lists those it comes from all the same.
        assert [x for x in asked if not isinstance(x["rows"], int) or x["rows"] == 0] == []
        assert {x["kind"] for x in asked if x["says"] is None} <= {"scatter"}
        assert set(ask(found.page, "named")) <= numbers
        assert found.errors == []


def _click_at(page, x, y, count):
    page.mouse.move(x, y)
    page.mouse.click(x, y)
    page.locator("#behind[open]").wait_for()
    assert page.locator("#behind-table tbody tr").count() == count
    page.keyboard.press("Escape")


def _middle(locator):
    """Where a finger would touch it."""
    locator.evaluate("node => node.scrollIntoView({ block: 'center' })")
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("chapter", ["grades", "labs", "onset"])  # a bar, a point, a line
def test_a_mark_of_a_figure_opens_its_subjects_by_mouse(everything, browser, chapter):
    with opened(browser, everything / "published" / STUDY) as found:
        page = found.page
        pair = page.evaluate("document.querySelector('[data-system]:not([hidden])').dataset.system")
        mark = ask(page, "pointOf", f"fig-{chapter}-figure-{pair}")
        _click_at(page, mark["x"], mark["y"], mark["count"])
        assert found.errors == []


def test_a_cell_and_a_row_open_theirs_by_mouse(everything, browser):
    with opened(browser, everything / "published" / STUDY) as found:
        page = found.page
        cell = page.locator("#crosstab td button.n").first
        count = int(cell.inner_text())
        _click_at(page, *_middle(cell), count)
        link = page.locator("#fig-courses-figure .ytick a").first
        number = link.text_content()
        page.mouse.click(*_middle(link))
        page.locator("#subject h2").wait_for()
        assert page.locator("#subject h2").inner_text() == f"Subject {number}"
        row = page.locator("#heat a").nth(1)
        said = row.locator("text").first.text_content()
        page.mouse.click(*_middle(row.locator("text").first))
        page.get_by_role("heading", name=f"Subject {said}", exact=True).wait_for()
        assert found.errors == []


@pytest.mark.parametrize("width", [1440, 400])
def test_a_cell_of_the_heat_map_opens_the_episodes_of_its_subject(everything, browser, width):
    with opened(browser, everything / "published" / STUDY, width=width) as found:
        page = found.page
        figure = page.locator("figure[id^=fig-daily-figure]:visible")
        cell = ask(page, "cellOf", figure.get_attribute("id"), [1, 2, 3, 4])
        assert cell["words"].startswith(f"<b>{cell['subject']}, {cell['day']}: Grade ")
        page.mouse.move(cell["x"], cell["y"])
        page.mouse.click(cell["x"], cell["y"])
        page.locator("#behind[open]").wait_for()
        rows = page.locator("#behind-table tbody tr")
        assert rows.count() == cell["count"]
        assert (
            page.locator("#behind-label")
            .inner_text()
            .startswith(f"{cell['subject']}, {cell['day']}")
        )
        rows.first.locator("a").click()
        page.get_by_role("heading", name=f"Subject {cell['subject']}", exact=True).wait_for()
        assert found.errors == []


LANES = ("Doses", "CRS episodes", "Temperature", "Systolic pressure", "Oxygen saturation", "CRP",
         "Ferritin", "Interleukin 6", "Platelets", "Creatinine")  # fmt: skip


def test_a_subject_page_has_all_lanes_and_the_account_of_explain(everything, browser):
    page_file = everything / "published" / "studies" / DEMO[3] / "subjects.html"
    with opened(browser, page_file) as found:
        page = found.page
        seen: set[str] = set()
        for n in json.loads(page.evaluate("JSON.stringify(Object.keys(DATA.subjects))")):
            page.evaluate("(n) => { location.hash = n; }", n)
            page.get_by_role("heading", name=f"Subject #{n}", exact=True).wait_for()
            lanes = page.locator(".timeline [data-lane]").evaluate_all(
                "nodes => nodes.map((n) => n.dataset.lane)"
            )
            # Who was never treated has nothing measured.
            assert set(LANES) <= set(lanes) or "no dose of a trigger product" in (
                page.locator("#subject .sub").inner_text()
            )
            seen |= set(lanes)
        assert any(lane.endswith(", derived") for lane in seen)
        assert set(LANES) <= seen
        assert {"Oxygen and ventilation", "Hospital and ICU", "Tocilizumab", "Steroid"} <= seen
        account = page.locator("#accounts tbody tr").first.inner_text()
        assert "Grade" in account
        assert found.errors == []


def test_a_measurement_is_turned_off_and_all_days_are_shown_by_keyboard(everything, browser):
    page_file = everything / "published" / "studies" / DEMO[3] / "subjects.html"
    with opened(browser, page_file) as found:
        page = found.page
        page.evaluate("location.hash = '1'")
        ferritin = page.locator("button[data-panel=FERRITIN]")
        ferritin.wait_for()
        assert page.locator("[data-lane=Ferritin] .point").count() > 3
        assert page.locator("[data-lane=Ferritin] .normal").count() == 1
        ferritin.focus()
        page.keyboard.press("Enter")
        assert ferritin.get_attribute("aria-pressed") == "false"
        assert page.locator("[data-lane=Ferritin]").count() == 0
        before = page.locator("[data-lane=CRP] .point").count()
        page.locator("#subject select").first.focus()
        page.keyboard.press("ArrowDown")
        assert page.locator("[data-lane=CRP] .point").count() >= before
        # Every value stands in the table, which is as long as it says.
        page.locator("#subject summary").click()
        said = int(page.locator("#subject summary").inner_text().split()[1])
        page.locator("#measured tbody tr").first.wait_for()
        assert page.locator("#measured tbody tr").count() == said
        wait_drawn(page)
        assert found.errors == []
