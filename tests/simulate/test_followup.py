from dataclasses import replace

import polars as pl
import pytest

from pipeline.simulate.followup import CRS_DEATH
from pipeline.simulate.products import CART
from pipeline.simulate.profiles import studies_of
from pipeline.simulate.tables import draw_study

COMPETING = ("DEATH", "PROGRESSIVE DISEASE", "ADVERSE EVENT", "PHYSICIAN DECISION")


def test_nothing_happens_after_the_end_of_follow_up(drawn):
    for study in drawn:
        stop = pl.Series(study.follow_up.end)
        assert (study.doses["TIME"] < stop[study.doses["SUBJ"]]).all()
        assert (study.course["ONSET"] < stop[study.course["SUBJ"]]).all()


def test_an_end_that_was_not_seen_is_death_or_the_cutoff(drawn):
    for study in drawn:
        reason = study.follow_up.reason
        for row in study.course.filter(~pl.col("SEEN_END")).to_dicts():
            assert reason[row["SUBJ"]] in ("DEATH", "ONGOING")
            # Whatever makes the grade was seen.
            assert row["SIGN1"] < row["STOP"]


def test_death_by_crs_ends_the_episode_and_is_the_cause():
    spec = replace(CART[1], n=1500)
    study = draw_study(spec, 9)
    fatal = study.course.filter("FATAL")
    assert fatal.height
    assert (fatal["END"] == fatal["STOP"]).all()
    assert {study.follow_up.cause[k] for k in fatal["SUBJ"].to_list()} == {CRS_DEATH}
    other = study.course.filter("AT_DEATH")["SUBJ"].to_list()
    assert other
    assert all(study.follow_up.cause[k] != CRS_DEATH for k in other)


def test_one_stress_study_has_15_to_20_percent_early_competing_events():
    (spec,) = [s for s in studies_of("stress") if s.study == "SIMCOMP1"]
    study = draw_study(replace(spec, n=2500), 3)
    with_crs = set(study.course["SUBJ"].to_list())
    treated = study.trial.people.treated.nonzero()[0].tolist()
    early = [
        k
        for k in treated
        if k not in with_crs
        and study.follow_up.end[k] <= 28 * 1440
        and study.follow_up.reason[k] in COMPETING
    ]
    assert 0.15 <= len(early) / len(treated) <= 0.20


@pytest.mark.parametrize("study_no", [0, 1])
def test_some_crs_is_ongoing_at_the_cutoff(drawn, study_no):
    open_share = (~drawn[study_no].course["SEEN_END"]).mean()
    assert 0 < open_share < 0.12
