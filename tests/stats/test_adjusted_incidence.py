import numpy as np
import pytest

from pipeline.stats.adjusted_incidence import Sample, bootstrap_incidences, draw, incidences
from pipeline.stats.propensity import (
    WEIGHTINGS,
    balancing_weights,
    fit_propensity,
    model_matrix,
)
from pipeline.stats.weighted_incidence import weighted_incidence

DAYS = (7, 14)


def sample(n=80, confounded=1.0):
    random = np.random.default_rng(11)
    x = random.normal(size=n)
    arm = (random.random(n) < 1 / (1 + np.exp(-confounded * x))).astype(int)
    time = np.ceil(random.exponential(np.where(x > 0, 6, 18)))
    code = random.choice([0, 1, 2], n, p=[0.3, 0.6, 0.1])
    return Sample(model_matrix(x[:, None]), arm, time, code, np.arange(n) % 2)


def test_the_estimate_is_that_of_the_weighted_curves():
    s = sample()
    fit = fit_propensity(s.design, s.arm)
    found = incidences(s, np.ones((1, 80), dtype=int), fit.score[None, :], DAYS)
    for weighting in WEIGHTINGS:
        weight = balancing_weights(weighting, fit.score, s.arm)
        for here, got in zip(s.sides, found[weighting][:2], strict=True):
            curve = weighted_incidence(s.time[here], s.code[here], weight[here])
            assert got[0] == pytest.approx([curve.at(d).value for d in DAYS])


def test_a_replicate_is_the_analysis_of_the_subjects_drawn():
    s = sample()
    fit = fit_propensity(s.design, s.arm)
    drawn = draw(s, 3, 5, studies=False)
    found = bootstrap_incidences(s, fit, DAYS, drawn)["ATE"]
    for i, times in enumerate(drawn):
        copied = Sample(*(np.repeat(x, times, axis=0) for x in s))
        score = fit_propensity(copied.design, copied.arm).score
        weight = balancing_weights("ATE", score, copied.arm)
        here = copied.arm == 1
        curve = weighted_incidence(copied.time[here], copied.code[here], weight[here])
        assert found.first[i] == pytest.approx([curve.at(d).value for d in DAYS])


def test_chunks_and_repetition_change_no_byte(monkeypatch):
    s = sample()
    fit = fit_propensity(s.design, s.arm)
    drawn = draw(s, 20, 5, studies=False)
    one, two = (bootstrap_incidences(s, fit, DAYS, drawn)["ATO"] for _ in range(2))
    monkeypatch.setattr("pipeline.stats.adjusted_incidence.CHUNK", 240)
    small = bootstrap_incidences(s, fit, DAYS, drawn)["ATO"]
    for a, b, c in zip(one, two, small, strict=True):
        assert a.tobytes() == b.tobytes() == c.tobytes()


def test_subjects_or_studies_are_drawn():
    s = sample()
    within = draw(s, 50, 5, studies=False)
    for study in (0, 1):
        for arm in (0, 1):
            here = (s.study == study) & (s.arm == arm)
            assert (within[:, here].sum(axis=1) == here.sum()).all()
    whole = draw(s, 50, 5, studies=True)
    assert (whole[:, (s.study == 0) & (s.arm == 1)].sum(axis=1) == 0).any()


def test_relabelling_the_arms_flips_the_difference():
    s = sample()
    other = s._replace(arm=1 - s.arm)
    once = np.ones((1, 80), dtype=int)
    found = [
        incidences(x, once, fit_propensity(x.design, x.arm).score[None, :], DAYS)["ATO"]
        for x in (s, other)
    ]
    assert found[0].first == pytest.approx(found[1].second)
    assert found[0].doubly_robust == pytest.approx(-found[1].doubly_robust)


def test_adjustment_removes_confounding():
    # arm does nothing, x hastens the event and decides the arm
    s = sample(20_000, confounded=1.2)
    score = fit_propensity(s.design, s.arm).score[None, :]
    found = incidences(s, np.ones((1, 20_000), dtype=int), score, (7,))
    crude = [
        weighted_incidence(s.time[h], s.code[h], np.ones(h.sum())).at(7).value for h in s.sides
    ]
    assert crude[0] - crude[1] > 0.08
    for weighting in WEIGHTINGS:
        assert abs((found[weighting].first - found[weighting].second)[0, 0]) < 0.03
