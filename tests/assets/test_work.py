from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.assets.work import DropChangedError, UnreadyError, finish, heal, run_stage
from pipeline.lake.manifest import Staging
from pipeline.lake.parquet import to_parquet
from pipeline.lake.store import InconsistentError, StaleParentError, State
from pipeline.plan import STAGES
from pipeline.study import StudyError
from tests.assets.fakes import CODE, write_drop


def run_all(here, study="A", run="r1", stages=STAGES, *, force=False):
    outcomes = {stage: run_stage(here, study, stage, run, force=force) for stage in stages}
    return outcomes, finish(here, study, run)


@pytest.fixture
def published(here):
    write_drop(here.inbox, "A")
    run_all(here)
    here.stages.calls.clear()
    return here


def test_a_run_publishes_tables_and_pages_together(here):
    write_drop(here.inbox, "A")
    for stage in STAGES:
        assert here.store.current("A") is None
        assert not (here.home.published / "studies").exists()
        run_stage(here, "A", stage, "r1")
    manifest = finish(here, "A", "r1")
    assert manifest == here.store.current("A")
    assert (manifest.number, manifest.parent) == (1, 0)
    assert (here.home.published / "studies/A/index.html").read_text() == "2 subjects"
    assert here.store.staging("A") is None
    assert here.store.state("A") == State("A", "published")


def test_the_manifest_names_what_each_stage_was_made_from(published):
    manifest = published.store.current("A")
    crs, ingest = manifest.stages["crs"], manifest.stages["ingest"]
    assert crs.code == CODE["crs"]
    assert crs.inputs["adsl"] == manifest.tables["adsl"]
    assert crs.inputs["study.yaml"] == manifest.drop["study.yaml"]
    assert ingest.inputs == manifest.drop
    assert manifest.meta["study"] == "A"


def test_a_table_that_is_a_file_is_the_object_that_its_frame_would_be(published):
    before = published.store.current("A")
    ingest = published.stages.ingest

    def as_files(drop, study, spill):
        made = ingest(drop, study, spill)
        for name, frame in made.items():
            (spill / name).write_bytes(to_parquet(frame))
        return {name: spill / name for name in made}

    published.stages.ingest = as_files
    _, manifest = run_all(published, run="r2", force=True)
    assert manifest == before
    assert not list(published.store.files.path("spill").iterdir())


def test_what_is_on_record_is_not_computed_again(published):
    outcomes, manifest = run_all(published, run="r2")
    assert all(outcome.reused for outcome in outcomes.values())
    assert published.stages.calls == []
    assert manifest.number == 1


def test_force_computes_again_and_the_same_bytes_make_no_new_manifest(published):
    outcomes, manifest = run_all(published, run="r2", force=True)
    assert not any(outcome.reused for outcome in outcomes.values())
    assert manifest.number == 1


def test_new_code_that_makes_the_same_tables_spares_the_stages_behind_it(published):
    newer = replace(published, code={**CODE, "ingest": "new"})
    outcomes, manifest = run_all(newer, run="r2")
    assert [s for s, o in outcomes.items() if not o.reused] == ["ingest"]
    assert manifest.number == 2


def test_another_title_in_study_yaml_runs_every_stage(published):
    path = published.inbox / "A" / "study.yaml"
    path.write_text(path.read_text().replace("Made for a test", "Another title"))
    outcomes, manifest = run_all(published, run="r2")
    assert not any(outcome.reused for outcome in outcomes.values())
    assert manifest.meta["title"] == "Another title"


def test_a_lost_object_is_made_again(published):
    manifest = published.store.current("A")
    lost = published.store.table("adsl", manifest.tables["adsl"])
    lost.unlink()
    run_all(published, run="r2")
    assert lost.exists()
    assert published.stages.calls == ["A subjects"]


def test_the_next_run_goes_on_where_an_interrupted_one_stopped(here):
    write_drop(here.inbox, "A")
    run_stage(here, "A", "ingest", "r1")
    run_stage(here, "A", "subjects", "r1")
    here.stages.calls.clear()
    run_all(here, run="r2")
    assert here.stages.calls == ["A crs", "A stats", "A queries"]


def test_staged_tables_of_an_older_drop_are_not_taken(here):
    drop = write_drop(here.inbox, "A")
    run_stage(here, "A", "ingest", "r1")
    run_stage(here, "A", "subjects", "r1")
    (drop / "dm.csv").write_text("S-1 S-2 S-3")
    run_all(here, run="r2")
    assert (here.home.published / "studies/A/index.html").read_text() == "3 subjects"


def test_a_failed_check_keeps_nothing(here):
    write_drop(here.inbox, "A")
    here.stages.spoil.add("ingest")
    outcome = run_stage(here, "A", "ingest", "r1")
    assert outcome.record is None
    assert here.store.staging("A") is None
    (broken,) = [v for v in outcome.verdicts if not v.passed]
    assert broken.message == "1 row breaks read_is_accepted_plus_quarantined"


def test_a_stage_without_what_it_needs_says_so(here):
    write_drop(here.inbox, "A")
    with pytest.raises(UnreadyError, match="A: crs needs ingest, subjects, which never ran"):
        run_stage(here, "A", "crs", "r1")
    with pytest.raises(UnreadyError, match="reports not made yet"):
        finish(here, "A", "r1")


def test_a_manifest_of_parts_that_do_not_belong_together_is_refused(published):
    """Somebody runs the first and the last stage alone, as the UI allows."""
    (published.inbox / "A" / "dm.csv").write_text("S-1")
    run_stage(published, "A", "ingest", "r2")
    run_stage(published, "A", "reports", "r2")
    with pytest.raises(InconsistentError, match="subjects was made from another sdtm_dm"):
        finish(published, "A", "r2")
    assert published.store.current("A").number == 1


def test_a_run_that_was_overtaken_overwrites_nothing(published):
    (published.inbox / "A" / "dm.csv").write_text("S-1")
    for stage in STAGES:
        run_stage(published, "A", stage, "slow")
    published.store.withdraw("A")
    with pytest.raises(StaleParentError):
        finish(published, "A", "slow")
    assert published.store.current("A").withdrawn


def test_a_drop_that_changes_while_it_is_read_is_not_recorded(here):
    drop = write_drop(here.inbox, "A")
    read = here.stages.ingest

    def change(*args):
        made = read(*args)
        (drop / "dm.csv").write_text("S-9")
        return made

    here.stages.ingest = change
    with pytest.raises(DropChangedError, match="A: the drop changed while it was being read"):
        run_stage(here, "A", "ingest", "r1")
    assert here.store.staging("A") is None


def test_a_drop_without_study_yaml_is_refused(here):
    (here.inbox / "A").mkdir()
    with pytest.raises(StudyError, match="crsight new-study"):
        run_stage(here, "A", "ingest", "r1")


def test_heal_tidies_what_a_crash_after_the_swap_left(published):
    published.store.stage("A", Staging("r1", 0))
    published.store.set_state(State("A", "failed", ("x",)))
    heal(published, "A")
    assert published.store.staging("A") is None
    assert published.store.state("A") == State("A", "published")


def test_heal_leaves_a_running_study_alone(published):
    published.store.stage("A", Staging("r2", 1))
    with published.store.locks.hold("A"):
        heal(published, "A")
    assert published.store.staging("A") == Staging("r2", 1)
