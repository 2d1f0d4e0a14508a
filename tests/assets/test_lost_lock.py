"""A run whose lock goes while it is at work: it publishes nothing, and the next run does."""

from __future__ import annotations

from pipeline.run import run_inbox
from pipeline.status import status
from tests.assets.fakes import write_drop


def test_a_run_that_lost_its_lock_ends_without_publishing_and_the_next_one_goes_on(here, memory):
    write_drop(here.inbox, "A")
    crs = here.stages.crs

    def robbed(tables, study):
        (here.home.lake / "locks" / "A.lock").unlink()
        return crs(tables, study)

    here.stages.crs = robbed
    (result,) = run_inbox(here).studies
    assert (result.study, result.ending) == ("A", "stale")
    assert "A: the lock was lost while the run was at work" in result.problems[0]
    assert here.store.current("A") is None
    assert here.published.names("studies") == []
    assert [(row.study, row.state) for row in status(here.store)] == [("A", "stale")]

    here.stages.crs = crs
    here.stages.calls.clear()
    assert [r.ending for r in run_inbox(here).studies] == ["published"]
    assert here.stages.calls[0] == "A crs"
