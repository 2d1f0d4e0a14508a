from __future__ import annotations

import os
import time

import polars as pl
import pytest

from pipeline.assets.work import finish, run_stage
from pipeline.lake.clean_up import LOCK, Rule, RuleError, clean_lake
from pipeline.lake.locks import BusyError
from pipeline.lake.manifest import COHORTS, Staging
from pipeline.lake.parquet import to_parquet
from pipeline.lookup import NotThereError, table
from pipeline.plan import STAGES
from tests.assets.fakes import write_drop
from tests.assets.test_over_studies import run_all_over_studies
from tests.assets.test_work import run_all
from tests.e2e.drops import tree

DAY = 86400.0
RULE = Rule(versions=2, days=90, grace_h=24)


@pytest.fixture
def five(here):
    """Study A with five versions, each of other subjects; the pages over studies use the last."""
    for n in range(1, 6):
        write_drop(here.inbox, "A", f"S-{n}")
        run_all(here, run=f"r{n}")
    run_all_over_studies(here)
    return here


def clean(here, days, rule=RULE, **more):
    """Clean as if it were so many days later."""
    return clean_lake(here.store, rule, time.time() + days * DAY, **more)


def named(gone, kind):
    return [g.name for g in gone if g.kind == kind]


def subjects(here, number):
    return table(here.store, "adsl", "A", number)["USUBJID"].to_list()


def test_the_last_versions_stay_and_can_be_read_the_others_say_that_they_are_gone(five):
    gone = clean(five, 91)
    assert named(gone, "version") == ["A 1", "A 2", "A 3"]
    assert five.store.numbers("A") == [4, 5]
    assert subjects(five, 4) == ["S-4"]
    assert subjects(five, 5) == ["S-5"]
    words = "run 2 of A is gone, the clean-up took it; its runs are 4, 5"
    with pytest.raises(NotThereError, match=words):
        subjects(five, 2)
    with pytest.raises(NotThereError, match="A has no run 9; its runs are 4, 5"):
        subjects(five, 9)


def test_young_versions_stay_however_many(five):
    assert clean(five, 89) == []
    assert five.store.numbers("A") == [1, 2, 3, 4, 5]


def test_objects_that_nothing_kept_needs_go_with_their_bytes(five):
    before = tree(five.home.lake / "objects")
    gone = clean(five, 91)
    removed = set(named(gone, "object"))
    assert removed
    assert removed == before.keys() - tree(five.home.lake / "objects").keys()
    kept = [five.store.at("A", n) for n in (4, 5)] + [five.store.current(COHORTS)]
    assert all(five.store.has({**m.tables, **m.pages}) for m in kept)
    assert all(g.size > 0 for g in gone)


def test_the_same_again_finds_nothing(five):
    clean(five, 91)
    assert clean(five, 91) == []


def test_a_dry_run_says_the_same_and_does_nothing(five):
    clean(five, 0)  # makes the lock's file
    before = tree(five.home.lake)
    told = clean(five, 91, dry_run=True)
    assert tree(five.home.lake) == before
    assert clean(five, 91) == told


def test_numbers_keep_rising(five):
    clean(five, 91)
    write_drop(five.inbox, "A", "S-9")
    assert run_all(five, run="r9")[1].number == 6


def test_what_the_pages_over_studies_use_or_are_being_made_of_stays(here):
    for n in range(1, 6):
        write_drop(here.inbox, "A", f"S-{n}")
        run_all(here, run=f"r{n}")
        if n == 1:
            run_all_over_studies(here)
    chosen = {"A": {"number": 2, "content": "x"}}
    here.store.stage(COHORTS, Staging("c2", 1, meta={"manifests": chosen}))
    assert named(clean(here, 91), "version") == ["A 3"]


def test_a_version_that_was_replaced_a_moment_ago_stays(five):
    """A run over studies may have chosen it and not yet said so."""
    folder = five.home.lake / "manifests" / "A"
    old = time.time() - 200 * DAY
    for n in (1, 2, 3):
        os.utime(folder / f"{n:08d}.json", (old, old))
    # Version 3 is old, but 4 took its place just now.
    assert named(clean(five, 0), "version") == ["A 1", "A 2"]


def test_what_an_unfinished_run_has_made_stays(five):
    write_drop(five.inbox, "A", "S-6")
    outcomes = [run_stage(five, "A", stage, "r6") for stage in ("ingest", "subjects", "crs")]
    clean(five, 400, Rule(versions=1, days=0, grace_h=0))
    assert all(five.store.has(outcome.record.outputs) for outcome in outcomes)


def test_a_fresh_object_stays_and_one_that_a_run_found_again_counts_as_fresh(five):
    frame = five.store.table("adsl", five.store.at("A", 1).tables["adsl"])
    file = frame.relative_to(five.home.lake)
    old = time.time() - 200 * DAY
    for path in (five.home.lake / "objects").rglob("*"):
        os.utime(path, (old, old))
    five.store.put_table("adsl", pl.read_parquet(frame))
    for n in (1, 2, 3):
        (five.home.lake / "manifests" / "A" / f"{n:08d}.json").unlink()
    removed = named(clean(five, 0), "object")
    assert file.relative_to("objects").as_posix() not in removed
    assert removed


def test_an_object_that_is_found_again_during_the_clean_up_stays(five, monkeypatch):
    """Between the list and the removal a run needs it."""
    listed = five.store.files.entries

    def entries(folder):
        found = listed(folder)
        for entry in found if folder == "objects" else ():
            os.utime(five.home.lake / entry.name, (time.time() + 91 * DAY,) * 2)
        return found

    monkeypatch.setattr(five.store.files, "entries", entries)
    assert named(clean(five, 91), "object") == []


def test_what_crashes_left_goes_but_not_of_a_study_at_work(five):
    for study in ("A", "B"):
        folder = five.store.folder / "spill" / study
        folder.mkdir(parents=True)
        (folder / "vs.parquet").write_bytes(b"half")
    (five.store.folder / "objects" / ".tmp-x").write_bytes(b"half")
    with five.store.locks.hold("B"):
        gone = [g for g in clean(five, 2) if g.kind == "leftover"]
    assert [(g.name, g.size) for g in gone] == [("objects/.tmp-x", 4), ("spill/A/vs.parquet", 4)]
    assert (five.store.folder / "spill" / "B" / "vs.parquet").exists()
    assert named(clean(five, 0), "leftover") == []  # too young


def test_only_one_clean_up_at_a_time(five):
    with five.store.locks.hold(LOCK), pytest.raises(BusyError):
        clean(five, 91)


def test_a_manifest_whose_objects_are_gone_is_not_promoted(here):
    write_drop(here.inbox, "A", "S-1")
    for stage in STAGES:
        run_stage(here, "A", stage, "r1")
    staged = here.store.staging("A")
    here.store.table("adsl", staged.tables["adsl"]).unlink()
    with pytest.raises(OSError, match="an object is missing from the lake; run again"):
        finish(here, "A", "r1")
    assert here.store.current("A") is None
    run_all(here, run="r2")
    assert subjects(here, 1) == ["S-1"]
    assert to_parquet(table(here.store, "adsl", "A"))


def test_the_rule_comes_from_the_environment(monkeypatch):
    assert Rule.from_env() == Rule(30, 90, 90, 24)
    monkeypatch.setenv("CRSIGHT_KEEP_VERSIONS", "5")
    monkeypatch.setenv("CRSIGHT_KEEP_DAYS", "0")
    monkeypatch.setenv("CRSIGHT_KEEP_RUNS_DAYS", "7.5")
    monkeypatch.setenv("CRSIGHT_CLEAN_GRACE_H", "1")
    assert Rule.from_env() == Rule(5, 0, 7.5, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [("CRSIGHT_KEEP_VERSIONS", "0"), ("CRSIGHT_KEEP_DAYS", "-1"), ("CRSIGHT_KEEP_DAYS", "many"),
     ("CRSIGHT_CLEAN_GRACE_H", "nan")],
)  # fmt: skip
def test_a_setting_that_cannot_be_meant_is_refused(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(RuleError, match=f"{name} is '{value}'"):
        Rule.from_env()
