from __future__ import annotations

import re

from reports.tables.changes import NONE, table_changes
from tests.reports.courses import frame, meta


def row(**other):
    base = {"STUDYID": "TST", "DOMAIN": "AE", "RULE": "END_BEFORE_START", "COLUMN": "AEENDTC",
            "SEVERITY": "quarantine", "N_BEFORE": 5, "N_NOW": 4, "N_FIXED": 3, "N_NEW": 2,
            "N_OPEN": 2}  # fmt: skip
    return base | other


def made(*rows, metas=None, remarked=("TST",)):
    metas = [meta()] if metas is None else metas
    return str(table_changes(frame("changes", list(rows)), metas, remarked, "changed"))


def lines(html):
    """Text of the cells of each row of the body."""
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", r) for r in html.split("<tr>")[2:]]
    return [[re.sub(r"<[^>]+>", "", c) for c in line] for line in cells]


def test_a_rule_with_what_became_of_its_remarks():
    assert lines(made(row())) == [
        ["TST", "test", "AE", "quarantined", "END_BEFORE_START", "AEENDTC", "5", "3", "2", "2", "4"]
    ]


def test_in_the_order_of_study_domain_and_rule():
    html = made(row(DOMAIN="VS"), row(SEVERITY="note", RULE="B"), row(RULE="A"))
    assert [line[2:5] for line in lines(html)] == [
        ["AE", "quarantined", "A"], ["AE", "remark", "B"], ["VS", "quarantined", "END_BEFORE_START"]
    ]  # fmt: skip


def test_a_first_drop_is_said_in_a_sentence():
    html = made()
    assert "First drop on record, nothing to compare with yet: TST." in html
    assert "<table" not in html


def test_without_any_remark_it_is_not_called_the_first_drop():
    assert "No remark now, and none in a drop before: TST." in made(remarked=())


def test_a_first_drop_beside_a_later_one_stands_below_the_table():
    html = made(row(), metas=[meta(), meta("NEW")], remarked=("TST", "NEW"))
    assert len(lines(html)) == 1
    assert html.index("<table") < html.index("nothing to compare with yet: NEW.")


def test_texts_are_escaped():
    assert "<b>" not in made(row(RULE="<b>", COLUMN="<b>"))


def test_no_study():
    assert NONE in made(metas=[])
