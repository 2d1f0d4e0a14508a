from __future__ import annotations

from pipeline.lake.attributes import attributes_of


def test_a_page_is_text_in_utf_8_that_a_browser_asks_for_again():
    assert attributes_of("studies/A/index.html", "ab") == {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-cache",
        "sha256": "ab",
    }


def test_tables_manifests_and_the_rest_say_what_they_are():
    kinds = [attributes_of(name, "")["Content-Type"] for name in ("a.parquet", "a.json", "a")]
    assert kinds == [
        "application/vnd.apache.parquet",
        "application/json",
        "application/octet-stream",
    ]
