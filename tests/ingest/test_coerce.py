from __future__ import annotations

import polars as pl
import pytest

from pipeline.ingest.coerce import coerce
from pipeline.ingest.remarks import gather
from pipeline.schemas.sdtm import DOMAINS
from tests.ingest.drops import FILES, found, ingest, plus


def _cell(column: str, value: object, domain: str = "AE"):
    frame, remarks = coerce(domain, pl.DataFrame({column: [value]}), DOMAINS[domain])
    return frame[column][0], gather(remarks, "note")["RULE"].to_list()


@pytest.mark.parametrize(
    ("value", "grade", "rules"),
    [
        ("1", 1, []),
        ("5", 5, []),
        ("3.0", 3, []),
        (3.0, 3, []),  # a number in the file
        (3, 3, []),
        ("Grade 3", 3, []),
        ("G3", 3, []),
        ("0", None, ["GRADE_INVALID"]),  # no event has grade 0
        ("6", None, ["GRADE_INVALID"]),
        ("2-3", None, ["GRADE_INVALID"]),
        ("SEVERE", None, ["GRADE_INVALID"]),
        (None, None, []),
        ("NA", None, []),
    ],
)
def test_a_grade_is_1_to_5_or_null_with_a_note(value, grade, rules):
    assert _cell("AETOXGR", value) == (grade, rules)


def test_a_daily_grade_in_ce_may_be_0():
    assert _cell("CETOXGR", "0", "CE") == (0, [])


@pytest.mark.parametrize(
    ("value", "number", "rules"),
    [
        ("1.5", 1.5, []),
        (" 2", 2.0, []),
        ("1e3", 1000.0, []),
        (".", None, []),  # SAS's missing number
        ("NA", None, []),  # R's
        ("<0.2", None, ["NOT_A_NUMBER"]),
        ("1,5", None, ["NOT_A_NUMBER"]),  # 1.5 or 15: nothing says
        ("inf", None, ["NOT_A_NUMBER"]),
        ("nan", None, ["NOT_A_NUMBER"]),
    ],
)
def test_a_number_is_finite_or_null_with_a_note(value, number, rules):
    value = value.strip() if isinstance(value, str) else value
    assert _cell("EXDOSE", value, "EX") == (number, rules)


@pytest.mark.parametrize(
    ("value", "day", "rules"),
    [
        ("3", 3, []),
        ("-2", -2, []),
        (3.0, 3, []),
        ("0", None, ["STUDY_DAY_ZERO"]),
        ("1.5", None, ["NOT_A_NUMBER"]),
    ],
)
def test_a_study_day_is_whole_and_never_0(value, day, rules):
    assert _cell("AESTDY", value) == (day, rules)


def test_a_number_in_a_text_column_reads_as_a_file_of_text_would_have_it():
    assert _cell("VSORRES", 89.0, "VS")[0] == "89"
    assert _cell("VSORRES", 36.6, "VS")[0] == "36.6"


def test_codes_are_in_capitals_and_terms_stay_as_they_came():
    frame, _ = coerce(
        "AE", pl.DataFrame({"AEOUT": ["Fatal"], "AEDECOD": ["Pyrexia"]}), DOMAINS["AE"]
    )
    assert frame.select("AEOUT", "AEDECOD").row(0) == ("FATAL", "Pyrexia")


def test_a_missing_sequence_number_is_made_with_a_note(tmp_path):
    without = "\n".join(
        ",".join(cell for i, cell in enumerate(line.split(",")) if i != 3)
        for line in FILES["cm.csv"].splitlines()
    )
    tables = ingest(tmp_path, cm=without + "\n", ae=plus("ae", "S1,AE,P1,,Rash,,1,,2024-03-09,"))
    assert tables["sdtm_cm"]["CMSEQ"].to_list() == [1]
    assert ("CM", 0, "COLUMN_ADDED", "CMSEQ") in found(tables, "notes")
    # the gap in AE is numbered after the largest number there is
    assert tables["sdtm_ae"].filter(pl.col("AETERM") == "Rash")["AESEQ"].to_list() == [4]
    assert ("AE", 3, "SEQ_ADDED", "AESEQ") in found(tables, "notes")
