"""Every planted defect really is in the files, at the row that the truth file names."""

import re
from functools import cache

import polars as pl
import pytest

from tests.simulate import plain_files

# Each file is asked for once per defect in it.
read_domain = cache(plain_files.read_domain)

# kind -> what is true of each named row
YEAR, MONTH, DAY = (re.compile(p) for p in (r"\d{4}", r"\d{4}-\d\d", r"\d{4}-\d\d-\d\d"))
ROW_SAYS = {
    "crs_clock_missing": lambda r: DAY.fullmatch(r["AESTDTC"]) or MONTH.fullmatch(r["AESTDTC"]),
    "crs_end_open": lambda r: r["AEENDTC"] is None and r["AEOUT"] == "UNKNOWN",
    "ae_end_open": lambda r: r["AEENDTC"] is None and r["AEOUT"] == "UNKNOWN",
    "ae_start_year": lambda r: YEAR.fullmatch(r["AESTDTC"]),
    "ae_start_month": lambda r: MONTH.fullmatch(r["AESTDTC"]),
    "crs_start_month": lambda r: MONTH.fullmatch(r["AESTDTC"]),
    "grade_disagrees": lambda r: 1 <= int(r["AETOXGR"]) <= 4,
    "grade_text": lambda r: r["AETOXGR"] == "MILD",
    "end_before_start": lambda r: r["AEENDTC"] < r["AESTDTC"],
    "date_impossible": lambda r: r["AESTDTC"].endswith("-02-30"),
    "term_capitals": lambda r: r["AEDECOD"] == "CYTOKINE RELEASE SYNDROME",
    "vitals_clock_missing": lambda r: DAY.fullmatch(r["VSDTC"]),
    "fahrenheit_as_celsius": lambda r: r["VSSTRESU"] == "C" and r["VSSTRESN"] > 90,
    "unit_missing": lambda r: r["VSORRESU"] is None and r["VSSTRESU"] is None,
    "conflicting_pair": lambda r: r["VSLOC"] in ("ARM", "RADIAL ARTERY"),
    "lab_code": lambda r: r["LBTESTCD"] in ("IL6", "IL-6", "FERR", "CREA"),
    "lab_clock_missing": lambda r: DAY.fullmatch(r["LBDTC"]),
    "treatment_clock_missing": lambda r: DAY.fullmatch(r["CMSTDTC"]),
    "treatment_month": lambda r: MONTH.fullmatch(r["CMSTDTC"]),
    "other_drug_month": lambda r: MONTH.fullmatch(r["CMSTDTC"]) and r["CMENDTC"] is None,
    "pressor_stop_row": lambda r: r["CMDOSE"] == 0,
    "mixed_units": lambda r: r["CMDOSU"] in ("mg/h", "ug/kg/min", "mcg/min"),
    "pressor_dose_missing": lambda r: r["CMDOSE"] is None or r["CMDOSE"] != r["CMDOSE"],
    "flow_missing": lambda r: r["PRDOSE"] is None or r["PRDOSE"] != r["PRDOSE"],
    "device_unnamed": lambda r: r["PRTRT"] == "O2",
    "device_missing": lambda r: r["PRTRT"] is None,
    "dose_clock_missing": lambda r: DAY.fullmatch(r["EXSTDTC"]),
    "daily_wrong_subject": lambda r: r["FASTRESN"] > 0,
}
TYPED = {"term_text": "AETERM", "drug_text": "CMTRT", "device_text": "PRTRT"}
ABSENT = {"dm_row_missing", "crs_unreported", "vitals_gap"}
OTHER = {"impossible_value", "duplicate_row", "repeated_reading", "wrong_subject"}


def _rows(folder, defect):
    frame = read_domain(folder, defect["domain"].lower())
    return frame[[row - 1 for row in defect["rows"]]].to_dicts()


@pytest.fixture(params=["demo", "stress"])
def dirty(request):
    return request.getfixturevalue(request.param)


def test_every_kind_is_known_here_and_has_its_rows_or_is_a_removal(dirty):
    for _, truth in dirty.values():
        for defect in truth["planted"]:
            kind = defect["kind"]
            assert kind in ROW_SAYS.keys() | TYPED.keys() | ABSENT | OTHER
            assert bool(defect["removed"]) == (kind in ABSENT)
            assert bool(defect["rows"]) == (kind not in ABSENT)
            assert defect["affects"] in ("nothing", "timing", "grade", "rows")
            assert defect["subjects"]


def test_each_named_row_has_its_defect(dirty):
    for folder, truth in dirty.values():
        for defect in truth["planted"]:
            says = ROW_SAYS.get(defect["kind"])
            for row in _rows(folder, defect) if says else []:
                assert says(row), (defect["kind"], row)


def test_typed_texts_stand_as_noted(dirty):
    for folder, truth in dirty.values():
        for defect in truth["planted"]:
            if column := TYPED.get(defect["kind"]):
                text = re.search(r"typed as '(.*)'", defect["note"]).group(1)
                assert {r[column] for r in _rows(folder, defect)} == {text}


def test_impossible_values_are_those_noted(dirty):
    for folder, truth in dirty.values():
        for defect in (d for d in truth["planted"] if d["kind"] == "impossible_value"):
            code, value = re.match(r"(\w+) ([\d.]+):", defect["note"]).groups()
            assert defect["rule"] == f"{code}_IMPLAUSIBLE"
            for row in _rows(folder, defect):
                assert (row["VSTESTCD"], row["VSSTRESN"]) == (code, float(value))


def test_a_repeated_row_repeats_another(dirty):
    for folder, truth in dirty.values():
        for defect in truth["planted"]:
            if defect["kind"] not in ("duplicate_row", "repeated_reading"):
                continue
            frame = read_domain(folder, defect["domain"].lower())
            if defect["kind"] == "repeated_reading":
                frame = frame.drop("VSSEQ")
            twice = frame.is_duplicated()
            assert all(twice[row - 1] for row in defect["rows"])


def test_a_wrong_subject_is_not_in_dm(dirty):
    for folder, truth in dirty.values():
        known = set(read_domain(folder, "dm")["USUBJID"])
        wrong = [d for d in truth["planted"] if d["kind"] == "wrong_subject"]
        assert wrong
        for defect in wrong:
            assert defect["rule"] == "SUBJECT_NOT_IN_DM"
            assert not {r["USUBJID"] for r in _rows(folder, defect)} & known


def test_removed_rows_are_gone(dirty):
    for folder, truth in dirty.values():
        subjects = set(read_domain(folder, "dm")["USUBJID"])
        crs = read_domain(folder, "ae").filter(
            pl.col("AEDECOD").str.to_uppercase() == "CYTOKINE RELEASE SYNDROME"
        )
        for defect in truth["planted"]:
            for subject in defect["subjects"]:
                entry = truth["subjects"][subject]
                if defect["kind"] == "dm_row_missing":
                    assert subject not in subjects
                if defect["kind"] == "crs_unreported":
                    assert entry["unreported"]
                    if not entry["episodes"]:
                        assert subject not in set(crs["USUBJID"])


def test_the_collected_grade_of_the_truth_is_the_recorded_one(demo):
    for folder, truth in demo.values():
        ae = read_domain(folder, "ae").filter(
            pl.col("AEDECOD").str.to_uppercase() == "CYTOKINE RELEASE SYNDROME"
        )
        worst = ae.group_by("USUBJID").agg(pl.col("AETOXGR").cast(pl.Int64).max())
        of = dict(worst.iter_rows())
        for subject, entry in truth["subjects"].items():
            if entry["episodes"]:
                assert of[subject] == max(e["COLLECTED"] for e in entry["episodes"])


def test_a_grade_that_disagrees_differs_from_the_one_by_the_findings(dirty):
    for study, (_, truth) in dirty.items():
        system = "LEE2014" if study == "SIMCART1" else "ASTCT2019"
        for defect in (d for d in truth["planted"] if d["kind"] == "grade_disagrees"):
            for subject in defect["subjects"]:
                episodes = truth["subjects"][subject]["episodes"]
                assert any(e["COLLECTED"] != e[system] for e in episodes)


def test_subjects_that_a_defect_may_change_are_marked(dirty):
    for _, truth in dirty.values():
        for defect in truth["planted"]:
            if defect["affects"] != "nothing":
                for subject in defect["subjects"]:
                    assert defect["kind"] in truth["subjects"][subject]["defects"]


def test_stress_has_three_to_five_times_the_defects_of_the_demo(demo, stress):
    def share(studies, kind):
        rows = sum(
            len(d["rows"]) for _, t in studies.values() for d in t["planted"] if d["kind"] == kind
        )
        return rows / sum(t["counts"]["subjects"] for _, t in studies.values())

    for kind in ("impossible_value", "vitals_clock_missing", "lab_code", "repeated_reading"):
        assert 3 <= share(stress, kind) / share(demo, kind) <= 5
