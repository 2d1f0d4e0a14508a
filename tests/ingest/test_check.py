from __future__ import annotations

import json

from pipeline.ingest.check import check_drop, format_check
from tests.ingest.drops import FILES, plus, write

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
