from __future__ import annotations

import json

import polars as pl

from pipeline.commands.drops import unmapped_terms
from pipeline.ingest.check import check_drop, format_check
from tests.ingest.drops import FILES, plus, write

UNMAPPED = {
    "LIST": pl.String, "RANK": pl.Int64, "TERM": pl.String, "ABOUT": pl.String,
    "SRCDOM": pl.String, "N_ROWS": pl.Int64, "N_SUBJECTS": pl.Int64, "RELEVANT": pl.String,
}  # fmt: skip
YAML = """study: S1
title: Hand-typed
cohort: car_t
data_kind: test
products: {CAR-T A: [CART]}
"""


def test_a_drop_that_would_be_taken(tmp_path):
    ae = plus("ae", "S1,AE,P9,1,CRS,CRS,1,,2024-03-09,", "S1,AE,P1,2,CRS,CRS,9,,2024-03-09,")
    check = check_drop(write(tmp_path, ae=ae, **{"study.yaml": YAML}))
    assert check.refused == []
    text = format_check(check).splitlines()
    assert text[0] == "S1: would be taken"
    assert any(line.split() == ["AE", "csv", "4", "3", "1"] for line in text)
    assert "  AE SUBJECT_NOT_IN_DM: 1 x, row 3: the subject has no accepted row in DM" in text
    assert (
        "  AE GRADE_INVALID: 1 x, row 4: AETOXGR is not a grade and was left empty; found 9" in text
    )
    machine = json.loads(check.to_json())
    assert machine["ledger"][0]["N_QUARANTINED"] == 1
    assert {rule["severity"] for rule in machine["rules"]} == {"quarantine", "note"}


def test_terms_that_no_codelist_knows(tmp_path):
    terms = [("drugs", n, f"DRUG {n}", None, "CM", 20 - n, 1, None) for n in range(1, 13)]
    terms += [("lab_units", 1, "STONES", "CRP", "LB", 9, 4, "Y")]
    made = pl.DataFrame(terms, schema=UNMAPPED, orient="row").with_columns(STUDYID=pl.lit("S1"))
    check = check_drop(write(tmp_path, **{"study.yaml": YAML}), lambda *_: made)
    text = format_check(check).splitlines()
    at = text.index("Not in a codelist, most frequent first:")
    assert text[at + 1 : at + 3] == [
        "  drugs: 12 terms, 0 likely to matter",
        "    DRUG 1: 19 rows, 1 subjects",
    ]
    assert text[-3:] == [
        "    DRUG 10: 10 rows, 1 subjects",
        "  lab_units: 1 terms, 1 likely to matter",
        "    STONES (CRP): 9 rows, 4 subjects",
    ]
    assert json.loads(check.to_json())["unmapped"][0]["TERM"] == "DRUG 1"


def test_terms_are_listed_by_the_later_stages(tmp_path):
    cm = plus("cm", "S1,CM,P1,2,NEWMAB,1,mg,2024-03-04,")
    check = check_drop(write(tmp_path, cm=cm, **{"study.yaml": YAML}), unmapped_terms)
    assert [(t["LIST"], t["TERM"], t["RELEVANT"]) for t in check.unmapped] == [
        ("drugs", "NEWMAB", "Y")
    ]


def test_a_codelist_of_the_study_that_does_not_fit_is_named(tmp_path):
    yaml = YAML + "codelists: {drugs: mine.csv}\n"
    drop = write(tmp_path, **{"study.yaml": yaml, "mine.csv": "DRUG,WAIVER\nx,much\n"})
    assert check_drop(drop).refused == [
        "study.yaml: codelists.drugs: row 1, column WAIVER: 'much' is not Int64"
    ]


def test_a_drop_that_would_be_refused(tmp_path):
    check = check_drop(write(tmp_path, ae=FILES["ae.csv"][:-20], ex=None, **{"study.yaml": YAML}))
    assert format_check(check) == (
        "S1: REFUSED, nothing would be taken\n"
        "  ae.csv: FILE_UNREADABLE, row 2 has 9 fields, the header 10\n"
        "  ex.*: DOMAIN_MISSING, EX is required"
    )


def test_a_drop_without_or_with_a_wrong_description(tmp_path):
    drop = write(tmp_path)
    assert "write one with: crsight new-study" in check_drop(drop).refused[0]
    (drop / "study.yaml").write_text(YAML + "cutoff: 2024-01-01\n", encoding="utf-8")
    assert check_drop(drop).refused[0].startswith("study.yaml: cutoff: unknown key")


def test_nothing_is_written(tmp_path):
    drop = write(tmp_path, **{"study.yaml": YAML})
    before = sorted(path.name for path in tmp_path.rglob("*"))
    check_drop(drop)
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_what_a_drop_says_cannot_act_on_the_terminal(tmp_path):
    ae = plus("ae", "S1,AE,P1,2,CRS,CRS,\x1b[2J9\u202e,,2024-03-09,")
    text = format_check(check_drop(write(tmp_path, ae=ae, **{"study.yaml": YAML})))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "found ⟨U+001B⟩[2J9⟨U+202E⟩" in text


def test_a_line_end_in_a_term_starts_no_line_of_ours(tmp_path):
    terms = [("drugs", 1, "NEWMAB\nS1: would be taken", "a\tb", "CM", 2, 1, "Y")]
    made = pl.DataFrame(terms, schema=UNMAPPED, orient="row").with_columns(STUDYID=pl.lit("S1"))
    check = check_drop(write(tmp_path, **{"study.yaml": YAML}), lambda *_: made)
    assert format_check(check).splitlines()[-1] == (
        "    NEWMAB⟨U+000A⟩S1: would be taken (a⟨U+0009⟩b): 2 rows, 1 subjects"
    )


def test_a_refusal_cannot_act_on_the_terminal(tmp_path):
    drop = write(tmp_path, **{"study.yaml": YAML + 'indication: "\\e]0;x\\a"\n"\\e[1mx": 1\n'})
    text = format_check(check_drop(drop))
    assert text.splitlines()[1].startswith("  study.yaml: ⟨U+001B⟩[1mx: unknown key")
