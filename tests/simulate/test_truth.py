"""The truth file against a second, plain reading of the files."""

import pytest

from pipeline.simulate.products import DEMO
from tests.simulate.plain_files import read_drop
from tests.simulate.plain_reading import read_episodes

STUDIES = [spec.study for spec in DEMO]
TRIGGER = {spec.study: spec.extrt for spec in DEMO}
NAMES = ("ONSET_D", "ONSET_D_FIRST", "DOSESEQ", "DURATION_D", "ENDED", "ASTCT2019", "LEE2014",
         "COLLECTED")  # fmt: skip


@pytest.mark.parametrize("study", STUDIES)
def test_clean_files_say_what_the_truth_says(clean, study):
    folder, truth = clean[study]
    read = read_episodes(read_drop(folder), TRIGGER[study])
    assert set(read) == set(truth["subjects"])
    for subject, entry in truth["subjects"].items():
        expected = [{name: e[name] for name in NAMES} for e in entry["episodes"]]
        assert read[subject] == expected, subject


def test_clean_truth_has_no_defect_and_nothing_unreported(clean):
    for _, truth in clean.values():
        assert truth["planted"] == []
        assert not any(s["unreported"] or s["defects"] for s in truth["subjects"].values())


def test_head_and_counts(clean):
    for study, (_, truth) in clean.items():
        assert (truth["study"], truth["profile"], truth["seed"]) == (study, "clean", 20)
        assert isinstance(truth["version"], int)
        subjects = truth["subjects"].values()
        counts = truth["counts"]
        assert counts["subjects"] == len(subjects)
        assert counts["treated"] == sum(s["treated"] for s in subjects)
        assert counts["with_crs"] == sum(bool(s["episodes"]) for s in subjects)
        assert counts["episodes"] == sum(len(s["episodes"]) for s in subjects)
        for grades in counts["worst_grade"].values():
            assert sum(grades.values()) == counts["with_crs"]


def test_grades_agree_with_the_collected_grade_but_for_those_without_fever(clean):
    for study, (_, truth) in clean.items():
        system = "LEE2014" if study == "SIMCART1" else "ASTCT2019"
        for subject in truth["subjects"].values():
            for e in subject["episodes"]:
                assert e["COLLECTED"] == e[system] or (e["ASTCT2019"] == 0 and e["COLLECTED"] == 2)
