from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from pipeline.ingest.drop import DropRefused
from pipeline.schemas.sdtm import DOMAINS, table_name
from pipeline.schemas.tables import TABLES
from tests.ingest.drops import FILES, found, ingest, plus


def _problems(tmp_path, about=None, **texts):
    with pytest.raises(DropRefused) as caught:
        ingest(tmp_path, about=about, **texts)
    return caught.value.problems


def test_all_tables_are_there_and_conform(tmp_path):
    tables = ingest(tmp_path)
    names = [*map(table_name, DOMAINS), "dm_variables", "ledger", "quarantine", "notes"]
    assert sorted(tables) == sorted(names)
    for domain, schema in DOMAINS.items():
        frame = tables[table_name(domain)]
        assert schema.is_valid(frame), domain
        assert frame.columns == schema.column_names()
    for name in ("dm_variables", "ledger", "quarantine", "notes"):
        assert TABLES[name].is_valid(tables[name])
    assert tables["sdtm_mh"].height == 0


def test_one_row_is_typed_throughout(tmp_path):
    row = ingest(tmp_path)["sdtm_ae"].row(0, named=True)
    assert (row["AETOXGR"], row["ASTCTGR"], row["AESEQ"], row["ROW"]) == (2, 1, 1, 1)
    assert row["AESTDTM"] == row["AESTDTX"] == dt.datetime(2024, 3, 3, 8)
    second = ingest(tmp_path)["sdtm_ae"].row(1, named=True)
    assert (second["AESTDTM"], second["AESTDTX"], second["AESTPRC"]) == (
        dt.datetime(2024, 3, 2), dt.datetime(2024, 3, 3), "day",
    )  # fmt: skip


def test_tables_are_in_the_order_of_their_key_and_the_same_each_time(tmp_path):
    shuffled = FILES["vs.csv"].splitlines()
    vs = "\n".join([shuffled[0], *reversed(shuffled[1:])]) + "\n"
    one, two = ingest(tmp_path / "a", vs=vs), ingest(tmp_path / "b", vs=vs)
    assert one["sdtm_vs"]["VSSEQ"].to_list() == [1, 2, 3]
    assert one["sdtm_vs"]["ROW"].to_list() == [3, 2, 1]
    assert all(one[name].equals(two[name]) for name in one)


def test_ledger_states_bytes_and_format(tmp_path):
    ledger = ingest(tmp_path)["ledger"]
    assert ledger["DOMAIN"].to_list() == ["AE", "CM", "DM", "EX", "FA", "PR", "SUPPAE", "VS"]
    assert set(ledger["FORMAT"]) == {"csv"}
    assert ledger["SHA256"].str.len_chars().unique().to_list() == [64]


@pytest.mark.parametrize("domain", ["dm", "ex"])
def test_dm_and_ex_are_required(tmp_path, domain):
    assert _problems(tmp_path, **{domain: None}) == [
        f"{domain}.*: DOMAIN_MISSING, {domain.upper()} is required"
    ]


def test_some_record_of_crs_is_required(tmp_path):
    why = ["ae.*, fa.*, ce.*: DOMAIN_MISSING, at least one of AE, FA and CE is required"]
    real = {"data_kind": "real"}
    assert _problems(tmp_path / "real", about=real, ae=None, fa=None, suppae=None) == why
    assert _problems(tmp_path / "no_vs", ae=None, fa=None, suppae=None, vs=None) == why


def test_a_test_drop_with_vital_signs_alone_is_taken_with_a_note(tmp_path):
    tables = ingest(tmp_path, ae=None, fa=None, suppae=None)
    assert ("AE", 0, "NO_CRS_RECORD", "*") in found(tables, "notes")


def test_ex_may_have_no_rows(tmp_path):
    tables = ingest(tmp_path, ex=FILES["ex.csv"].splitlines()[0] + "\n")
    assert tables["sdtm_ex"].height == 0
    assert ("EX", 0, "NO_ROWS", "*") in found(tables, "notes")


def test_all_problems_are_listed_at_once(tmp_path):
    vs = FILES["vs.csv"].replace("VSTESTCD", "VSTEST")
    ae = FILES["ae.csv"].replace("STUDYID", "STUDY")
    problems = _problems(tmp_path, vs=vs, ae=ae, cm="x,y\n1\n", ex=None, **{"fa.xpt": b""})
    assert problems == [
        "fa.csv and fa.xpt: TWO_FILES, both give FA",
        "ae.csv: COLUMN_MISSING, STUDYID is missing: no row can be used without it",
        "cm.csv: FILE_UNREADABLE, row 1 has 1 fields, the header 2",
        "vs.csv: COLUMN_MISSING, VSTESTCD is missing: no row can be used without it",
        "ex.*: DOMAIN_MISSING, EX is required",
    ]


def test_a_drop_of_another_study_has_no_subject(tmp_path):
    problems = _problems(tmp_path, dm=FILES["dm.csv"].replace("S1,", "S2,"))
    assert problems == [
        "dm.csv: NO_SUBJECT, DM has no usable row, so no row of any domain has a subject;"
        " its 2 rows break STUDYID_OTHER"
    ]


def test_files_that_are_not_used_are_remarked_on(tmp_path):
    more = {
        "sv.csv": "a\n1\n",
        "vs2.xlsx": b"PK",
        "a long name of a file.csv": "a\n",
        "proc.csv": "a\n1\n",
    }
    tables = ingest(tmp_path, **more)
    notes = [note for note in found(tables, "notes") if note[2] == "FILE_NOT_USED"]
    assert notes == [
        ("OTHER", 0, "FILE_NOT_USED", "(.csv)"),
        ("PROC", 0, "FILE_NOT_USED", "(.csv)"),  # named like a part of PR, without DOMAIN
        ("SV", 0, "FILE_NOT_USED", "(.csv)"),
        ("VS2", 0, "FILE_NOT_USED", "(.xlsx)"),
    ]


def test_a_split_data_set_is_one_domain_and_a_ledger_row_per_file(tmp_path):
    head = "STUDYID,DOMAIN,USUBJID,LBSEQ,LBTESTCD,LBSTRESN,LBDTC\n"
    tables = ingest(
        tmp_path,
        **{
            "lbch.csv": f"{head}S1,LB,P1,1,CRP,50,2024-03-03\nS1,LB,P1,2,CRP,60,2024-02-31\n",
            "lbhe.csv": f"{head}S1,LB,P1,3,HGB,8,2024-03-03\nS1,LB,P1,1,WBC,8,2024-03-03\n",
        },
    )
    assert tables["sdtm_lb"].select("LBSEQ", "LBTESTCD", "ROW").rows() == [
        (1, "CRP", 1),
        (3, "HGB", 1),
    ]
    assert found(tables, "quarantine") == [
        ("LBCH", 2, "DATE_IMPOSSIBLE", "LBDTC"),
        ("LBHE", 2, "DUPLICATE_KEY", "LBSEQ"),
    ]
    ledger = tables["ledger"].filter(pl.col("DOMAIN").str.starts_with("LB"))
    assert ledger.select("DOMAIN", "N_READ", "N_ACCEPTED", "N_QUARANTINED").rows() == [
        ("LBCH", 2, 1, 1), ("LBHE", 2, 1, 1),
    ]  # fmt: skip


def test_relations_are_kept_with_and_without_a_subject(tmp_path):
    relrec = (
        "STUDYID,RDOMAIN,USUBJID,IDVAR,IDVARVAL,RELTYPE,RELID\n"
        "S1,AE,P1,AESEQ,1,,R1\nS1,CM,P1,CMSEQ,1,,R1\nS1,AE,,AELNKID,,ONE,R2\nS1,AE,P9,AESEQ,1,,R3\n"
    )
    tables = ingest(tmp_path, relrec=relrec)
    assert tables["sdtm_relrec"]["RELID"].to_list() == ["R2", "R1", "R1"]
    assert found(tables, "quarantine") == [("RELREC", 4, "SUBJECT_NOT_IN_DM", "USUBJID")]


def test_lower_case_names_and_numbers_written_as_floats(tmp_path):
    ae = plus("ae").replace("P1,1,", "P1,1.0,").replace(",2,REC", ",2.0,REC")
    header, rest = ae.split("\n", 1)
    plain, odd = ingest(tmp_path / "a"), ingest(tmp_path / "b", ae=f"{header.lower()}\n{rest}")
    assert plain["sdtm_ae"].equals(odd["sdtm_ae"])
