"""Calibration: each study of the demo, drawn large, meets the published rate that it imitates."""

from dataclasses import replace

import polars as pl
import pytest

from pipeline.simulate.doses import give_doses
from pipeline.simulate.followup import follow
from pipeline.simulate.people import Trial, draw_people
from pipeline.simulate.products import DEMO
from pipeline.simulate.truth import episode_truth, grade_course

N = 4000
# study: any grade %, grade 3+ %, onset (ONSET_D median, or hours), duration d, first episodes
TARGETS = {
    "SIMCART1": {"any": 94, "grave": 13, "onset_d": 2, "duration_d": 7},  # ZUMA-1
    "SIMCART2": {"any": 89, "grave": 11, "onset_d": 5, "duration_d": 6},  # CIBMTR, MCL
    "SIMCART3": {"any": 75, "grave": 3, "onset_d": 8, "duration_d": 5},  # FELIX
    "SIMBISP1": {"any": 72.1, "grave": 0.6, "onset_d": 2, "duration_d": 2},  # MajesTEC-1
    "SIMBISP2": {"any": 49.7, "grave": 2.5, "onset_h": 20, "duration_d": 2},  # EPCORE NHL-1
    "SIMBISP3": {"any": 63, "grave": 4, "onset_h": 13.5, "duration_d": 2},  # NP30179, 30.5 h
}
# patients with CRS after each of the first three doses, of those dosed
BY_DOSE = {
    "SIMBISP1": (42, 35, 24),
    "SIMBISP2": (5.8, 11.8, 42.8),
    "SIMBISP3": (42.8, 25.2, 26.0),
}


@pytest.fixture(scope="module", params=DEMO, ids=lambda s: s.study)
def large(request):
    spec = replace(request.param, n=N)
    trial = Trial(spec, draw_people(spec, 11, N), 11)
    doses, episodes = give_doses(trial)
    _, doses, course = follow(trial, doses, episodes)
    course = grade_course(spec, course.with_row_index("EPI"))
    return trial, doses, course, episode_truth(course)


def test_rates_onset_and_duration_are_as_published(large):
    trial, _, _, truth = large
    spec, target = trial.spec, TARGETS[trial.spec.study]
    treated = trial.people.treated.sum()
    worst = truth.group_by("SUBJ").agg(pl.col(spec.scale).max())
    assert 100 * worst.height / treated == pytest.approx(target["any"], abs=2.5)
    grave = 100 * (worst[spec.scale] >= 3).sum() / treated
    assert grave == pytest.approx(target["grave"], abs=1.5)
    if "onset_d" in target:
        assert truth["ONSET_D"].median() == target["onset_d"]
    else:
        assert truth["ONSET_H"].median() == pytest.approx(target["onset_h"], rel=0.1)
    assert truth["DURATION_D"].median() == target["duration_d"]


def test_bispecific_crs_follows_each_dose_as_published(large):
    trial, doses, _, truth = large
    for number, published in enumerate(BY_DOSE.get(trial.spec.study, ()), 1):
        dosed = (doses["DOSE"] == number).sum()
        crs = (truth["DOSESEQ"] == number).sum()
        assert 100 * crs / dosed == pytest.approx(published, abs=4)


def test_tocilizumab_rises_with_the_grade(large):
    _, _, course, _ = large
    share = course.filter("FEVER").group_by("COLLECTED").agg((pl.col("TOCI_N") > 0).mean())
    of = dict(share.iter_rows())
    assert of[1] < of[2] < of[3]
    treated = {"SIMBISP1": 36.4, "SIMBISP2": 14.0}  # of all dosed
    if (published := treated.get(large[0].spec.study)) is not None:
        got = 100 * course.filter(pl.col("TOCI_N") > 0)["SUBJ"].n_unique() / N
        assert got == pytest.approx(published, abs=5)


def test_each_study_names_the_row_it_imitates_and_what_was_chosen():
    assert all(len(spec.model) > 40 and spec.chosen for spec in DEMO)
    assert {spec.format for spec in DEMO} == {"csv", "parquet", "xpt"}
    assert 580 <= sum(spec.n for spec in DEMO) <= 620
