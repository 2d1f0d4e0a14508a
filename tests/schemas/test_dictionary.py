from __future__ import annotations

import json

import pytest

from pipeline.schemas import dictionary as d


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A dictionary file of the test's own."""
    monkeypatch.setattr(d, "FILE", tmp_path / "dictionary.json")
    d.dictionary.cache_clear()
    yield d.FILE
    d.dictionary.cache_clear()


def test_the_file_says_what_the_classes_say():
    """If not: python -m pipeline.schemas.dictionary."""
    assert d.FILE.read_text(encoding="utf-8") == d.to_text(d.from_classes())


def test_every_table_and_column_has_its_meaning():
    for table, entry in d.from_classes().items():
        assert entry.row.startswith("One row: "), table
        assert all(column.description for column in entry.columns), table


def test_a_file_of_other_classes_is_not_used(file):
    text = d.to_text({"episodes": d.Entry("One row: old.", ())})
    file.write_text(text)
    assert d.dictionary()["episodes"].row == "One row: old."
    d.dictionary.cache_clear()
    file.write_text(json.dumps(json.loads(text) | {"sources": "others"}))
    assert d.dictionary() == d.from_classes()


def test_a_missing_file_only_takes_longer(file):
    assert d.dictionary() == d.from_classes()
