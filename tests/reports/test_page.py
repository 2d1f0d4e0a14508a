from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import zlib

import pytest
from markupsafe import Markup

from reports import page as module
from reports.page import AssetError, Page, assemble, json_block, packed, plotly_js
from tests.reports.conftest import data_of


def _page(**other) -> Page:
    return Page(path="status.html", title="T", body=Markup("<p>x</p>"), **other)


def test_every_script_that_runs_is_allowed_by_its_hash_and_nothing_else(study_page):
    policy = html.unescape(re.search(r'Security-Policy" content="([^"]+)"', study_page)[1])
    assert policy.startswith("default-src 'none'; ")
    scripts = re.findall(r"<script>(.*?)</script>", study_page, re.S)
    assert len(scripts) == 2
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert "connect-src" not in policy
    assert "http" not in policy


def test_no_attribute_asks_for_anything_outside(study_page):
    body = re.sub(r"<script.*?</script>", "", study_page, flags=re.S)
    for link in re.findall(r'(?:src|href)="([^"]*)"', body):
        assert not re.match(r"(?:[a-z]+:)?//", link), link
    assert "@import" not in body
    assert re.findall(r"url\((?!\"data:)", body) == []


def test_a_page_without_figures_does_not_carry_plotly():
    assert len(assemble(_page())) < 60_000


def test_json_data_cannot_end_its_script():
    hostile = {"a": "</script><script>alert(1)</script><!-- & \u2028"}
    block = str(json_block(hostile))
    assert "<" not in block
    assert json.loads(block) == hostile


def test_json_data_refuse_nan():
    with pytest.raises(ValueError, match="JSON compliant"):
        json_block({"a": float("nan")})


def test_another_plotly_bundle_is_refused(monkeypatch):
    monkeypatch.setattr(module, "PLOTLY_SHA256", "0" * 64)
    plotly_js.cache_clear()
    with pytest.raises(AssetError, match="expected 0000"):
        plotly_js()
    plotly_js.cache_clear()


def test_the_plotly_bundle_is_pinned_and_cannot_end_its_script():
    assert "</script" not in plotly_js().lower()
    assert "\r" not in plotly_js()


@pytest.mark.parametrize(("kind", "word"), [("simulated", "SIMULATED"), ("test", "TEST")])
def test_a_kind_that_is_not_real_stands_in_title_notice_and_print(kind, word):
    made = assemble(_page(kind=kind)).decode()
    assert f"<title>{word} DATA: T" in made
    assert f"<b>{word} DATA.</b>" in made
    assert f'<div class="print-stamp" aria-hidden="true">{word}</div>' in made
    assert data_of(made)["stamp"] == word


def test_real_data_carry_no_stamp():
    made = assemble(_page(kind="real")).decode()
    assert "<title>T | crsight</title>" in made
    assert "print-stamp" not in made.split("</style>")[1]
    assert data_of(made)["stamp"] is None


def test_the_way_up_follows_the_depth():
    assert _page().root == ""
    assert Page(path="studies/A/index.html", title="T", body=Markup("")).root == "../../"


@pytest.mark.parametrize(
    ("sign", "shown"),
    [("\u202e", "\u27e8U+202E\u27e9"), ("\x00", "\u27e8U+0000\u27e9"), ("\b", "\u27e8U+0008\u27e9"),
     ("\x7f", "\u27e8U+007F\u27e9"), ("\\u202e", "\\u202e"), ("\\\\b", "\\\\b"), ("\n", "\n"),
     ("\u00e4\U0001f600", "\u00e4\U0001f600")],
)  # fmt: skip
def test_what_a_reader_could_not_see_is_shown_in_text_in_data_and_in_packs(sign, shown):
    page = assemble(Page(path="status.html", title=sign, body=Markup("{}").format(f"a{sign}b"),
                         data={"x": f"a{sign}b"})).decode()  # fmt: skip
    assert f"a{shown}b" in page
    assert data_of(page)["x"] == f"a{shown}b"
    text = zlib.decompress(base64.b64decode(packed({"x": f"a{sign}b"})))
    assert json.loads(text) == {"x": f"a{shown}b"}
