"""The ranked queries in a real browser: sorted, filtered, linked, and saved as CSV."""

from __future__ import annotations

import csv
import io

import pytest

from tests.e2e.browser import opened

pytestmark = pytest.mark.browser
QUALITY = "quality/index.html"


def test_sorted_by_move_filtered_by_kind_and_linked_to_the_subject(published, browser):
    with opened(browser, published / QUALITY) as found:
        page = found.page
        rows = page.locator("#queries-ranked tbody tr")
        assert rows.count() == 30
        page.locator("#queries-ranked thead button", has_text="Move, points").click()
        assert rows.first.locator("td").nth(3).inner_text() == "0"
        page.locator("#queries-ranked thead button", has_text="Move, points").click()
        assert rows.first.locator("td").nth(3).inner_text() == "4.2"
        page.locator("input[data-filter='queries-ranked']").fill("AESEQ CAR")
        assert page.locator("#queries-ranked tbody tr:visible").count() == 1
        page.locator("#queries-ranked tbody tr:visible a").click()
        page.wait_for_url("**/studies/CAR/subjects.html#3")


def test_the_csv_holds_every_query_no_identifier_and_no_formula(published, browser):
    with opened(browser, published / QUALITY) as found:
        page = found.page
        with page.expect_download() as started:
            page.locator("button[data-csv='queries-ranked']").click()
        text = started.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    head = next(i for i, row in enumerate(rows) if "Question" in row)
    at = rows[head].index("Question")
    body = rows[head + 1 :]
    assert len(body) == 30
    assert [row[at] for row in body if "<img" in row[at]] == [
        '\'=1+1 <img src=x onerror="x"> ⟨U+202E⟩abc on [date]'
    ] * 2
    assert "SECRET" not in text


def test_the_top_box_leads_to_the_ranked_queries(published, browser):
    with opened(browser, published / "studies/CAR/index.html") as found:
        page = found.page
        page.locator("#summary a", has_text="15").click()
        page.wait_for_url("**/quality/index.html#queries")
        assert page.locator("#queries h2").is_visible()
