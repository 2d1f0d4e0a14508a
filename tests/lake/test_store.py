from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import polars as pl
import pytest

from pipeline.lake.locks import LostLockError
from pipeline.lake.manifest import COHORTS, Manifest, StageRecord, Staging
from pipeline.lake.objects import object_of
from pipeline.lake.parquet import to_parquet
from pipeline.lake.store import InconsistentError, LostObjectError, StaleParentError, State

FRAME = pl.DataFrame({"A": [1, 2]})
DM = hashlib.sha256(to_parquet(FRAME)).hexdigest()


@pytest.fixture
def store(store):
    """With the table of `manifest`."""
    store.put_table("sdtm_dm", FRAME)
    return store


def manifest(number: int, drop: str = "d1", study: str = "A") -> Manifest:
    ingest = StageRecord("c", {"dm.csv": drop}, {"sdtm_dm": DM})
    return Manifest(study, number, number - 1, {"dm.csv": drop}, {}, {"ingest": ingest})


def test_the_same_rows_are_the_same_object(store):
    value = store.put_table("t", FRAME)
    assert store.put_table("t", FRAME) == value
    assert store.table("t", value).name == f"{value}.parquet"
    assert [entry.name for entry in store.files.entries("objects/t")] == [object_of("t", value)]


def test_other_rows_are_another_object(store):
    assert store.put_table("t", FRAME) != store.put_table("t", FRAME.reverse())


def test_a_file_is_moved_in_and_is_the_object_that_its_frame_would_be(store, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).write_bytes(to_parquet(FRAME))
    value = store.put_table("t", tmp_path / "one")
    assert not (tmp_path / "one").exists()
    assert store.put_table("t", tmp_path / "two") == value == store.put_table("t", FRAME)


def test_what_a_stage_made_is_stored_at_once_and_found_from_elsewhere(store, store_elsewhere):
    made = {"b": FRAME, "a": FRAME.reverse()}
    outputs = store.put(made)
    assert list(outputs) == ["a", "b"]
    assert outputs["b"] == store.put_table("b", FRAME)
    for tables in (store_elsewhere.tables(outputs), store_elsewhere.on_demand(outputs)):
        assert {
            name: pl.read_parquet(path).equals(made[name]) for name, path in tables.items()
        } == {
            "a": True,
            "b": True,
        }
    page = store.put({"studies/A/index.html": b"<p>"})
    assert store_elsewhere.page("studies/A/index.html", *page.values()) == b"<p>"


def test_tables_on_demand_are_fetched_one_by_one(store):
    some = store.on_demand({"there": store.put_table("there", FRAME), "gone": "0" * 64})
    assert pl.read_parquet(some["there"]).equals(FRAME)
    assert ("gone" in some, "other" in some, len(some)) == (True, False, 2)
    with pytest.raises(FileNotFoundError):
        some["gone"].read_bytes()
    assert some.get("other") is None


def test_pages_keep_their_ending_and_are_proved_on_reading(store, store_elsewhere):
    value = store.put_page("studies/A/index.html", b"<p>")
    assert store.page("x/index.html", value) == b"<p>"
    store.files.write(f"objects/pages/{value}.html", b"changed")
    with pytest.raises(OSError, match="was changed"):
        store_elsewhere.page("x/index.html", value)
    with pytest.raises(OSError, match=r"x/index\.html: object .* is missing"):
        store_elsewhere.page("x/index.html", "0" * 64)


def test_has_tells_missing_objects(store):
    outputs = {"t": store.put_table("t", FRAME), "a.html": store.put_page("a.html", b"1")}
    assert store.has(outputs)
    store.files.delete(object_of("t", outputs["t"]))
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


def test_a_manifest_without_its_objects_is_refused(store):
    store.files.delete(object_of("sdtm_dm", DM))
    with pytest.raises(LostObjectError, match="A: an object is missing"):
        store.promote(manifest(1))
    assert store.numbers("A") == []


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


def test_all_stagings_at_once(store):
    store.stage("A", Staging("run", 0))
    store.stage("B", Staging("other", 1))
    assert store.stagings() == {"A": Staging("run", 0), "B": Staging("other", 1)}


def test_the_same_state_is_not_written_again_and_keeps_its_time(store, monkeypatch):
    state = State("A", "refused", ("dm.csv: missing",), "d", "c")
    store.set_state(state)
    since = store.since("A")
    written = []
    monkeypatch.setattr(store.files, "write", lambda name, _data: written.append(name))
    store.set_state(state)
    assert written == []
    assert store.states_since() == {"A": (state, since)}
    store.set_state(replace(state, problems=()))
    assert written == ["states/A.json"]


def test_what_another_process_wrote_is_seen(store, store_elsewhere):
    for number in (1, 2):
        store.promote(manifest(number, f"d{number}"))
        store.set_state(State("A", "failed", (str(number),)))
        assert store_elsewhere.current("A") == manifest(number, f"d{number}")
        assert store_elsewhere.ready() == {"A": manifest(number, f"d{number}")}
        assert store_elsewhere.states()["A"].problems == (str(number),)
    assert store_elsewhere.manifests_made()["A"][1] == store.manifest_time("A", 2)


def test_a_run_that_lost_its_lock_writes_nothing_that_counts(store, monkeypatch):
    store.promote(manifest(1))
    store.stage("A", Staging("mine", 1))
    with store.locks.hold("A"):
        monkeypatch.setattr(type(store.locks._claims["A"]), "holds", lambda _: False)
        with pytest.raises(LostLockError, match="A: the lock was lost"):
            store.promote(manifest(2, "d2"))
        with pytest.raises(LostLockError):
            store.stage("A", Staging("again", 1))
    assert store.numbers("A") == [1]
    assert store.staging("A") == Staging("mine", 1)


@pytest.mark.parametrize("name", ["../x", "a b", "ü", "A" * 300, "."])
def test_a_refused_folder_of_any_name_has_a_state(store, name):
    store.set_state(State(name, "refused", ("folder name",)))
    assert store.state(name) == State(name, "refused", ("folder name",))
    assert store.states()[name].state == "refused"
    assert len(store.files.names("states")) == 1
