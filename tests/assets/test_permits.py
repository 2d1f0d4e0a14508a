from __future__ import annotations

from pipeline.assets.over_studies import run_cohort_stage
from pipeline.assets.permits import permitted
from pipeline.lake.manifest import COHORTS
from pipeline.study import Publish
from tests.assets.fakes import write_drop
from tests.assets.test_work import run_all


def publishes(here, study, words):
    drop = write_drop(here.inbox, study)
    with (drop / "study.yaml").open("a") as file:
        file.write(f"publish: {words}\n")


def test_a_study_that_says_nothing_and_one_that_is_not_there_keep_subjects_back(here):
    write_drop(here.inbox, "A")
    assert permitted(here, "A") == permitted(here, "NOBODY") == Publish()


def test_what_study_yaml_says_now_counts_before_what_was_published(here):
    publishes(here, "A", "{subject_level: true, min_cell: 0}")
    run_all(here)
    assert permitted(here, "A") == Publish(subject_level=True, min_cell=0)
    publishes(here, "A", "{subject_level: false, min_cell: 9}")
    assert permitted(here, "A") == Publish(min_cell=9)


def test_a_drop_that_left_or_cannot_be_read_leaves_what_was_published(here):
    publishes(here, "A", "{subject_level: true, min_cell: 3}")
    run_all(here)
    (here.inbox / "A" / "study.yaml").unlink()
    assert permitted(here, "A") == Publish(subject_level=True, min_cell=3)


def test_over_studies_the_closest_counts(here):
    publishes(here, "A", "{subject_level: true, min_cell: 3}")
    publishes(here, "B", "{subject_level: false, min_cell: 2}")
    run_all(here, "A")
    run_all(here, "B")
    run_cohort_stage(here, "cohorts", "run")
    assert permitted(here, COHORTS) == Publish(subject_level=False, min_cell=3)
