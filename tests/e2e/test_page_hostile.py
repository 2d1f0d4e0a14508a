"""A drop of attacks: they are shown as text on every page and in every download."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET

import pytest

from tests.e2e import hostile
from tests.e2e.browser import opened, wait_drawn

pytestmark = [pytest.mark.browser, pytest.mark.process]

STUDY = f"studies/{hostile.STUDY}/index.html"
SUBJECTS = f"studies/{hostile.STUDY}/subjects.html#1"
PAGES = ["index.html", "cohorts/index.html", "quality/index.html", "methods/index.html",
         "status.html", STUDY, SUBJECTS]  # fmt: skip
# Marks that turn text around, and control characters, none of which a reader could see.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
FORMULA = re.compile(r"[=+\-@\t\r]")
NUMBER = re.compile(r"[-+]?[\d.]+%?")


@pytest.fixture(scope="module", params=PAGES)
def attacked(request, everything, browser):
    """A page that shows texts of the drop, everything of it unpacked and in sight."""
    path, _, number = request.param.partition("#")
    with opened(browser, everything / "published" / path, accept_downloads=True) as found:
        if number:
            found.page.evaluate("(n) => { location.hash = n; }", number)
            found.page.locator("#subject summary").click()
        for select in found.page.locator("select[data-switch]").all():
            own = select.locator("option", has_text=re.compile("SITE1|own system"))
            if own.count():
                select.select_option(own.first.get_attribute("value"))
                wait_drawn(found.page)
        found.page.evaluate(
            "document.querySelectorAll('details').forEach((d) => { d.open = true; })"
        )
        yield found, request.param


def test_no_text_becomes_an_element_or_runs(attacked):
    found, _ = attacked
    assert found.page.evaluate("window.hit") is None
    assert found.page.locator("img, iframe, object, embed, main script").count() == 0
    inline = "[...document.querySelectorAll('*')].flatMap((n) => [...n.attributes])"
    handlers = f"{inline}.filter((a) => a.name.startsWith('on')).map((a) => a.value)"
    assert found.page.evaluate(handlers) == []
    assert found.errors == []


def test_nothing_turns_or_hides_the_text_on_the_page(attacked):
    found, _ = attacked
    text = found.page.evaluate("document.title + document.body.innerText")
    labels = found.page.evaluate(
        "[...document.querySelectorAll('*')].flatMap((n) => [...n.attributes]).map((a) => a.value)"
    )
    assert UNSEEN.search(text) is None
    assert [x for x in labels if UNSEEN.search(x)] == []


EXPECTED = {
    "index.html": [hostile.SCRIPT, hostile.SEEN[hostile.TURNED], "⟨U+0000⟩", hostile.LONG],
    "quality/index.html": ["=CMD|'/C CALC'!A0 </SCRIPT>", "⟨U+202E⟩", "⟨U+0007⟩"],
    "methods/index.html": [hostile.SEEN[hostile.TURNED], hostile.PRODUCT, hostile.SCRIPT],
    STUDY: [hostile.SCRIPT, hostile.SEEN[hostile.CONTROL], hostile.PRODUCT, hostile.FORMULA],
    SUBJECTS: [hostile.SCRIPT, hostile.PRODUCT, "=1+1 <script>"],
}


def test_the_attack_is_read_as_it_was_written(attacked):
    found, path = attacked
    text = found.page.evaluate("document.body.textContent")
    assert [x for x in EXPECTED.get(path, []) if x not in text] == []


def _downloads(page, selector):
    for button in page.locator(selector).all():
        with page.expect_download() as download:
            button.click()
        yield download.value.path().read_text(encoding="utf-8-sig")
        # Chromium drops the eleventh download of a second, which no reader is fast enough for.
        page.wait_for_timeout(120)


def test_no_cell_of_any_csv_is_a_formula(attacked):
    found, path = attacked
    texts = list(_downloads(found.page, "button[data-csv]:visible"))
    assert texts or path in ("index.html",)
    for text in texts:
        assert UNSEEN.search(text) is None
        for row in csv.reader(io.StringIO(text), strict=True):
            bad = [c for c in row if FORMULA.match(c.strip()) and not NUMBER.fullmatch(c)]
            assert bad == []
    if path in (SUBJECTS, "quality/index.html"):
        assert any("'=" in text or "'-" in text or "'@" in text for text in texts)


def test_no_svg_holds_a_script_or_a_link(attacked):
    found, path = attacked
    texts = list(_downloads(found.page, "button[data-svg]:visible"))
    assert bool(texts) == (path in (STUDY, "cohorts/index.html"))
    for text in texts:
        assert UNSEEN.search(text) is None
        for node in ET.fromstring(text).iter():
            kind = node.tag.split("}")[-1]
            assert kind not in {"script", "foreignObject", "iframe"}
            assert [k for k in node.attrib if k.split("}")[-1].startswith("on")] == []
            links = [v for k, v in node.attrib.items() if k.split("}")[-1] == "href"]
            # The cells of a heat map are a picture within the picture.
            allowed = "data:image/png;base64," if kind == "image" else "subjects.html#"
            assert [v for v in links if not v.startswith(allowed)] == []
