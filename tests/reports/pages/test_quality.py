"""The sections of the quality page on unknown terms and on what changed."""

from __future__ import annotations

from reports.pages.quality import render_quality
from tests.reports.asked import queries_of
from tests.reports.conftest import text_of
from tests.reports.courses import car_t, frame, meta
from tests.reports.study_tables import tables

FRAMES = tables("TST", car_t())
QUALITY = [FRAMES[name] for name in ("ledger", "quarantine", "notes", "reconciliation")]
TERM = {"STUDYID": "TST", "LIST": "drugs", "RANK": 1, "TERM": "NEWMAB", "SRCDOM": "CM",
        "N_ROWS": 3, "N_SUBJECTS": 2, "RELEVANT": "Y"}  # fmt: skip
CHANGE = {"STUDYID": "TST", "DOMAIN": "AE", "RULE": "END_BEFORE_START", "COLUMN": "AEENDTC",
          "SEVERITY": "quarantine", "N_BEFORE": 2, "N_NOW": 1, "N_FIXED": 1, "N_NEW": 0,
          "N_OPEN": 1}  # fmt: skip


def page(**later):
    (made,) = render_quality([meta()], *QUALITY, **later).values()
    return made.decode()


def test_both_tables_stand_on_the_page():
    text = text_of(page(unmapped=frame("unmapped", [TERM]), changes=frame("changes", [CHANGE])))
    assert "TST test drugs NEWMAB 3 2 yes CM" in text
    assert "TST test AE quarantined END_BEFORE_START AEENDTC 2 1 0 1 1" in text


def test_both_have_a_place_in_the_contents():
    html = page()
    for section in ("changes", "unmapped", "queries"):
        assert f'href="#{section}"' in html
        assert f'id="{section}"' in html


def test_a_first_drop_with_every_term_known():
    text = text_of(page(unmapped=frame("unmapped", []), changes=frame("changes", [])))
    assert "First drop on record, nothing to compare with yet: TST." in text
    assert "Every term and unit is known." in text


def test_tables_that_were_not_made_count_as_empty():
    assert page() == page(unmapped=frame("unmapped", []), changes=frame("changes", []))


def test_queries_are_ranked_and_counted():
    subjects = FRAMES["adsl"].select("STUDYID", "USUBJID", "SUBJIDX")
    queries = queries_of("TST", FRAMES)
    text = text_of(page(queries=queries, subjects=subjects, results=FRAMES["results"]))
    assert "Open queries 3 ranked below" in text
    assert "1 TST #3 , episode 1 [subject] has no grade 4.2" in text


def test_queries_without_results_withhold_every_number():
    """What says which number may be printed is missing, so none is."""
    subjects = FRAMES["adsl"].select("STUDYID", "USUBJID", "SUBJIDX")
    empty = FRAMES["results"].clear()
    html = page(queries=queries_of("TST", FRAMES), subjects=subjects, results=empty)
    assert "25.0%" not in html


def test_columns_that_nothing_reads_are_folded_away_and_no_remark_on_a_row():
    place = {"STUDYID": "TST", "DOMAIN": "AE", "ROW": 2}
    notes = frame("notes", [
        place | {"RULE": "GRADE_INVALID", "COLUMN": "AETOXGR", "MESSAGE": "AETOXGR is no grade"},
        place | {"RULE": "COLUMN_NOT_USED", "COLUMN": "AEHLT", "MESSAGE": "AEHLT is not used"},
    ])  # fmt: skip
    (made,) = render_quality([meta()], *QUALITY[:2], notes, QUALITY[3]).values()
    text = text_of(made.decode())
    assert "Remarks on accepted rows 1 " in text
    assert "<details><summary>1 column or file not used</summary>" in made.decode()
    assert "column or file not used" not in page()
