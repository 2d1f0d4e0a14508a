"""Simulated studies against the truth written beside them."""

from __future__ import annotations

import json
from itertools import zip_longest
from pathlib import Path

import pytest

from pipeline.crs.crs import derive_crs
from pipeline.ingest.drop import ingest_drop
from pipeline.simulate.profiles import simulate
from pipeline.study import load_study
from pipeline.subjects.subjects import derive_subjects

CLOCKS = ("ONSET_D", "ONSET_D_FIRST", "DOSESEQ", "DURATION_D", "ENDED")


def graded(drop: Path):
    study = load_study(drop)
    tables = ingest_drop(drop, study)
    tables |= derive_subjects(tables, study)
    made = derive_crs(tables, study)
    grades = made["grades"].filter(BASIS="derived").to_dicts()
    by_episode = {(g["USUBJID"], g["EPISEQ"], g["SYSTEM"]): g["GRADE"] for g in grades}
    found: dict[str, list[dict]] = {}
    for e in made["episodes"].to_dicts():
        both = {s: by_episode[e["USUBJID"], e["EPISEQ"], s] for s in ("ASTCT2019", "LEE2014")}
        found.setdefault(e["USUBJID"], []).append({k: e[k] for k in CLOCKS} | both)
    return found


def compare(inbox: Path) -> int:
    """Compare all subjects whose rows were not spoilt on purpose; the answer counts episodes."""
    n = 0
    for drop in sorted(p for p in inbox.iterdir() if p.is_dir()):
        truth = json.loads((inbox / f"{drop.name}_truth.json").read_text())["subjects"]
        found = graded(drop)
        assert set(found) <= set(truth)
        for subject, said in truth.items():
            if said["defects"]:
                continue
            for true, ours in zip_longest(said["episodes"], found.get(subject, [])):
                assert ours == {k: true[k] for k in ours}, (subject, true, ours)
                n += 1
    return n


def test_clean_every_episode_is_found_and_every_grade_equal(tmp_path):
    simulate("clean", tmp_path, seed=11)
    truths = [json.loads(p.read_text()) for p in tmp_path.glob("*_truth.json")]
    episodes = sum(len(s["episodes"]) for t in truths for s in t["subjects"].values())
    assert compare(tmp_path) == episodes > 400


@pytest.mark.parametrize("profile", ["demo", "stress"])
def test_dirt_moves_nothing_but_the_subjects_it_is_meant_to(tmp_path, profile):
    simulate(profile, tmp_path, seed=12, subjects=300)
    assert compare(tmp_path) > 60
