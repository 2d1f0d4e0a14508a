"""Nights by a clock that the test moves: daemon, schedule, sensors, runs and alerts as they are.

One home and one daemon for all tests of this file, which follow each other like days.
"""

from __future__ import annotations

import datetime as dt
import json

import dagster as dg
import pytest

from pipeline.plan import STAGES
from tests.e2e.processes import crsight
from tests.e2e.shift import SETTLE_S, UI, working

pytestmark = pytest.mark.process
WHOLE = list(STAGES)


@pytest.fixture(scope="module")
def shift(sources, tmp_path_factory):
    with working(sources, tmp_path_factory.mktemp("nights")) as shift:
        yield shift


def test_a_drop_is_published_once_it_stood_still_and_a_broken_one_stops_nobody(shift):
    half = shift.drop("NIGHT", 2)
    (half / "ae.csv").rename(shift.folder / "ae.csv")
    shift.drop("FAULT", 2, title="Meets a fault")
    shift.forward(SETTLE_S * 0.7)
    shift.looked()
    assert shift.runs("NIGHT") == shift.runs("FAULT") == []  # not for long enough yet
    (shift.folder / "ae.csv").rename(half / "ae.csv")
    shift.forward(SETTLE_S * 0.7)
    shift.until(lambda: shift.state("FAULT") == "failed")
    shift.looked()
    assert shift.runs("NIGHT") == []  # it grew meanwhile
    shift.forward(SETTLE_S * 0.3)
    shift.until(lambda: shift.state("NIGHT") == "published")
    shift.until(lambda: "NIGHT" in shift.page("index.html") and "FAULT" in shift.page("index.html"))
    shift.quiet()
    assert shift.page("studies/NIGHT/index.html")
    assert shift.steps("NIGHT") == [WHOLE]
    assert shift.steps("FAULT") == [WHOLE[: WHOLE.index("subjects") + 1]]
    assert not shift.page("studies/FAULT/index.html")


def test_status_page_and_mail_say_who_failed_since_when_without_values(shift):
    status = shift.page("status.html")
    day = dt.datetime.now().astimezone().date()
    assert "FAULT" in status
    assert "failed" in status
    assert f"{day:%Y-%m-%d}" in status or f"{day - dt.timedelta(days=1):%Y-%m-%d}" in status
    shift.until(lambda: shift.box.mails and shift.hook.posts)
    (mail,) = shift.box.mails
    (run,) = shift.runs("FAULT")
    assert mail["Subject"] == "crsight: FAULT failed"
    said = mail.get_content()
    assert "stage subjects: ValueError" in said
    assert f"run: {UI}/runs/{run.run_id}" in said
    assert f"{UI}/reports/status.html" in said
    assert "38.6" not in said + json.dumps(shift.hook.posts)
    assert [post["about"] for post in shift.hook.posts] == ["FAULT"]


def test_the_same_drop_again_starts_nothing(shift):
    before = shift.steps()
    shift.drop("NIGHT", 2)
    shift.settle()
    shift.looked()
    assert shift.steps() == before


def test_a_night_tries_the_failed_study_again_and_nothing_else(shift):
    before = shift.steps()
    shift.night()
    assert shift.nights() == ["SUCCESS"]
    assert shift.steps()[len(before) :] == [WHOLE[: WHOLE.index("subjects") + 1]]
    assert len(shift.runs("FAULT")) == 2
    assert shift.box.subjects == ["crsight: FAULT failed"]  # told once


def test_a_changed_drop_and_a_mended_one_run_at_once(shift):
    shift.drop("NIGHT", 3)
    shift.drop("FAULT", 2, title="Mended")
    shift.settle()
    shift.until(lambda: shift.store.numbers("NIGHT") == [1, 2])
    shift.until(lambda: shift.state("FAULT") == "published")
    shift.quiet()
    assert shift.steps("NIGHT") == [WHOLE, WHOLE]
    assert shift.steps("FAULT")[2:] == [WHOLE]
    used = shift.store.current("_cohorts").meta["manifests"]
    assert {study: used[study]["number"] for study in used} == {"FAULT": 1, "NIGHT": 2}
    shift.until(lambda: len(shift.box.mails) == 2 and len(shift.hook.posts) == 2)
    assert shift.box.subjects[1] == "crsight: FAULT is published"


def test_a_night_in_which_nothing_changed_executes_no_step(shift):
    before = shift.steps()
    shift.night()
    assert shift.nights()[0] == "SKIPPED"
    assert shift.steps() == before


def test_a_drop_that_comes_back_to_its_older_bytes_is_run_each_time(shift):
    shift.drop("NIGHT", 2)
    shift.settle()
    shift.until(lambda: shift.store.numbers("NIGHT") == [1, 2, 3])
    shift.quiet()
    grades = [shift.store.at("NIGHT", n).tables["grades"] for n in (1, 2, 3)]
    assert grades[0] == grades[2] != grades[1]
    assert shift.steps("NIGHT") == [WHOLE] * 3
    assert shift.state("NIGHT") == "published"


def test_the_command_line_and_the_sensor_at_once_publish_a_study_once(shift):
    drop = shift.drop("BOTH", 2)
    (drop / "_SUCCESS").touch()
    done = crsight(shift.env, "run", "--study", "BOTH")
    assert done.returncode == 0, done.stdout + done.stderr
    shift.quiet()
    assert shift.store.numbers("BOTH") == [1]
    assert {run.status for run in shift.runs("BOTH")} == {dg.DagsterRunStatus.SUCCESS}
    assert "locked" not in shift.log.read_text() + done.stdout + done.stderr
    assert "BOTH" in shift.store.current("_cohorts").meta["manifests"]


def test_everything_that_was_asked_for_was_told_and_done(shift):
    """No run is left, each cohort manifest has one run, and nobody was written to again."""
    over = [steps for steps in shift.steps() if "cohorts" in steps]
    assert len(over) == len(shift.store.numbers("_cohorts"))
    assert len(shift.box.mails) == len(shift.hook.posts) == 2


def test_a_daemon_that_died_is_told_from_outside_and_so_is_its_return(shift):
    assert crsight(shift.env, "alive").returncode == 0
    shift.stop_daemon()
    shift.clock.forward(20 * 60)
    for _ in range(2):
        said = crsight(shift.env, "alive")
        assert said.returncode == 1
        assert "does not look after the studies: its last look" in said.stdout, said.stderr
    assert shift.box.subjects[2:] == ["crsight: the daemon does not look after the studies"]
    shift.start_daemon()
    shift.looked()
    shift.until(lambda: crsight(shift.env, "alive").returncode == 0)
    assert shift.box.subjects[3:] == ["crsight: the daemon runs"]
