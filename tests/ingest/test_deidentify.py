from __future__ import annotations

import polars as pl
import pytest

from pipeline.ingest.deidentify import add_identifiers, find_identifiers
from pipeline.ingest.drop import DropRefused
from tests.ingest.drops import FILES, ingest, plus


def _found(name: str, *values: str | None) -> list[tuple[str, str, int, int]]:
    frame = pl.DataFrame({name: values}, schema={name: pl.String})
    return [(i.rule, i.what, i.rows, i.first) for i in find_identifiers("dm.csv", frame)]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("SUBJINIT", "initials"),
        ("INITIALS", "initials"),
        ("PATNAME", "a person's name"),
        ("FIRST_NAME", "a person's name"),
        ("INVNAM", "a person's name"),
        ("MRN", "a medical record number"),
        ("SSN", "a social security number"),
        ("HOMEPHONE", "a telephone number"),
        ("EMAIL", "an e-mail address"),
        ("E_MAIL1", "an e-mail address"),
        ("ADDRESS1", "a postal address"),
        ("ZIP", "a postal address"),
    ],
)
def test_a_column_of_that_name_with_a_value_in_it(name, what):
    assert _found(name, None, "x", "y") == [("IDENTIFIER_COLUMN", what, 2, 2)]
    assert _found(name, None, None) == []


def test_a_qualifier_of_that_name(tmp_path):
    head = "STUDYID,RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM,QLABEL,QVAL\n"
    rows = "S1,DM,P1,,,RACEOTH,,x\nS1,DM,P1,,,subjinit,,AB\nS1,DM,P2,,,BRTHDTC,,1950\n"
    with pytest.raises(DropRefused) as caught:
        ingest(tmp_path, suppdm=head + rows + "S1,DM,P2,,,PATNAME,,\nS1,DM,P2,,,DOB,,1950-12-26\n")
    assert caught.value.problems == [
        "suppdm.csv: column QVAL of DOB, 1 rows, first row 5: IDENTIFIER_COLUMN, a birth date"
        " (a column of that name)",
        "suppdm.csv: column QVAL of SUBJINIT, 1 rows, first row 2: IDENTIFIER_COLUMN, initials"
        " (a column of that name)",
    ]


@pytest.mark.parametrize("name", ["QNAM", "VISITNAME", "AETERM", "TESTNAME", "COUNTRY", "AEENDTC"])
def test_names_that_only_look_alike(name):
    assert _found(name, "x") == []


@pytest.mark.parametrize(
    ("value", "hit"), [("1950-12-26", True), ("1950-12", True), ("1950", False), ("1950.0", False)]
)
def test_a_birth_date_is_more_than_a_year(value, hit):
    assert bool(_found("BRTHDTC", value)) is hit


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("write to jane.doe@example.org", "an e-mail address"),
        ("call (555) 123-4567", "a telephone number"),
        ("call 555-123-4567.", "a telephone number"),
        ("+49 30 1234567", "a telephone number"),
        ("Tel: 030 1234567", "a telephone number"),
        ("SSN 123-45-6789", "a social security number"),
        ("MRN 0012345", "a medical record number"),
        ("mrn: 0012345", "a medical record number"),
        ("DOB 12/03/1957", "a birth date"),
        ("seen by Mrs. Miller", "a person's name"),
    ],
)
def test_text_that_looks_like_an_identifier(text, what):
    assert [hit[:2] for hit in _found("AETERM", "Fever", text)] == [("IDENTIFIER_VALUE", what)]


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-02T08:30",
        "10^6 CELLS",
        "01-701-1015",
        "5-10-2024",
        "MS Contin 10 mg",
        "120/80 mmHg",
        "Dr. Reddy's Paracetamol",
        "HFNC 40L/60%",
        "TOCILIZUMAB 8MG/KG IV",
        "200-300 2000",
        "1,234,567",
    ],
)
def test_text_that_is_none(text):
    assert _found("CMTRT", text) == []


def test_subject_keys_are_not_read_as_numbers_of_a_person():
    assert _found("USUBJID", "123-45-6789", "555-123-4567") == []
    assert _found("USUBJID", "jane.doe@example.org") != []


def test_a_drop_with_identifiers_is_refused_with_places_and_no_values(tmp_path):
    vs = (
        FILES["vs.csv"]
        .replace("VSDTC\n", "VSDTC,VSCOMM\n")
        .replace("00\n", "00,call 555-123-4567\n")
    )
    ae = plus("ae", "S1,AE,P1,2,Fever of Mr. Miller,,1,,2024-03-03,2024-03-03")
    with pytest.raises(DropRefused) as caught:
        ingest(tmp_path, vs=vs, ae=ae)
    assert caught.value.problems == [
        "ae.csv: column AETERM, 1 rows, first row 3: IDENTIFIER_VALUE, a person's name"
        " (text like that)",
        "vs.csv: column VSCOMM, 3 rows, first row 1: IDENTIFIER_VALUE, a telephone number"
        " (text like that)",
    ]


def test_text_of_unknown_columns_never_leaves(tmp_path):
    dm = (
        FILES["dm.csv"]
        .replace("DTHDTC\n", "DTHDTC,COMMENT\n")
        .replace(",,\n", ",,,knows a secret\n")
    )
    tables = ingest(tmp_path, dm=dm)
    assert "secret" not in "".join(table.write_csv() for table in tables.values())
    note = tables["notes"].filter(
        pl.col("RULE") == "COLUMN_NOT_USED", pl.col("COLUMN") == "COMMENT"
    )
    assert note["MESSAGE"][0].endswith("2 values")


@pytest.mark.parametrize("cut", range(6))
def test_a_file_in_two_parts_is_found_as_in_one(cut):
    frame = pl.DataFrame(
        {
            "B": [None, "call 555-123-4567", "a@b.org", None, "c@d.org, tel 555-123-4567"],
            "EMAIL": [None, "x", None, "y", "z"],
            "A": ["f@g.org", None, None, None, "f@g.org"],
        }
    )
    before = find_identifiers("vs.csv", frame[:cut])
    after = find_identifiers("vs.csv", frame[cut:])
    whole = find_identifiers("vs.csv", frame)
    assert len(whole) == 4
    assert add_identifiers(before, after, cut) == whole


@pytest.mark.parametrize("cut", range(6))
def test_qualifiers_in_two_parts_are_found_as_in_one_after_the_columns(cut):
    frame = pl.DataFrame(
        {
            "QNAM": ["SUBJINIT", "PATNAME", "INITIALS", "PATNAME", "SUBJINIT"],
            "QVAL": ["AB", None, "CD", "Jane", "EF"],
            "EMAIL": [None, None, None, "x", "y"],
        }
    )
    parts = [find_identifiers("suppvs.csv", part) for part in (frame[:cut], frame[cut:])]
    whole = find_identifiers("suppvs.csv", frame)
    assert [hit.column for hit in whole] == [
        "EMAIL", "QVAL of INITIALS", "QVAL of PATNAME", "QVAL of SUBJINIT",
    ]  # fmt: skip
    assert add_identifiers(*parts, cut) == whole
