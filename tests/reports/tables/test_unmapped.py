from __future__ import annotations

import re

import pytest

from pipeline.schemas.tables.unmapped import LISTS as KNOWN
from reports.tables.unmapped import LISTS, NONE, PER_LIST, table_unmapped
from tests.reports.courses import frame, meta

CLOSED = {"subject_level": False, "min_cell": 5}


def row(rank: int = 1, **other):
    base = {"STUDYID": "TST", "LIST": "drugs", "RANK": rank, "TERM": f"TERM{rank}", "SRCDOM": "CM",
            "N_ROWS": 100 - rank, "N_SUBJECTS": 3, "RELEVANT": None}  # fmt: skip
    return base | other


def made(*rows, metas=None):
    return str(table_unmapped(frame("unmapped", list(rows)), metas or [meta()], "unknown"))


def lines(html):
    """Cells of each row of the body."""
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", r) for r in html.split("<tr>")[2:]]


def test_every_list_of_the_contract_has_a_name():
    assert set(LISTS) == set(KNOWN)


def test_relevant_ones_first_then_by_rows():
    rows = [row(1), row(2), row(3, RELEVANT="Y"), row(4, RELEVANT="Y")]
    assert [line[3] for line in lines(made(*rows))] == ["TERM3", "TERM4", "TERM1", "TERM2"]


def test_a_unit_with_the_tests_given_in_it():
    unit = row(LIST="lab_units", TERM="ARB.U", ABOUT="CRP FERRITN", SRCDOM="LB", RELEVANT="Y")
    assert lines(made(unit)) == [
        ["TST", "test", "laboratory units", "ARB.U", "99", "3", "yes", "LB", "CRP FERRITN"]
    ]


def test_what_is_not_listed_is_counted_in_words():
    drugs = [row(n) for n in range(1, PER_LIST + 3)]
    html = made(*drugs, *[row(n, LIST="devices") for n in range(1, PER_LIST + 1)])
    assert len(lines(html)) == 2 * PER_LIST
    # Ranks 21 and 22: 79 and 78 rows.
    assert "Not listed: TST, drugs: 2 terms in 157 rows, none of them relevant." in html


def test_a_list_is_cut_per_study():
    rows = [row(n, STUDYID=s) for s in ("A", "B") for n in range(1, PER_LIST + 1)]
    html = made(*rows, metas=[meta("A"), meta("B")])
    assert len(lines(html)) == 2 * PER_LIST
    assert "Not listed" not in html


def test_relevant_terms_beyond_the_limit_are_told():
    html = made(*[row(n, RELEVANT="Y") for n in range(1, PER_LIST + 2)])
    assert "TST, drugs: 1 term in 79 rows, 1 of them relevant" in html


def test_terms_are_text():
    html = made(row(TERM="<script>x</script>", ABOUT='"><img src=x>'))
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;x&lt;/script&gt;" in html


@pytest.mark.parametrize("date", ["2024-02-03", "03FEB2024", "3/2/2024", "20240203"])
def test_no_date_reaches_the_page(date):
    html = made(row(TERM=f"GIVEN {date}", ABOUT=date))
    assert date not in html
    assert "GIVEN [date]" in html


@pytest.mark.parametrize("subjects", [4, 5, 80])
def test_small_cells_of_a_study_leave_rows_only(subjects):
    html = made(row(N_SUBJECTS=subjects), metas=[meta(publish=CLOSED)])
    assert lines(html)[0][4:6] == ["99", "withheld"]
    assert f">{subjects}<" not in html
    assert f'"{subjects}"' not in html
    assert "small counts of subjects are not published: TST." in html


def test_another_study_keeps_its_subjects():
    html = made(row(STUDYID="A"), row(STUDYID="B"), metas=[meta("A", publish=CLOSED), meta("B")])
    assert [line[5] for line in lines(html)] == ["withheld", "3"]


def test_nothing_unknown():
    assert NONE in made()
