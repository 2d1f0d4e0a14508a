from __future__ import annotations

import polars as pl
import pytest

from tests.ingest.drops import FILES, found, ingest

HEAD = "STUDYID,RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM,QLABEL,QVAL\n"


def _ae(tmp_path, *rows: str, **more: str):
    tables = ingest(tmp_path, suppae=HEAD + "".join(f"{row}\n" for row in rows), **more)
    return tables, tables["sdtm_ae"].select("USUBJID", "AESEQ", "ASTCTGR", "AESCALE").rows()


@pytest.mark.parametrize("value", ["1", "1.0", " 1 "])
def test_a_qualifier_goes_to_the_record_with_that_number(tmp_path, value):
    _, rows = _ae(tmp_path, f"S1,AE,P1,AESEQ,{value},ASTCTGR,,3")
    assert rows == [("P1", 1, 3, None), ("P2", 1, None, None)]


@pytest.mark.parametrize("qnam", ["CRSSCALE", "AESCALE", "GRSCALE"])
def test_sponsors_names_of_the_scale(tmp_path, qnam):
    _, rows = _ae(tmp_path, f"S1,AE,P2,AESEQ,1,{qnam},,LEE2014")
    assert rows == [("P1", 1, None, None), ("P2", 1, None, "LEE2014")]


def test_a_qualifier_by_group_goes_to_every_record_of_the_group(tmp_path):
    head = FILES["ae.csv"].splitlines()[0] + ",AEGRPID"
    groups = enumerate("AAB", 1)
    rows = [f"S1,AE,P1,{n},CRS,CRS,1,,2024-03-0{n + 1},,{group}" for n, group in groups]
    ae = "\n".join([head, *rows])
    _, rows = _ae(tmp_path, "S1,AE,P1,AEGRPID,A,ASTCTGR,,2", ae=ae + "\n")
    assert [grade for _, _, grade, _ in rows] == [2, 2, None]


def test_a_qualifier_without_parent_is_held_back(tmp_path):
    tables, rows = _ae(
        tmp_path,
        "S1,AE,P1,AESEQ,9,ASTCTGR,,3",  # no such record
        "S1,AE,P9,AESEQ,1,ASTCTGR,,3",  # no such subject
        "S1,AE,P1,AELNKID,1,ASTCTGR,,3",  # a key that is not handed on
        "S1,CM,P1,CMSEQ,1,ASTCTGR,,3",  # another domain's
        "S1,AE,P1,AESEQ,1,,,3",  # no name
    )
    assert found(tables, "quarantine") == [
        ("SUPPAE", 1, "SUPP_WITHOUT_PARENT", "IDVARVAL"),
        ("SUPPAE", 2, "SUBJECT_NOT_IN_DM", "USUBJID"),
        ("SUPPAE", 3, "SUPP_WITHOUT_PARENT", "IDVARVAL"),
        ("SUPPAE", 4, "DOMAIN_OTHER", "RDOMAIN"),
        ("SUPPAE", 5, "TOPIC_MISSING", "*"),
    ]
    assert [grade for _, _, grade, _ in rows] == [None, None]
    ledger = tables["ledger"].filter(pl.col("DOMAIN") == "SUPPAE")
    assert ledger.select("N_READ", "N_ACCEPTED", "N_QUARANTINED").row(0) == (5, 0, 5)


def test_a_second_value_of_one_qualifier_is_held_back(tmp_path):
    tables, rows = _ae(tmp_path, "S1,AE,P1,AESEQ,1,ASTCTGR,,3", "S1,AE,P1,AESEQ,1,ASTCTGR,,4")
    assert found(tables, "quarantine") == [("SUPPAE", 2, "SUPP_CONFLICT", "QVAL")]
    assert rows[0][2] == 3


def test_what_is_no_grade_is_left_empty(tmp_path):
    tables, rows = _ae(tmp_path, "S1,AE,P1,AESEQ,1,ASTCTGR,,6")
    assert ("SUPPAE", 1, "GRADE_INVALID", "QVAL") in found(tables, "notes")
    assert rows[0][2] is None


def test_the_record_is_never_overwritten(tmp_path):
    tables, _ = _ae(tmp_path, "S1,AE,P1,AESEQ,1,AEDECOD,,Pyrexia")
    assert tables["sdtm_ae"]["AEDECOD"][0] == "Cytokine release syndrome"
    assert ("AE", 1, "SUPP_DIFFERS", "AEDECOD") in found(tables, "notes")


def test_other_qualifiers_are_counted_and_not_handed_on(tmp_path):
    tables, _ = _ae(tmp_path, "S1,AE,P1,AESEQ,1,AETRTEM,,Y", "S1,AE,P2,AESEQ,1,AETRTEM,,Y")
    note = tables["notes"].filter(pl.col("RULE") == "QUALIFIER_NOT_USED")
    assert note["MESSAGE"].to_list() == [
        "a supplemental qualifier is no variable that is used; 2 values"
    ]


@pytest.mark.parametrize(("value", "fio2"), [("40", 0.4), ("0.4", 0.4), ("400", None), ("x", None)])
def test_inspired_oxygen_from_supppr(tmp_path, value, fio2):
    tables = ingest(tmp_path, supppr=f"{HEAD}S1,PR,P1,PRSEQ,1,FIO2,,{value}\n")
    assert tables["sdtm_pr"]["PRFIO2"].to_list() == [fio2]


def test_a_qualifier_of_dm_cannot_break_its_bounds(tmp_path):
    tables = ingest(tmp_path, suppdm=f"{HEAD}S1,DM,P1,,,AGE,,250\nS1,DM,P1,,,DTHFL,,maybe\n")
    assert tables["sdtm_dm"]["AGE"].to_list() == [60, 61]
    assert found(tables, "quarantine") == []


def test_qualifiers_without_their_parent_domain_are_held_back(tmp_path):
    tables = ingest(tmp_path, pr=None, supppr=f"{HEAD}S1,PR,P1,PRSEQ,1,FIO2,,40\n")
    assert found(tables, "quarantine") == [("SUPPPR", 1, "SUPP_WITHOUT_PARENT", "IDVARVAL")]


def test_sequence_of_files_does_not_matter(tmp_path):
    one, _ = _ae(tmp_path / "1", "S1,AE,P1,AESEQ,1,ASTCTGR,,3", "S1,AE,P2,AESEQ,1,ASTCTGR,,2")
    two, _ = _ae(
        tmp_path / "2",
        "S1,AE,P2,AESEQ,1,ASTCTGR,,2",
        "S1,AE,P1,AESEQ,1,ASTCTGR,,3",
        ae="\n".join([FILES["ae.csv"].splitlines()[0], *reversed(FILES["ae.csv"].splitlines()[1:])])
        + "\n",
    )
    assert one["sdtm_ae"].drop("ROW").equals(two["sdtm_ae"].drop("ROW"))
