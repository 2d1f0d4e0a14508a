import polars as pl
import pytest

from pipeline.simulate.products import DEMO
from pipeline.simulate.write import file_columns
from pipeline.study import extrt_map, load_study
from tests.simulate.plain_files import read_domain


def test_study_yaml_is_taken_and_says_simulated(demo, stress):
    for folder, _ in [*demo.values(), *stress.values()]:
        study = load_study(folder)
        assert study.data_kind == "simulated"
        assert "imulated" in study.title
        assert study.publish.subject_level
        roles = {role for _, role in extrt_map(study).values()}
        expected = {"car_t": {"trigger", "lymphodepletion"}, "bispecific": {"trigger"}}
        assert roles - {"pretreatment"} == expected[study.cohort]


def test_covariates_are_there_for_an_adjusted_comparison(demo):
    for folder, _ in demo.values():
        study = load_study(folder)
        assert {"baseline CRP", "hypertension"} <= set(study.covariates)
        assert study.risk_factors == ["baseline ferritin"]
        assert study.indication
        assert study.line


def test_bispecific_studies_name_their_steps(demo):
    names = [s.name for s in load_study(demo["SIMBISP1"][0]).schedule]
    assert names == ["SUD1", "SUD2", "FULL"]
    assert [s.day for s in load_study(demo["SIMBISP1"][0]).schedule] == [1, 4, 7]
    assert load_study(demo["SIMCART1"][0]).schedule == []


def test_one_study_collects_lee_2014(demo):
    scales = {study: load_study(folder).collected_scale for study, (folder, _) in demo.items()}
    assert [s for s, scale in scales.items() if scale != "ASTCT2019"] == ["SIMCART1"]


def test_all_extrt_values_are_listed(demo):
    for folder, _ in demo.values():
        given = set(read_domain(folder, "ex")["EXTRT"].str.to_uppercase())
        assert given <= set(extrt_map(load_study(folder)))


@pytest.mark.parametrize("spec", DEMO, ids=lambda s: s.study)
def test_the_domains_are_there_in_the_format_of_the_study(demo, spec):
    folder, _ = demo[spec.study]
    suffixes = {p.suffix for p in folder.iterdir()} - {".yaml"}
    assert suffixes == {f".{spec.format}"}
    names = {p.stem for p in folder.iterdir()}
    assert {"dm", "ex", "ae", "vs", "cm", "pr", "ho", "ds", "lb", "mh"} <= names


def test_xpt_header_holds_no_time_of_writing(demo):
    folder, _ = demo["SIMBISP2"]
    head = (folder / "dm.xpt").read_bytes()[:800]
    assert head.count(b"01JAN70:00:00:00") == 4


def test_sequence_numbers_are_unique_in_a_clean_study(clean):
    for folder, _ in clean.values():
        for name in ("ae", "vs", "cm", "lb"):
            frame = read_domain(folder, name)
            assert not frame.select("USUBJID", f"{name.upper()}SEQ").is_duplicated().any()


def test_internal_columns_stay_inside():
    frame = pl.DataFrame({"STUDYID": ["S"], "DOMAIN": ["DS"], "USUBJID": ["S-1"], "DSSEQ": [1],
                          "SUBJ": [0], "DSTERM": ["DEATH"], "DSDECOD": ["DEATH"],
                          "DSCAT": ["DISPOSITION EVENT"], "DSSTDTC": ["2031-01-01"]})  # fmt: skip
    assert file_columns("DS", frame).columns == [
        "STUDYID", "DOMAIN", "USUBJID", "DSSEQ", "DSTERM", "DSDECOD", "DSCAT", "DSSTDTC",
    ]  # fmt: skip
