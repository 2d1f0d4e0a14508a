from __future__ import annotations

from reports.pages.status import render_status
from tests.reports.conftest import body_of, text_of

GOOD = {
    "study": "A", "state": "published", "since": "2026-11-24 17:00+00:00", "why": "",
    "version": 3, "made": "2026-11-24 16:59+00:00", "waits": "", "waits_since": "",
}  # fmt: skip
BAD = {"study": "B", "state": "refused", "since": "2026-11-24 18:00+00:00", "why": "<b>\nrow 2"}
WAITS = {"waits": "waits for its run: ae.xpt changed", "waits_since": "2026-11-25 04:30+00:00"}


def _page(*rows, written=""):
    (page,) = render_status(rows, written).values()
    return page.decode()


def test_a_published_study_links_to_its_report_and_says_how_old_it_is():
    page = _page(GOOD)
    assert 'href="studies/A/index.html"' in page
    assert "Version 3, 2026-11-24 16:59+00:00" in text_of(page)
    assert '<time datetime="2026-11-24T16:59+00:00">' in page  # to which the page adds the age


def test_a_study_without_a_report_has_no_link_and_its_reasons_are_text_line_by_line():
    page = body_of(_page(BAD))
    assert "studies/B/index.html" not in page
    assert "&lt;b&gt;<br>row 2" in page
    assert '<span class="ne">none</span>' in page


def test_what_waits_says_since_when_and_the_report_stays():
    text = text_of(_page(GOOD | WAITS))
    assert "Waits for its run: ae.xpt changed, since 2026-11-25 04:30+00:00 Version 3" in text
    assert "With something newer that waits 1" in text


def test_what_needs_somebody_stands_on_top():
    rows = [
        GOOD,
        GOOD | {"study": "C"} | WAITS,
        GOOD | {"study": "D", "state": "running"},
        GOOD | {"study": "E", "state": "failed"},
        BAD,
    ]
    page = body_of(_page(*rows))
    order = [page.index(f">{s}<") for s in "EBDCA"]
    assert order == sorted(order)


def test_counts_per_state_and_what_the_states_mean():
    text = text_of(_page(GOOD, BAD, GOOD | {"study": "C"}))
    assert "Studies 3 Published 2 Refused 1" in text
    assert "The drop cannot be taken as it is" in text
    assert "A run is at work" not in text


def test_two_hundred_studies_can_be_filtered_and_sorted():
    page = _page(*(GOOD | {"study": f"S{n}"} for n in range(200)))
    assert 'data-filter="states"' in page
    assert 'class="sortable"' in page
    assert page.count("<tr>") == 201


def test_the_page_says_when_it_was_written():
    assert "Written 2026-11-25 05:00+00:00" in text_of(_page(written="2026-11-25 05:00+00:00"))


def test_no_study_yet():
    assert "No study has been processed yet." in text_of(_page())
