from __future__ import annotations

import pytest

from tests.ingest.drops import FILES, found, ingest, plus

CRS = "Cytokine release syndrome"


def _notes(tables, rule):
    return [(domain, row) for domain, row, r, _ in found(tables, "notes") if r == rule]


@pytest.mark.parametrize(
    ("rows", "conflict"),
    [
        (["S1,FA,P1,3,CRS,TOXGR,1,2", "S1,FA,P1,4,CRS,TOXGR,2,2"], True),
        (["S1,FA,P1,3,CRS,TOXGR,2,2", "S1,FA,P1,4,CRS,TOXGR,2,2"], False),  # the same grade
        (["S1,FA,P1,3,CRS,TOXGR,1,2", "S1,FA,P1,4,ICANS,TOXGR,2,2"], False),  # another event
        (["S1,FA,P1,3,CRS,TOXGR,1,2", "S1,FA,P2,4,CRS,TOXGR,2,2"], False),  # another subject
        (["S1,FA,P1,3,CRS,TOXGR,1,", "S1,FA,P1,4,CRS,TOXGR,2,"], False),  # no day at all
    ],
)
def test_two_grades_of_one_event_on_one_day_are_both_kept(tmp_path, rows, conflict):
    tables = ingest(tmp_path, fa=plus("fa", *rows))
    assert _notes(tables, "DAY_GRADES_CONFLICT") == ([("FA", 3), ("FA", 4)] if conflict else [])
    assert tables["sdtm_fa"].height == 4


def test_two_timed_grades_of_one_day_are_no_conflict(tmp_path):
    fa = (
        "STUDYID,DOMAIN,USUBJID,FASEQ,FAOBJ,FATESTCD,FAORRES,FADTC\n"
        "S1,FA,P1,1,CRS,TOXGR,1,2024-03-03T08:00\nS1,FA,P1,2,CRS,TOXGR,2,2024-03-03T20:00\n"
    )
    assert _notes(ingest(tmp_path, fa=fa), "DAY_GRADES_CONFLICT") == []


def test_a_day_skipped_in_daily_grades_is_remarked_on(tmp_path):
    head = FILES["fa.csv"].splitlines()[0]
    rows = [f"S1,FA,P1,{day},CRS,TOXGR,0,{day}" for day in (1, 2, 3, 5, 6)]
    weekly = [f"S1,FA,P2,{day},CRS,TOXGR,0,{day}" for day in (1, 8, 15)]
    tables = ingest(tmp_path, fa="\n".join([head, *rows, *weekly]) + "\n")
    assert _notes(tables, "DAY_GRADES_GAP") == [("FA", 4)]


@pytest.mark.parametrize(
    ("start", "early"),
    [
        ("2024-03-01T09:59", True),
        ("2024-03-01T10:00", False),
        ("2024-02-29", True),
        ("2024-03-01", False),  # the day of the dose may be after it
        ("2024-02", True),
        ("2024", False),
    ],
)
def test_a_crs_before_the_first_dose_is_kept_and_remarked_on(tmp_path, start, early):
    tables = ingest(tmp_path, ae=plus("ae", f"S1,AE,P1,2,CRS,{CRS},1,,{start},"))
    assert _notes(tables, "PRE_DOSE") == ([("AE", 3)] if early else [])
    assert tables["sdtm_ae"].height == 3


def test_another_event_before_the_first_dose_is_no_matter(tmp_path):
    tables = ingest(tmp_path, ae=plus("ae", "S1,AE,P1,2,Nausea,Nausea,1,,2024-02-01,"))
    assert _notes(tables, "PRE_DOSE") == []


@pytest.mark.parametrize(
    ("cutoff", "late"), [("2024-03-05", True), ("2024-03-06", False), ("2024-03", False)]
)
def test_a_date_after_the_cutoff_is_remarked_on(tmp_path, cutoff, late):
    tables = ingest(tmp_path, about={"data_cutoff": cutoff})
    assert (("AE", 1, "AFTER_CUTOFF", "AEENDTC") in found(tables, "notes")) is late


def test_a_vital_sign_after_death_is_remarked_on(tmp_path):
    dm = FILES["dm.csv"].replace("2024-03-01T10:00,,\n", "2024-03-01T10:00,Y,2024-03-02T07:00\n")
    row = "S1,VS,P1,4,SYSBP,88,mmHg,88,mmHg,2024-03-02T09:00"  # on the day of death: no remark
    assert _notes(ingest(tmp_path, dm=dm, vs=plus("vs", row)), "AFTER_DEATH") == [
        ("AE", 1), ("CM", 1), ("PR", 1), ("VS", 1), ("VS", 2), ("VS", 3),
    ]  # fmt: skip


def test_a_row_without_date_and_day_is_kept_and_remarked_on(tmp_path):
    tables = ingest(tmp_path, ae=plus("ae", f"S1,AE,P1,2,CRS,{CRS},1,,,"))
    assert _notes(tables, "NO_TIME") == [("AE", 3)]
    assert tables["sdtm_ae"].height == 3


def test_rows_alike_but_for_their_number_are_both_kept(tmp_path):
    row = FILES["ex.csv"].splitlines()[1].replace("P1,1,", "P1,2,")
    tables = ingest(tmp_path, ex=plus("ex", row))
    assert _notes(tables, "SAME_BUT_SEQ") == [("EX", 3)]
    assert tables["sdtm_ex"].height == 3


def test_different_values_at_the_same_time_are_all_kept(tmp_path):
    rows = [
        "S1,VS,P1,4,SYSBP,120,mmHg,120,mmHg,2024-03-03T08:00",
        "S1,VS,P1,5,SYSBP,88,mmHg,88,mmHg,2024-03-03T09:00",
        "S1,VS,P1,6,SYSBP,88,mmHg,88,mmHg,2024-03-03T09:00",  # the same value: no remark
    ]
    tables = ingest(tmp_path, vs=plus("vs", *rows))
    assert _notes(tables, "SAME_TIME_DIFFERENT_VALUE") == [("VS", 3), ("VS", 4)]


def test_a_treatment_that_the_study_does_not_name_starts_no_clock(tmp_path):
    tables = ingest(tmp_path, ex=FILES["ex.csv"].replace("CART", "Cart "))
    assert _notes(tables, "UNKNOWN_PRODUCT") == []  # case and blanks do not matter
    tables = ingest(tmp_path, ex=FILES["ex.csv"].replace("CART", "OTHER"))
    assert _notes(tables, "UNKNOWN_PRODUCT") == [("EX", 1), ("EX", 2)]
    assert _notes(tables, "NO_TRIGGER_DOSE") == [("EX", 0)]


@pytest.mark.parametrize(
    ("dose", "event", "differs"),
    [
        ("2024-03-01T10:00Z", "2024-03-03T08:00Z", False),
        ("2024-03-01T10:00Z", "2024-03-03T08:00+00:00", False),  # the same offset otherwise said
        ("2024-03-01T10:00+02:00", "2024-03-03T08:00+0200", False),
        ("2024-03-01T10:00+02:00", "2024-03-03T08:00+02", False),
        ("2024-03-01T10:00+02:00", "2024-03-03T08:00Z", True),
        ("2024-03-01T10:00", "2024-03-03T08:00Z", True),  # is the dose in UTC, too?
        ("2024-03-01T10:00Z", "2024-03-03T08:00", False),  # nothing to compare
        ("2024-03-01", "2024-03-03T08:00Z", False),  # no hours are given from this dose
        ("2024-03-01T10:00-05:00", "2024-03-03", False),
    ],
)
def test_another_time_zone_than_the_dose_is_remarked_on(tmp_path, dose, event, differs):
    ex = FILES["ex.csv"].replace("2024-03-01T10:00,2024-03-01T10:30", f"{dose},")
    ae = FILES["ae.csv"].replace("2024-03-03T08:00", event)
    tables = ingest(tmp_path, ex=ex, ae=ae)
    assert _notes(tables, "TIME_ZONE_DIFFERS") == ([("AE", 1)] if differs else [])


def test_what_did_not_occur_is_kept_and_remarked_on(tmp_path):
    head = "STUDYID,DOMAIN,USUBJID,MHSEQ,MHTERM,MHOCCUR,MHSTAT\n"
    answers = ["Y,", "N,", "U,", ",NOT DONE", ","]
    rows = [f"S1,MH,P1,{n},Gout,{answer}\n" for n, answer in enumerate(answers, 1)]
    tables = ingest(tmp_path, mh=head + "".join(rows))
    assert _notes(tables, "DID_NOT_OCCUR") == [("MH", 2), ("MH", 3), ("MH", 4)]
    # what was not there has no date to be missed
    assert _notes(tables, "NO_TIME") == [("MH", 1), ("MH", 5)]
    assert tables["sdtm_mh"].height == 5
