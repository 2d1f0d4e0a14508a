from __future__ import annotations

import re

import polars as pl

from reports.pages.index import render_index
from reports.pages.methods import render_methods
from reports.pages.quality import PER_RULE, render_quality
from reports.pages.status import render_status
from tests.reports.conftest import body_of, text_of
from tests.reports.courses import car_t, meta
from tests.reports.study_tables import tables

FRAMES = tables("TST", car_t())
QUALITY = [FRAMES[name] for name in ("ledger", "quarantine", "notes", "reconciliation")]
CLOSED = {"subject_level": False, "min_cell": 5}


class TestIndex:
    def test_a_card_per_study_with_link_share_and_bar(self):
        (page,) = render_index([meta()], FRAMES["results"], []).values()
        text = page.decode()
        assert 'href="studies/TST/index.html"' in text
        assert "83.3% of 24 treated had CRS (CAR-T)" in text_of(text)
        assert "Grade 3 or higher: 6 (25.0%)" in text_of(text)

    def test_small_counts_stay_off_the_card(self):
        (page,) = render_index([meta(publish=CLOSED)], FRAMES["results"], []).values()
        assert ">19 of 24" in text_of(page.decode()).replace("&gt;", ">")

    def test_studies_without_a_report_are_named(self):
        missing = [{"study": "BAD", "state": "failed", "why": "crs: too little memory"}]
        (page,) = render_index([], FRAMES["results"].clear(), missing).values()
        assert "BAD failed crs: too little memory" in text_of(page.decode())
        assert "No study has been published yet." in text_of(page.decode())


class TestQuality:
    def test_ledger_rules_and_rows(self):
        (page,) = render_quality([meta()], *QUALITY).values()
        text = text_of(page.decode())
        assert "AE 25 24 1 csv" in text
        assert "END_BEFORE_START" in text

    def test_values_lose_dates_and_identifiers(self):
        (page,) = render_quality([meta()], *QUALITY).values()
        text = text_of(page.decode())
        assert "[subject]: end [date] lies before the start" in text
        assert "SECRET" not in page.decode()

    def test_a_closed_study_shows_counts_but_no_rows(self):
        (page,) = render_quality([meta(publish=CLOSED)], *QUALITY).values()
        text = text_of(page.decode())
        assert "do not publish single rows" in text
        assert "AE END_BEFORE_START AEENDTC 1" in text

    def test_long_lists_are_cut_and_say_so(self):
        many = pl.concat([QUALITY[1].with_columns(ROW=pl.lit(i, pl.Int64)) for i in range(60)])
        (page,) = render_quality([meta()], QUALITY[0], many, *QUALITY[2:]).values()
        assert f"At most {PER_RULE} rows per rule are listed: 50 of 60." in text_of(page.decode())

    def test_nothing_held_back(self):
        (page,) = render_quality([meta()], *(frame.clear() for frame in QUALITY)).values()
        assert "No row was held back." in text_of(page.decode())


class TestMethods:
    facts = {  # noqa: RUF012
        "plan_version": "1.0+abc",
        "plan": {"conf": 0.95, "guards": {"curve_n": 10}},
        "defaults": {"merge_gap_h": 48.0, "reindex_on_dose": True},
        "criteria": {"ASTCT2019": pl.DataFrame({"grade": [1], "criterion": ["<fever>"]})},
        "packages": {"polars": "2.1.0"},
        "code": {"crs": "c0de"},
        "inputs": {"TST": {"dm.csv": "d1ge57"}},
    }

    def test_everything_handed_in_stands_there(self):
        (page,) = render_methods([meta()], self.facts).values()
        text = text_of(page.decode())
        for words in ("1.0+abc", "guards.curve_n 10", "polars 2.1.0", "crs c0de", "d1ge57"):
            assert words in text
        assert "&lt;fever&gt;" in page.decode()

    def test_a_changed_switch_is_marked(self):
        (page,) = render_methods([meta()], self.facts).values()
        assert "merge_gap_h 24.0 (changed)" in text_of(page.decode())
        assert "reindex_on_dose yes" in text_of(page.decode())

    def test_nothing_handed_in(self):
        (page,) = render_methods([], {}).values()
        assert "No study is on this page." in text_of(page.decode())


class TestStatus:
    def test_states_with_link_where_there_is_a_report(self):
        none = {"why": "", "last_good": ""}
        rows = [
            none | {"study": "B", "state": "refused", "since": "2026-11-24 18:00", "why": "<b>"},
            none | {"study": "A", "state": "published", "since": "2026-11-24 17:00"},
        ]
        (page,) = render_status(rows).values()
        text = body_of(page.decode())
        assert re.search(r"2026-11-24 18:00", text)
        assert "studies/A/index.html" in text
        assert "studies/B/index.html" not in text
        assert "&lt;b&gt;" in text
        assert text.index("studies/A") < text.index("refused")

    def test_no_study_yet(self):
        (page,) = render_status([]).values()
        assert "No study has been processed yet." in text_of(page.decode())
