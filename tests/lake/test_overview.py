from __future__ import annotations

from pipeline.lake.manifest import COHORTS, Staging
from pipeline.lake.overview import Overview
from pipeline.lake.state import State
from tests.assets.fakes import write_drop
from tests.assets.test_over_studies import run_all_over_studies
from tests.assets.test_work import run_all


def test_published_withdrawn_refused_and_begun_studies(here):
    for study in ("A", "B", "C"):
        write_drop(here.inbox, study, f"{study}-1")
        run_all(here, study)
    run_all_over_studies(here)
    here.store.withdraw("B")
    here.store.set_state(State("X", "refused", ("name",)))
    here.store.stage("C", Staging("r", 1))
    seen = Overview.of(here.store)
    assert set(seen.manifests) == {"A", "B", "C", COHORTS}
    assert (seen.studies, set(seen.ready)) == (["A", "B", "C"], {"A", "C"})
    assert [seen.withdrawn(study) for study in ("A", "B", "X")] == [False, True, False]
    assert [seen.tidy(study) for study in ("A", "C", "X", "Y")] == [True, False, False, False]
