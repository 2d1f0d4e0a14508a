"""A change of one input value changes the pages that depend on it and no other byte."""

from __future__ import annotations

from contextlib import contextmanager

import dagster as dg
import pytest

from pipeline import run
from pipeline.assets.place import Place
from pipeline.lake.home import Home
from pipeline.plan import STAGES
from tests.e2e.drops import tree, write_drop

pytestmark = pytest.mark.process

# The pages that name the hash of every delivered file.
HASHES = {"quality/index.html", "methods/index.html"}
TEMPERATURES = """\
{study},VS,{study}-3,11,TEMP,Temperature,36.2,C,36.2,C,2024-03-02T08:05
{study},VS,{study}-3,12,TEMP,Temperature,{between},C,{between},C,2024-03-02T08:25
{study},VS,{study}-3,13,TEMP,Temperature,{highest},C,{highest},C,2024-03-02T08:45
"""


def _write(inbox, study, *, grade=2, between="36.5", highest="36.9"):
    drop = write_drop(inbox, study, grade)
    text = TEMPERATURES.format(study=study, between=between, highest=highest)
    with (drop / "vs.csv").open("a") as file:
        file.write(text)


@pytest.fixture(scope="module")
def trees(tmp_path_factory):
    """Published files by name and hash: at first, and after each of three changes of study B."""
    root = tmp_path_factory.mktemp("changes")
    code = dict.fromkeys(STAGES, "one code")
    place = Place(home=Home(root / "home"), inbox=root / "inbox", code=code)
    for study in "ABC":
        _write(place.inbox, study)
    changes = {
        "first": {},
        "a value between the extremes of its hour": {"between": "36.6"},
        "the highest value of its hour": {"between": "36.6", "highest": "37.1"},
        "a grade": {"between": "36.6", "highest": "37.1", "grade": 3},
    }
    made = {}
    with pytest.MonkeyPatch.context() as patch, dg.DagsterInstance.ephemeral() as instance:
        patch.setattr(run, "dagster_instance", _in_memory(instance))
        for name, change in changes.items():
            _write(place.inbox, "B", **change)
            assert run.run_inbox(place).good
            # The page of run times is the one page that tells the clock.
            made[name] = tree(place.home.published, leave_out=("status.html",))
    return made


def _in_memory(instance):
    """Events on disk cost seconds per run."""

    @contextmanager
    def opened(_place):
        yield instance

    return opened


def _changed(trees, before, after):
    first, second = trees[before], trees[after]
    assert set(first) == set(second)
    return {name for name in first if first[name] != second[name]}


FIRST, BETWEEN, HIGHEST, GRADE = (
    "first", "a value between the extremes of its hour", "the highest value of its hour", "a grade",
)  # fmt: skip


def test_a_value_that_is_shown_nowhere_changes_hashes_of_its_file_only(trees):
    assert _changed(trees, FIRST, BETWEEN) == HASHES


def test_a_value_of_a_timeline_changes_the_subject_page_of_its_study_too(trees):
    assert _changed(trees, BETWEEN, HIGHEST) == {*HASHES, "studies/B/subjects.html"}


def test_a_grade_changes_its_study_and_the_pages_over_studies(trees):
    assert _changed(trees, HIGHEST, GRADE) == {
        *HASHES,
        "studies/B/subjects.html",
        "studies/B/index.html",
        "index.html",
        "cohorts/index.html",
    }


def test_other_studies_never_change(trees):
    others = [
        {name: value for name, value in tree.items() if name.startswith(("studies/A", "studies/C"))}
        for tree in trees.values()
    ]
    assert len(others[0]) == 4
    assert all(other == others[0] for other in others)
