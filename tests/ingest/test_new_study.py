from __future__ import annotations

import pytest

from pipeline.ingest.drop import ingest_drop
from pipeline.ingest.new_study import draft_study_yaml
from pipeline.study import load_study
from tests.ingest.drops import FILES, write

HEAD = "STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXDOSU,EXSTDY\n"


def _draft(tmp_path, ex: str | None = FILES["ex.csv"], **more: str):
    drop = write(tmp_path, ex=ex, **more)
    text = draft_study_yaml(drop)
    (drop / "study.yaml").write_text(text, encoding="utf-8")
    return text, load_study(drop)


def test_the_draft_loads_and_the_drop_can_be_read_with_it(tmp_path):
    text, study = _draft(tmp_path)
    assert (study.study, study.collected_scale, study.publish.min_cell) == ("S1", "unknown", 5)
    assert "#" in text
    assert ingest_drop(tmp_path / "S1", study)["sdtm_ex"].height == 2


@pytest.mark.parametrize(
    ("extrt", "cohort"),
    [
        ("TISAGENLECLEUCEL", "car_t"),
        ("Axi-cel", "car_t"),
        ("teclistamab", "bispecific"),
        ("PSEUDO BISPECIFIC", "bispecific"),
        ("DRUG X", "car_t"),
    ],
)
def test_the_cohort_is_guessed_by_the_name(tmp_path, extrt, cohort):
    text, study = _draft(tmp_path, f"{HEAD}S1,EX,P1,1,{extrt},1,mg,1\n")
    assert study.cohort == cohort
    assert ("a guess" in text) == (extrt == "DRUG X")


def test_only_the_trigger_starts_clocks(tmp_path):
    rows = "S1,EX,P1,1,FLUDARABINE,30,mg/m2,-5\nS1,EX,P1,2,CILTA-CEL,1,CELLS,1\n"
    _, study = _draft(tmp_path, HEAD + rows)
    roles = {name: product.role for name, product in study.products.items()}
    assert roles == {"fludarabine": "lymphodepletion", "cilta-cel": "trigger"}


def test_rising_doses_of_a_bispecific_are_named(tmp_path):
    rows = "".join(
        f"S1,EX,P1,{n},TECLISTAMAB,{dose},mg/kg,{day}\n"
        for n, (dose, day) in enumerate(((0.06, 1), (0.3, 4), (1.5, 7), (1.5, 14)), 1)
    )
    _, study = _draft(tmp_path, HEAD + rows)
    assert [(s.name, s.dose, s.day) for s in study.schedule] == [
        ("SUD1", 0.06, 1), ("SUD2", 0.3, 4), ("FULL", 1.5, 7),
    ]  # fmt: skip


@pytest.mark.parametrize("ex", [None, "", HEAD, f'{HEAD}S1,EX,P1,1,"A: ""B"" # [c]",1,mg,1\n'])
def test_whatever_ex_holds_the_draft_is_yaml(tmp_path, ex):
    _, study = _draft(tmp_path, ex)
    assert study.products


def test_an_astct_grade_in_suppae_raises_the_question_of_the_other(tmp_path):
    text, _ = _draft(tmp_path)
    assert "of which scale is AETOXGR?" in text
