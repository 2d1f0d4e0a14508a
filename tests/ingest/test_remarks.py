from __future__ import annotations

import polars as pl
import pytest

from pipeline.ingest.remarks import file_remark, gather, masked, remark

HITS = pl.DataFrame({"_FILE": ["AE"], "ROW": [3], "USUBJID": ["P1"], "AETERM": ["Fever at home"]})


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("M", "code", "M"),
        ("severe one", "code", "(text of 10 characters)"),  # two words are free text
        ("a@b.org", "code", "(text of 7 characters)"),
        ("x" * 17, "number", "(text of 17 characters)"),
        ("<0.2", "number", "<0.2"),
        ("2024-02-31", "dtc", "9999-99-99"),  # no calendar date leaves
        ("2 March 2024", "dtc", "(text of 12 characters)"),
        ("Fever", "text", "(text of 5 characters)"),
        ("P1", "id", None),
        (None, "code", None),
    ],
)
def test_what_is_shown_of_a_value(value, kind, shown):
    frame = pl.DataFrame({"V": [value]}, schema={"V": pl.String})
    assert frame.select(masked(pl.col("V"), kind)).item() == shown


def test_a_remark_names_row_rule_and_what_was_found():
    row = remark("TOPIC_MISSING", "AETERM", HITS, pl.col("AETERM"), "text").row(0, named=True)
    assert row == {
        "DOMAIN": "AE", "ROW": 3, "USUBJID": "P1", "RULE": "TOPIC_MISSING", "COLUMN": "AETERM",
        "VALUE": "(text of 13 characters)",
        "MESSAGE": "the row does not say what it is about; found (text of 13 characters)",
    }  # fmt: skip


def test_gather_takes_one_severity_once_in_order():
    held = remark("TOPIC_MISSING", "AETERM", HITS)
    note = file_remark("NO_ROWS", "VS")
    assert gather([held, note, held], "quarantine")["RULE"].to_list() == ["TOPIC_MISSING"]
    assert gather([held, note], "note").select("DOMAIN", "ROW").row(0) == ("VS", 0)
    assert gather([], "note").height == 0
