from __future__ import annotations

import pytest

from pipeline.lake.manifest import COHORTS, Manifest, StageRecord
from pipeline.lake.publish import publish, write_status
from pipeline.lake.store import Store


@pytest.fixture
def out(machine):
    return machine("here", "published")


def promote(store: Store, study: str, **pages: str) -> None:
    named = {name.replace("__", "/") + ".html": text for name, text in pages.items()}
    outputs = {path: store.put_page(path, text.encode()) for path, text in named.items()}
    number = len(store.numbers(study)) + 1
    record = StageRecord("c", {}, outputs)
    store.promote(Manifest(study, number, number - 1, {}, {}, {"reports": record}))


def found(out) -> dict[str, str]:
    return {entry.name: out.read(entry.name).decode() for entry in out.entries("")}


def test_pages_appear_and_a_second_time_nothing_is_written(store, out):
    promote(store, "A", studies__A__index="1")
    promote(store, COHORTS, index="front")
    assert publish(store, out) == ["studies/A/index.html", "index.html"]
    assert found(out) == {"index.html": "front", "studies/A/index.html": "1"}
    assert publish(store, out) == []


def test_a_damaged_or_lost_page_is_put_right(store, out):
    promote(store, "A", studies__A__index="1", studies__A__subjects="2")
    publish(store, out)
    out.write("studies/A/index.html", b"half a pa")
    out.delete("studies/A/subjects.html")
    publish(store, out)
    assert found(out) == {"studies/A/index.html": "1", "studies/A/subjects.html": "2"}


def test_a_page_that_a_study_no_longer_has_goes(store, out):
    promote(store, "A", studies__A__index="1", studies__A__subjects="2")
    publish(store, out)
    promote(store, "A", studies__A__index="1")
    assert publish(store, out) == ["studies/A/subjects.html"]


def test_pages_of_a_withdrawn_study_go_with_their_folder_and_others_stay(store, out):
    promote(store, "A", studies__A__index="1")
    promote(store, "AB", studies__AB__index="2")
    publish(store, out)
    store.withdraw("A")
    publish(store, out)
    assert found(out) == {"studies/AB/index.html": "2"}
    assert out.names("studies") == ["AB"]


def test_a_page_over_studies_that_is_no_longer_made_goes_and_foreign_files_stay(store, out):
    promote(store, COHORTS, index="1", quality__index="q")
    publish(store, out)
    out.write("robots.txt", b"mine")
    write_status(store, out, b"status")
    promote(store, COHORTS, index="1")
    publish(store, out)
    assert found(out) == {"index.html": "1", "robots.txt": "mine", "status.html": "status"}


def test_one_study_at_a_time(store, out):
    promote(store, "A", studies__A__index="1")
    promote(store, "B", studies__B__index="2")
    publish(store, out, ["B"])
    assert list(found(out)) == ["studies/B/index.html"]


def test_a_changed_object_is_not_published(store, store_elsewhere, out):
    promote(store, "A", studies__A__index="1")
    value = store.current("A").pages["studies/A/index.html"]
    store.files.write(f"objects/pages/{value}.html", b"2")
    with pytest.raises(OSError, match="was changed"):
        publish(store_elsewhere, out)
    assert found(out) == {}


def test_a_manifest_that_is_swapped_in_while_pages_are_written_is_published_too(
    store, out, monkeypatch
):
    """As by a run whose publishing lock broke: the newest pages have the last word."""
    promote(store, "A", studies__A__index="1")
    write = out.write
    news = iter(["2"])

    def slow(path, data):
        for text in news:
            promote(store, "A", studies__A__index=text)
        write(path, data)

    monkeypatch.setattr(out, "write", slow)
    publish(store, out)
    assert found(out) == {"studies/A/index.html": "2"}


def test_pages_of_the_right_bytes_are_not_fetched_again_to_see_that(store, out, monkeypatch):
    promote(store, "A", studies__A__index="1")
    publish(store, out)
    read = []
    monkeypatch.setattr(out, "read", read.append)
    assert publish(store, out) == []
    assert read == []
