from __future__ import annotations

from reports.tables.switches import Change, changed, table_defaults, table_differences
from tests.reports.compared import text
from tests.reports.courses import meta

DEFAULTS = {"merge_gap_h": 24.0, "reindex_on_dose": True, "temp_site_offset": {}}
WORDS = {"merge_gap_h": "hours that join", "temp_site_offset": "added by site"}
FACTS = {
    "defaults": DEFAULTS,
    "switch_words": WORDS,
    "inputs": {"S1": {"study.yaml": "ab12cd34ef567890", "dm.csv": "00"}},
}


def _study(name, lists=None, **switches):
    return meta(name, switches={**DEFAULTS, **switches}, codelists=lists or {})


def _text(markup):
    return text(markup)


def test_a_row_for_each_difference_and_none_for_what_is_as_the_default():
    studies = [
        _study("S1", merge_gap_h=48.0, temp_site_offset={"AXILLA": 0.5}),
        _study("S2"),
        _study("S3", reindex_on_dose=False),
    ]
    said = _text(table_differences(studies, FACTS))
    assert "S1 merge_gap_h hours that join 48 24 study.yaml ab12cd34ef56" in said
    assert "S1 temp_site_offset added by site AXILLA: 0.5 none study.yaml" in said
    assert "S3 reindex_on_dose no yes study.yaml" in said
    assert "S2" not in said
    assert "1 other study uses every default." in said


def test_lists_of_a_study_s_own_are_differences_too():
    study = _study("S1", {"drugs": [{"DRUG": "x"}, {"DRUG": "y"}], "terms": []})
    assert changed(study, FACTS) == [
        Change("codelist drugs", "2 rows of its own", "crsight's list alone")
    ]
    assert "extends our list of this name" in _text(table_differences([study], FACTS))


def test_one_study_without_a_difference():
    assert _text(table_differences([_study("S1")], FACTS)) == "Every study uses every default."
    assert _text(table_differences([], FACTS)) == "No study is on this page."


def test_two_hundred_studies_have_rows_and_no_more_columns():
    studies = [_study(f"S{n}", merge_gap_h=float(n)) for n in range(1, 201)]
    made = str(table_differences(studies, FACTS))
    assert made.count("<tr>") == 200  # a header, and all but S24
    assert made.count('scope="col"') == 6
    assert "1 other study uses every default." in _text(made)


def test_every_default_stands_once_with_how_many_studies_differ():
    studies = [_study(f"S{n}", merge_gap_h=48.0) for n in range(3)]
    said = _text(table_defaults(studies, FACTS))
    assert "merge_gap_h hours that join 24 3" in said
    assert "reindex_on_dose yes none" in said


def test_without_defaults_every_value_is_told():
    said = _text(table_differences([_study("S1")], {}))
    assert "S1 merge_gap_h 24 not stated study.yaml" in said
    assert "were not handed" in _text(table_defaults([_study("S1")], {}))
