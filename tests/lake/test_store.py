from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import polars as pl
import pytest

from pipeline.lake.manifest import COHORTS, Manifest, StageRecord, Staging
from pipeline.lake.parquet import to_parquet
from pipeline.lake.store import InconsistentError, StaleParentError, State, Store

FRAME = pl.DataFrame({"A": [1, 2]})


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "lake")


def manifest(number: int, drop: str = "d1", study: str = "A") -> Manifest:
    ingest = StageRecord("c", {"dm.csv": drop}, {"sdtm_dm": "t"})
    return Manifest(study, number, number - 1, {"dm.csv": drop}, {}, {"ingest": ingest})


def test_an_object_is_written_once(store):
    value = store.put_table("t", FRAME)
    path = store.table("t", value)
    os.utime(path, (1, 1))
    assert store.put_table("t", FRAME) == value
    assert path.stat().st_mtime == 1
    assert path.name == f"{value}.parquet"


def test_other_rows_are_another_object(store):
    assert store.put_table("t", FRAME) != store.put_table("t", FRAME.reverse())


def test_a_file_is_moved_in_and_is_the_object_that_its_frame_would_be(store, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).write_bytes(to_parquet(FRAME))
    value = store.put_table("t", tmp_path / "one")
    assert not (tmp_path / "one").exists()
    assert store.table("t", value).stat().st_mode & 0o777 == 0o644
    assert store.put_table("t", tmp_path / "two") == value == store.put_table("t", FRAME)


def test_pages_keep_their_ending_and_are_proved_on_reading(store):
    value = store.put_page("studies/A/index.html", b"<p>")
    assert store.page("x/index.html", value) == b"<p>"
    store.files.path(f"objects/pages/{value}.html").write_bytes(b"changed")
    with pytest.raises(OSError, match=r"x/index\.html: object .* was changed"):
        store.page("x/index.html", value)


def test_has_tells_missing_objects(store):
    outputs = {"t": store.put_table("t", FRAME), "a.html": store.put_page("a.html", b"1")}
    assert store.has(outputs)
    store.table("t", outputs["t"]).unlink()
    assert not store.has(outputs)


def test_the_highest_number_is_current_and_the_older_ones_stay(store):
    assert store.current("A") is None
    store.promote(manifest(1))
    store.promote(manifest(2, "d2"))
    assert store.current("A") == manifest(2, "d2")
    assert store.at("A", 1) == manifest(1)
    assert store.numbers("A") == [1, 2]


def test_the_same_content_makes_no_new_manifest(store):
    store.promote(manifest(1))
    assert store.promote(manifest(2)) == manifest(1)
    assert store.numbers("A") == [1]


def test_a_manifest_on_an_old_parent_is_refused_and_nothing_is_overwritten(store):
    store.promote(manifest(1))
    store.promote(manifest(2, "d2"))
    with pytest.raises(StaleParentError, match="another run published meanwhile"):
        store.promote(manifest(2, "d3"))
    assert store.current("A") == manifest(2, "d2")


def test_of_many_promotions_at_once_one_wins(store):
    def attempt(n: int) -> bool:
        try:
            store.promote(manifest(1, f"d{n}"))
        except StaleParentError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(attempt, range(8)))
    assert sum(won) == 1
    assert store.current("A") == manifest(1, f"d{won.index(True)}")


def test_an_inconsistent_manifest_is_refused(store):
    broken = replace(manifest(1), drop={"dm.csv": "other"})
    with pytest.raises(InconsistentError, match=r"A: ingest was made from another dm\.csv"):
        store.promote(broken)
    assert store.current("A") is None


def test_withdrawing_puts_an_empty_manifest_on_top(store):
    store.promote(manifest(1))
    withdrawn = store.withdraw("A")
    assert (withdrawn.number, withdrawn.withdrawn, withdrawn.pages) == (2, True, {})
    assert store.withdraw("A") == withdrawn
    assert store.ready() == {}
    assert store.at("A", 1) == manifest(1)
    with pytest.raises(KeyError):
        store.withdraw("B")


def test_cohorts_are_not_a_study(store):
    store.promote(manifest(1, study=COHORTS))
    store.promote(manifest(1, study="B"))
    store.promote(manifest(1, study="A"))
    assert store.studies() == ["A", "B"]
    assert list(store.ready()) == ["A", "B"]


def test_staging_is_kept_until_it_is_taken_away(store):
    assert store.staging("A") is None
    store.stage("A", Staging("run", 0))
    assert store.staging("A") == Staging("run", 0)
    store.unstage("A")
    assert store.staging("A") is None


def test_the_same_state_keeps_its_time(store):
    state = State("A", "refused", ("dm.csv: missing",), "d", "c")
    store.set_state(state)
    os.utime(store.files.path("states/A.json"), (5, 5))
    store.set_state(state)
    assert store.since("A") == 5
    store.set_state(replace(state, problems=()))
    assert store.since("A") > 5
    assert store.states() == {"A": replace(state, problems=())}


@pytest.mark.parametrize("name", ["../x", "a b", "ü", "A" * 300, "."])
def test_a_refused_folder_of_any_name_has_a_state(store, name):
    store.set_state(State(name, "refused", ("folder name",)))
    assert store.state(name) == State(name, "refused", ("folder name",))
    assert store.states()[name].state == "refused"
    assert len(store.files.names("states")) == 1
