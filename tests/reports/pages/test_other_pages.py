from __future__ import annotations

import polars as pl

from reports.pages.methods import render_methods
from reports.pages.quality import PER_RULE, render_quality
from tests.reports.conftest import text_of
from tests.reports.courses import car_t, meta
from tests.reports.study_tables import tables

FRAMES = tables("TST", car_t())
QUALITY = [FRAMES[name] for name in ("ledger", "quarantine", "notes", "reconciliation")]
CLOSED = {"subject_level": False, "min_cell": 5}


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

    def test_a_changed_switch_stands_once_beside_its_default(self):
        (page,) = render_methods([meta()], self.facts).values()
        assert "TST merge_gap_h 24 48 study.yaml" in text_of(page.decode())
        assert "reindex_on_dose yes none" in text_of(page.decode())

    def test_nothing_handed_in(self):
        (page,) = render_methods([], {}).values()
        assert "No study is on this page." in text_of(page.decode())
