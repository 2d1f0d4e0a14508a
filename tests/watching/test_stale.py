from __future__ import annotations

from pipeline.lake.fingerprint import drop_fingerprint
from pipeline.lake.inbox import Drop
from pipeline.lake.manifest import Staging, digest
from pipeline.lake.store import State
from pipeline.watching.stale import cohort_work, failed_before, forget_gone, unattended, work_of
from tests.assets.fakes import write_drop
from tests.assets.test_over_studies import run_all_over_studies
from tests.assets.test_work import run_all


def work(here, study="A"):
    return work_of(here, Drop(study, here.inbox / study))


def test_the_key_of_the_work_holds_drop_code_and_manifest(here):
    write_drop(here.inbox, "A")
    first = work(here)
    assert work(here).key == first.key
    run_all(here)
    published = work(here)
    assert published.key != first.key
    write_drop(here.inbox, "A", "S-8")
    assert work(here).key != published.key


def test_unattended_says_why_nothing_is_done(here):
    drop = write_drop(here.inbox, "A")
    assert unattended(here, work(here)) is None
    seen, code = digest(drop_fingerprint(drop)), digest(dict(here.code))
    here.store.set_state(State("A", "refused", ("x",), seen, code))
    assert "refused before" in unattended(here, work(here))
    here.store.set_state(State("A", "failed", ("x",), seen, code))
    assert unattended(here, work(here)) is None
    assert failed_before(here, work(here))
    run_all(here)
    assert unattended(here, work(here)) == "nothing changed"
    here.store.withdraw("A")
    assert "crsight run --study A" in unattended(here, work(here))


def test_the_cohorts_are_stale_after_a_study_and_after_a_failure(here):
    write_drop(here.inbox, "A")
    run_all(here)
    assert [run.reason for run in cohort_work(here)] == ["new"] * 3
    run_all_over_studies(here)
    assert cohort_work(here) == []
    here.store.set_state(State("A", "failed", ("x",)))
    assert cohort_work(here)[0].reason == "studies changed"


def test_refused_folders_that_left_the_inbox_are_forgotten_published_studies_never(here):
    write_drop(here.inbox, "A")
    run_all(here)
    here.store.set_state(State("A", "failed", ("x",)))
    here.store.set_state(State("my study", "refused", ("name",)))
    here.store.set_state(State("GONE", "failed", ("x",)))
    here.store.stage("GONE", Staging("r", 0))
    (here.inbox / "my study").mkdir()
    forget_gone(here)
    assert set(here.store.states()) == {"A", "my study"}
    assert here.store.staging("GONE") is None
    (here.inbox / "my study").rmdir()
    (here.inbox / "A" / "dm.csv").unlink()
    (here.inbox / "A" / "study.yaml").unlink()
    (here.inbox / "A").rmdir()
    forget_gone(here)
    assert set(here.store.states()) == {"A"}
    here.store.set_state(State("X", "failed", ("x",)))
    here.inbox.rmdir()  # a share that is not mounted
    forget_gone(here)
    assert set(here.store.states()) == {"A", "X"}
