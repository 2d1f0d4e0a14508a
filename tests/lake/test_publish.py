from __future__ import annotations

import pytest

from pipeline.lake.manifest import COHORTS, Manifest, StageRecord
from pipeline.lake.publish import publish, write_status
from pipeline.lake.store import Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "lake")


@pytest.fixture
def out(tmp_path):
    return tmp_path / "published"


def promote(store: Store, study: str, **pages: str) -> None:
    named = {name.replace("__", "/") + ".html": text for name, text in pages.items()}
    outputs = {path: store.put_page(path, text.encode()) for path, text in named.items()}
    number = len(store.numbers(study)) + 1
    record = StageRecord("c", {}, outputs)
    store.promote(Manifest(study, number, number - 1, {}, {}, {"reports": record}))


def found(out) -> dict[str, str]:
    files = sorted(p for p in out.rglob("*") if p.is_file())
    return {p.relative_to(out).as_posix(): p.read_text() for p in files}


def test_pages_appear_and_a_second_time_nothing_is_written(store, out):
    promote(store, "A", studies__A__index="1")
    promote(store, COHORTS, index="front")
    assert publish(store, out) == ["studies/A/index.html", "index.html"]
    assert found(out) == {"index.html": "front", "studies/A/index.html": "1"}
    assert publish(store, out) == []


def test_a_damaged_or_lost_page_is_put_right(store, out):
    promote(store, "A", studies__A__index="1", studies__A__subjects="2")
    publish(store, out)
    (out / "studies/A/index.html").write_text("half a pa")
    (out / "studies/A/subjects.html").unlink()
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
    assert not (out / "studies/A").exists()


def test_a_page_over_studies_that_is_no_longer_made_goes_and_foreign_files_stay(store, out):
    promote(store, COHORTS, index="1", quality__index="q")
    publish(store, out)
    (out / "robots.txt").write_text("mine")
    write_status(store, out, b"status")
    promote(store, COHORTS, index="1")
    publish(store, out)
    assert found(out) == {"index.html": "1", "robots.txt": "mine", "status.html": "status"}


def test_one_study_at_a_time(store, out):
    promote(store, "A", studies__A__index="1")
    promote(store, "B", studies__B__index="2")
    publish(store, out, ["B"])
    assert list(found(out)) == ["studies/B/index.html"]


def test_a_changed_object_is_not_published(store, out):
    promote(store, "A", studies__A__index="1")
    value = store.current("A").pages["studies/A/index.html"]
    store.files.path(f"objects/pages/{value}.html").write_text("2")
    with pytest.raises(OSError, match="was changed"):
        publish(store, out)
    assert found(out) == {}
