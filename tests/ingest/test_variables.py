"""Variables of DM and SUPPDM that study.yaml names as covariates."""

from __future__ import annotations

import polars as pl

from pipeline.subjects.subjects import derive_subjects
from tests.ingest.drops import FILES, found, ingest, study

HEAD = "STUDYID,RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM,QLABEL,QVAL\n"
ABOUT = {"covariates": {"ecog": "DM.ECOGBL", "stage": "DM.STAGE", "race": "DM.RACE"}}


def _dm(first: str, second: str) -> str:
    head, *rows = FILES["dm.csv"].splitlines()
    lines = [f"{head},STAGE,RACE,ETHNIC", f"{rows[0]},{first}", f"{rows[1]},{second}"]
    return "\n".join(lines) + "\n"


def _about(tables, rule):
    return [(d, row, c) for d, row, r, c in found(tables, "notes") if r == rule and c != "QLABEL"]


def test_a_named_variable_comes_from_dm_or_from_suppdm(tmp_path):
    supp = f"{HEAD}S1,DM,P1,,,ECOGBL,,1\nS1,DM,P2,,,ECOGBL,,0\nS1,DM,P2,,,OTHER,,x\n"
    tables = ingest(tmp_path, about=ABOUT, dm=_dm("III,ASIAN,x", "II,WHITE,y"), suppdm=supp)
    assert tables["dm_variables"].drop("STUDYID").rows() == [
        ("P1", "ECOGBL", "1", "SUPPDM"),
        ("P1", "STAGE", "III", "DM"),
        ("P2", "ECOGBL", "0", "SUPPDM"),
        ("P2", "STAGE", "II", "DM"),
    ]
    # what is used is not said to be unused; the rest is, and goes nowhere
    assert _about(tables, "COLUMN_NOT_USED") == [("DM", 0, "ETHNIC")]
    assert _about(tables, "QUALIFIER_NOT_USED") == [("SUPPDM", 0, "OTHER")]
    assert tables["ledger"].filter(DOMAIN="SUPPDM")["N_ACCEPTED"].to_list() == [3]


def test_what_no_study_names_is_not_handed_on(tmp_path):
    tables = ingest(tmp_path, dm=_dm("III,ASIAN,x", "II,WHITE,y"))
    assert tables["dm_variables"].is_empty()
    assert _about(tables, "COLUMN_NOT_USED") == [("DM", 0, "ETHNIC"), ("DM", 0, "STAGE")]


def test_dm_comes_before_suppdm_and_fills_what_is_empty(tmp_path):
    supp = f"{HEAD}S1,DM,P1,,,STAGE,,IV\nS1,DM,P2,,,STAGE,,I\n"
    tables = ingest(tmp_path, about=ABOUT, dm=_dm("III,,", ",,"), suppdm=supp)
    stages = tables["dm_variables"].filter(NAME="STAGE").select("VALUE", "SRCDOM").rows()
    assert stages == [("III", "DM"), ("I", "SUPPDM")]
    assert _about(tables, "COVARIATE_MISSING") == [("DM", 0, "ECOGBL")]


def test_a_date_or_a_text_is_not_handed_on(tmp_path):
    texts = ["2024-02-10,,", "10FEB2024,,", "10/02/2024,,", f"{'long ' * 9},,"]
    for number, text in enumerate(texts):
        tables = ingest(tmp_path / str(number), about=ABOUT, dm=_dm(text, "II,,"))
        assert tables["dm_variables"]["VALUE"].to_list() == ["II"]
        assert _about(tables, "COVARIATE_NOT_SHOWN") == [("DM", 1, "STAGE")]
        shown = tables["notes"].filter(RULE="COVARIATE_NOT_SHOWN")["VALUE"].to_list()
        assert shown == [f"(text of {len(text.rstrip(',').strip())} characters)"]


def test_a_subject_that_is_held_back_has_none(tmp_path):
    dm = _dm("III,,", "II,,").replace("S1,DM,P2", "S9,DM,P2")
    tables = ingest(tmp_path, about=ABOUT, dm=dm)
    assert tables["dm_variables"]["USUBJID"].to_list() == ["P1"]


def test_the_covariates_of_a_study_from_its_drop(tmp_path):
    supp = f"{HEAD}S1,DM,P1,,,ECOGBL,,1\nS1,DM,P2,,,ECOGBL,,0\n"
    tables = ingest(tmp_path, about=ABOUT, dm=_dm("III,ASIAN,x", "II,WHITE,y"), suppdm=supp)
    made = derive_subjects(tables, study(**ABOUT))["covariates"]
    rows = made.filter(pl.col("COVARIATE").is_in(["ecog", "stage", "race"]))
    assert rows.select("USUBJID", "COVARIATE", "KIND", "VALUE", "LEVEL").rows() == [
        ("P1", "ecog", "number", 1.0, None),
        ("P1", "race", "category", None, "ASIAN"),
        ("P1", "stage", "category", None, "III"),
        ("P2", "ecog", "number", 0.0, None),
        ("P2", "race", "category", None, "WHITE"),
        ("P2", "stage", "category", None, "II"),
    ]
