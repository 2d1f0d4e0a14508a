"""Each rule that holds a row back: what breaks it, and that the other rows go on."""

from __future__ import annotations

import polars as pl
import pytest

from tests.ingest.drops import FILES, found, ingest, plus

CRS = "Cytokine release syndrome"


@pytest.mark.parametrize(
    ("domain", "row", "rule", "column"),
    [
        ("ae", f",AE,P1,2,CRS,{CRS},1,,2024-03-09,2024-03-09", "STUDYID_MISSING", "STUDYID"),
        ("ae", f"S2,AE,P1,2,CRS,{CRS},1,,2024-03-09,2024-03-09", "STUDYID_OTHER", "STUDYID"),
        ("ae", f"S1,AE,,2,CRS,{CRS},1,,2024-03-09,2024-03-09", "USUBJID_MISSING", "USUBJID"),
        ("ae", f"S1,AE,P9,2,CRS,{CRS},1,,2024-03-09,2024-03-09", "SUBJECT_NOT_IN_DM", "USUBJID"),
        ("ae", f"S1,CM,P1,2,CRS,{CRS},1,,2024-03-09,2024-03-09", "DOMAIN_OTHER", "DOMAIN"),
        ("ae", "S1,AE,P1,2,,,1,,2024-03-09,2024-03-09", "TOPIC_MISSING", "*"),
        ("ae", f"S1,AE,P1,2,CRS,{CRS},1,,2024-02-31,", "DATE_IMPOSSIBLE", "AESTDTC"),
        ("ae", f"S1,AE,P1,2,CRS,{CRS},1,,2024-03-09,09/03/2024", "DATE_NOT_ISO", "AEENDTC"),
        ("ae", f"S1,AE,P1,2,CRS,{CRS},1,,2024-03-09,2024-03-08", "END_BEFORE_START", "AEENDTC"),
        ("ae", f"S1,AE,P1,1,CRS,{CRS},3,,2024-03-09,2024-03-10", "DUPLICATE_KEY", "AESEQ"),
        ("ex", "S1,EX,P1,2,,1,CELLS,2024-03-02,2024-03-02", "TOPIC_MISSING", "*"),
        ("vs", "S1,VS,P1,4,,38,C,38,C,2024-03-03T08:00", "TOPIC_MISSING", "*"),
        ("pr", "S1,PR,P1,2,,,,,,2024-03-03T08:00,2024-03-03T20:00", "TOPIC_MISSING", "PRTRT"),
        ("dm", "S1,DM,P1,70,YEARS,F,A,A,,,,", "DUPLICATE_KEY", "USUBJID"),
    ],
)
def test_a_row_that_cannot_be_used_is_held_back_with_its_reason(
    tmp_path, domain, row, rule, column
):
    before = FILES[f"{domain}.csv"].count("\n") - 1
    tables = ingest(tmp_path, **{domain: plus(domain, row)})
    assert found(tables, "quarantine") == [(domain.upper(), before + 1, rule, column)]
    assert tables[f"sdtm_{domain}"].height == before
    ledger = tables["ledger"].filter(pl.col("DOMAIN") == domain.upper())
    assert ledger.select("N_READ", "N_ACCEPTED", "N_QUARANTINED").row(0) == (before + 1, before, 1)


def test_a_row_may_break_several_rules_and_counts_once(tmp_path):
    tables = ingest(tmp_path, ae=plus("ae", "S2,AE,P9,2,,,1,,2024-02-31,x"))
    rules = [rule for _, _, rule, _ in found(tables, "quarantine")]
    assert rules == ["DATE_IMPOSSIBLE", "DATE_NOT_ISO", "STUDYID_OTHER", "SUBJECT_NOT_IN_DM"]
    assert tables["ledger"].filter(pl.col("DOMAIN") == "AE")["N_QUARANTINED"][0] == 1


def test_of_equal_rows_the_first_is_kept(tmp_path):
    row = FILES["ae.csv"].splitlines()[1]
    tables = ingest(tmp_path, ae=plus("ae", row, row))
    assert [r for r in found(tables, "quarantine") if r[2] == "DUPLICATE_ROW"] == [
        ("AE", 3, "DUPLICATE_ROW", "*"),
        ("AE", 4, "DUPLICATE_ROW", "*"),
    ]
    assert tables["sdtm_ae"]["ROW"].to_list() == [1, 2]


def test_a_good_row_is_kept_where_its_faulty_twin_stands_before_it(tmp_path):
    bad = f"S1,AE,P1,2,CRS,{CRS},1,,2024-02-31,"
    good = f"S1,AE,P1,2,CRS,{CRS},1,,2024-03-09,"
    tables = ingest(tmp_path, ae=plus("ae", bad, good))
    assert found(tables, "quarantine") == [("AE", 3, "DATE_IMPOSSIBLE", "AESTDTC")]
    assert tables["sdtm_ae"]["ROW"].to_list() == [1, 4, 2]


def test_rows_of_a_subject_whose_dm_row_is_held_back_are_held_back(tmp_path):
    tables = ingest(tmp_path, dm=FILES["dm.csv"].replace("S1,DM,P2", "S2,DM,P2"))
    held = {(domain, rule) for domain, _, rule, _ in found(tables, "quarantine")}
    assert held == {
        ("DM", "STUDYID_OTHER"),
        ("EX", "SUBJECT_NOT_IN_DM"),
        ("AE", "SUBJECT_NOT_IN_DM"),
    }


def test_a_date_in_dm_does_not_cost_a_subject(tmp_path):
    tables = ingest(tmp_path, dm=FILES["dm.csv"].replace("2024-03-01T10:00,,", "2024-02-31,,"))
    assert tables["sdtm_dm"].height == 2
    assert found(tables, "quarantine") == []
    assert ("DM", 1, "DATE_UNUSABLE", "RFXSTDTC") in found(tables, "notes")


def test_values_are_masked_by_the_kind_of_column(tmp_path):
    rows = [
        f"S1,AE,P1,2,CRS,{CRS},severe in the night,,2024-03-09,2024-02-31",
        f"S1,AE,P1,3,CRS,{CRS},III,,2024-03-09,in early spring",
    ]
    tables = ingest(tmp_path, ae=plus("ae", *rows))
    values = tables["quarantine"].select("ROW", "COLUMN", "VALUE").rows()
    assert values == [(3, "AEENDTC", "9999-99-99"), (4, "AEENDTC", "(text of 15 characters)")]
    graded = ingest(tmp_path, ae=plus("ae", rows[0].replace("2024-02-31", "")))["notes"]
    assert graded.filter(pl.col("ROW") == 3)["VALUE"].to_list() == ["(text of 19 characters)"]


def test_the_message_says_the_rule_and_what_was_found(tmp_path):
    tables = ingest(tmp_path, ae=plus("ae", f"S1,AE,P1,1,CRS,{CRS},3,,2024-03-09,"))
    assert tables["quarantine"]["MESSAGE"].to_list() == [
        "another row with the same key stands before it; the first is kept; found 1"
    ]
