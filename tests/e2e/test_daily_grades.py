"""NULISA charts each day: its AE rows and its FA rows must tell the same."""

from __future__ import annotations

import pytest

from pipeline.crs.crs import derive_crs
from pipeline.ingest.drop import ingest_drop
from pipeline.study import load_study
from pipeline.subjects.subjects import derive_subjects
from tests.e2e.cli import NO_SHARED, SHARED

DROP = SHARED / "drops" / "NULISA"
pytestmark = pytest.mark.skipif(not DROP.is_dir(), reason=NO_SHARED)


@pytest.fixture(scope="module")
def charted():
    study = load_study(DROP)
    tables = ingest_drop(DROP, study)
    return tables | derive_subjects(tables, study), study


def test_daily_grades_are_the_same_from_ae_and_from_fa(charted):
    tables, study = charted
    from_ae = derive_crs(tables, study)
    from_fa = derive_crs(tables | {"sdtm_ae": tables["sdtm_ae"].clear()}, study)
    told = ("ASTDY", "AENDY", "ONSET_D", "DURATION_D", "ENDED", "END_REASON")
    episodes = [m["episodes"].select("USUBJID", "EPISEQ", *told) for m in (from_ae, from_fa)]
    assert episodes[0].equals(episodes[1])
    days = [m["grade_days"].filter(BASIS="collected") for m in (from_ae, from_fa)]
    assert days[0].equals(days[1])


# A gap of one free day joins under 48 h, of two under 72 h: fewer, longer episodes, same subjects.
@pytest.mark.parametrize(("hours", "n"), [(24, 86), (48, 72), (72, 67)])
def test_episodes_by_merge_gap(charted, hours, n):
    tables, study = charted
    switches = study.switches.model_copy(update={"merge_gap_h": hours})
    episodes = derive_crs(tables, study.model_copy(update={"switches": switches}))["episodes"]
    assert (episodes.height, episodes["USUBJID"].n_unique()) == (n, 61)
