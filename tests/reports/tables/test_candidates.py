from __future__ import annotations

from reports.tables.candidates import table_candidates
from tests.reports.courses import car_t, frame, usubjid
from tests.reports.study_tables import tables

ADSL = tables("S", car_t(6))["adsl"]
ROW = {
    "STUDYID": "S", "USUBJID": usubjid("S", 6), "CANDSEQ": 1, "SYSTEM": "ASTCT2019", "ASTDY": 3,
    "AENDY": 4, "DOSESEQ": 1, "ONSET_D": 2, "GRADE": 1, "ACCOUNT": "fever 38.6 C on 2024-02-03",
}  # fmt: skip


def test_a_candidate_is_listed_by_running_number_and_without_date():
    made = table_candidates(frame("candidates", [ROW]), ADSL, "ASTCT2019", "t")
    assert 'href="subjects.html#6"' in made
    assert "fever 38.6 C on [date]" in made
    assert "SECRET" not in made


def test_another_system_has_none():
    made = table_candidates(frame("candidates", [ROW]), ADSL, "LEE2014", "t")
    assert "No signs of CRS were found outside" in made
