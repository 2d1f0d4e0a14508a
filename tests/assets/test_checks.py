from __future__ import annotations

import polars as pl
import pytest

from pipeline.assets.breaches import BREACHES
from pipeline.assets.checks import check_pages, check_tables
from pipeline.assets.rules import RULES, rules
from pipeline.plan import MADE, OUTPUTS
from pipeline.schemas.layout import LAYOUT
from tests.assets.fakes import FakeStages, empty, of, results_of


def broken(stage, made, given=None):
    verdicts = check_tables(stage, made, given or {})
    return {v.name: v.message for v in verdicts if not v.passed}


def ledger(**columns):
    row = {
        "STUDYID": ["A"], "DOMAIN": ["DM"], "N_READ": [1], "N_ACCEPTED": [1],
        "N_QUARANTINED": [0], "SHA256": ["x"], "FORMAT": ["csv"],
    }  # fmt: skip
    return of("ledger", **{**row, **columns})


def ingest(**tables):
    made = {table: empty(table) for table in OUTPUTS["ingest"]}
    made["sdtm_dm"] = of("sdtm_dm", STUDYID=["A"], USUBJID=["S"], ROW=[1])
    return {**made, "ledger": ledger(), **tables}


def results(**columns):
    made, sets = results_of("A", ["S-1", "S-2"])
    values = {name: pl.lit(value).cast(made.schema[name]) for name, value in columns.items()}
    return {"adtte": empty("adtte"), "results": made.with_columns(**values), "sets": sets}


def test_every_check_has_a_name_of_its_own_and_a_plain_sentence():
    every = [rule for stage in MADE for rule in rules(stage)]
    assert len({rule.name for rule in every}) == len(every)
    assert all(rule.says.endswith(".") and " " in rule.says for rule in every)
    assert {rule.table for rule in every} == {t for tables in MADE.values() for t in tables}


def test_every_rule_has_what_finds_its_breaches_and_the_other_way_round():
    named = [rule.name for rules_ in RULES.values() for rule in rules_]
    assert sorted(BREACHES) == sorted(named)


def test_good_tables_hold():
    assert broken("ingest", ingest()) == {}
    assert broken("stats", results()) == {}


def test_a_missing_table():
    made = ingest()
    del made["notes"]
    assert broken("ingest", made) == {"notes_schema": "notes was not made"}


def test_a_missing_column_and_a_wrong_type():
    wrong = {"notes": empty("notes").drop("RULE")}
    assert "RULE" in broken("ingest", ingest(**wrong))["notes_schema"]
    wrong = {"notes": empty("notes").with_columns(pl.col("ROW").cast(pl.Float64))}
    assert "ROW" in broken("ingest", ingest(**wrong))["notes_schema"]


def test_rows_out_of_order():
    two = pl.concat([ledger(DOMAIN=["VS"]), ledger(DOMAIN=["DM"])])
    message = broken("ingest", ingest(ledger=two))["ledger_schema"]
    assert message == "ledger is not sorted by STUDYID, DOMAIN"


def test_a_row_that_breaks_a_rule_of_its_schema():
    message = broken("ingest", ingest(ledger=ledger(N_READ=[2])))["ledger_schema"]
    assert message == "1 row breaks read_is_accepted_plus_quarantined"


def test_accepted_rows_that_are_not_handed_on():
    found = broken("ingest", ingest(ledger=ledger(N_READ=[3], N_ACCEPTED=[3])))
    assert found == {"accepted_rows_are_handed_on": "DM: 3 rows accepted, but 1 handed on"}


def test_quarantine_and_ledger_differ():
    found = broken("ingest", ingest(ledger=ledger(N_READ=[2], N_QUARANTINED=[1])))
    assert found == {"quarantine_agrees_with_ledger": "DM: ledger and quarantine differ"}


def subjects(**adsl):
    row = {
        "STUDYID": ["A"], "USUBJID": ["S"], "SUBJIDX": [1], "DYSHIFT": [0], "NDOSES": [1],
        "SAFFL": ["Y"],
    }  # fmt: skip
    doses = of(
        "doses", STUDYID=["A"], USUBJID=["S"], DOSESEQ=[1], PRODUCT=["p"], EXSTDY=[1], SRCSEQ=["1"]
    )
    made = {"adsl": of("adsl", **{**row, **adsl}), "doses": doses}
    return made | {"covariates": empty("covariates")}


@pytest.mark.parametrize(
    ("adsl", "check"),
    [
        ({}, None),
        ({"USUBJID": ["T"]}, "adsl_holds_every_subject_of_dm"),  # somebody else than in DM
        ({"SAFFL": [None]}, "doses_belong_to_treated_subjects"),  # dosed, but not in safety
    ],
)
def test_subjects(adsl, check):
    dm = of("sdtm_dm", STUDYID=["A"], USUBJID=["S"], ROW=[1])
    found = broken("subjects", subjects(**adsl), {"sdtm_dm": dm})
    assert (check in found) if check else (found == {})


@pytest.fixture
def crs(tmp_path):
    adsl = of("adsl", STUDYID=["A"], USUBJID=["S"], SUBJIDX=[1], DYSHIFT=[0], NDOSES=[1])
    adsl.write_parquet(tmp_path / "adsl.parquet")
    given = {"adsl": tmp_path / "adsl.parquet"}
    study = type("S", (), {"study": "A"})
    return FakeStages().crs(given, study), given


def test_grades_with_their_evidence_hold(crs):
    assert broken("crs", *crs) == {}


def test_a_derived_grade_without_evidence(crs):
    made, given = crs
    made["evidence"] = made["evidence"].clear()
    found = broken("crs", made, given)
    assert found == {
        "derived_grades_have_evidence": "1 derived grades of 1 or more have no deciding row"
    }


def test_grade_0_needs_no_evidence(crs):
    made, given = crs
    made["evidence"] = made["evidence"].clear()
    made["grades"] = made["grades"].with_columns(GRADE=pl.lit(0, pl.Int64))
    assert broken("crs", made, given) == {}


def test_rows_of_no_episode(crs):
    made, given = crs
    made["accounts"] = made["accounts"].with_columns(EPISEQ=pl.lit(2, pl.Int64))
    assert set(broken("crs", made, given)) == {"accounts_belong_to_episodes"}


@pytest.mark.parametrize(
    ("columns", "check"),
    [
        ({"EVENTS": 3}, "results_numerators_within_denominators"),
        ({"VALUE": 1.5}, "results_fractions_within_one"),
        ({"VALUE": 1.5, "UNIT": "days"}, None),
        ({"SET_N": "unknown"}, "results_name_their_subjects"),
        ({"SET_EVENTS": None}, "results_name_their_subjects"),
        ({"EVENTS": 0, "SET_EVENTS": None}, None),  # nobody to name
        ({"N": 5}, "results_name_their_subjects"),  # five counted, two named
    ],
)
def test_results(columns, check):
    found = broken("stats", results(**columns))
    assert (check in found) if check else (found == {})


@pytest.mark.parametrize(
    ("pages", "check"),
    [
        ({"studies/A/index.html": b"<p>https://text.is.fine"}, None),
        ({}, "study_pages_filled"),
        ({"studies/A/index.html": b""}, "study_pages_filled"),
        ({"studies/B/index.html": b"x"}, "study_pages_in_their_place"),
        ({"studies/A/index.html": b'<script defer src="https://cdn/x.js">'},
         "study_pages_self_contained"),
        ({"studies/A/index.html": b"<img alt=x src=http://x/y.png>"}, "study_pages_self_contained"),
        ({"studies/A/index.html": b'<a href="https://x">x</a>'}, None),  # asked for by the reader
    ],
)  # fmt: skip
def test_pages(pages, check):
    found = [v.name for v in check_pages("study_pages", "studies/A", pages) if not v.passed]
    assert found == ([check] if check else [])


# ---- tables that are files ----


def _vitals(*keys: tuple[str, int]) -> pl.DataFrame:
    n = len(keys)
    return of(
        "sdtm_vs", STUDYID=["A"] * n, USUBJID=[who for who, _ in keys],
        VSSEQ=[seq for _, seq in keys], ROW=[*range(1, n + 1)], VSTESTCD=["TEMP"] * n,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ([("P1", 1), ("P1", 2), ("P2", 1)], None),
        ([("P1", 1), ("P1", 2), ("P1", 2), ("P2", 1)], "2 rows break primary_key"),
        ([("P1", 1), ("P2", 1), ("P1", 2)], "sdtm_vs is not sorted by USUBJID, VSSEQ"),
        ([], None),
    ],
)
@pytest.mark.parametrize("rows", [1, 2, 100])
def test_a_file_is_judged_part_by_part_as_a_frame_is(tmp_path, monkeypatch, keys, message, rows):
    monkeypatch.setitem(LAYOUT, "row_group_size", rows)
    path = tmp_path / "vs.parquet"
    frame = _vitals(*keys)
    frame.write_parquet(path, **LAYOUT)
    book = ledger(DOMAIN=["VS"], N_READ=[len(keys)], N_ACCEPTED=[len(keys)])
    for table in (frame, path):
        found = broken("ingest", ingest(sdtm_vs=table, ledger=book))
        assert found == ({"sdtm_vs_schema": message} if message else {})


def test_a_file_of_the_wrong_shape_and_one_with_rows_missing(tmp_path):
    path = tmp_path / "vs.parquet"
    _vitals(("P1", 1)).drop("VALUE").write_parquet(path)
    assert "VALUE" in broken("ingest", ingest(sdtm_vs=path))["sdtm_vs_schema"]
    _vitals(("P1", 1)).write_parquet(path)
    book = ledger(DOMAIN=["VS"], N_READ=[2], N_ACCEPTED=[2])
    found = broken("ingest", ingest(sdtm_vs=path, ledger=book))
    assert found == {"accepted_rows_are_handed_on": "VS: 2 rows accepted, but 1 handed on"}


# ---- how many rows, and where ----


def verdict(stage, made, given=None):
    (found,) = [v for v in check_tables(stage, made, given or {}) if not v.passed]
    return found


def test_a_broken_schema_names_rows_of_the_file_and_columns():
    frame = of("sdtm_ae", STUDYID=["A"] * 3, USUBJID=["S"] * 3, AESEQ=[1, 2, 3], ROW=[7, 8, 9],
               AETERM=["x"] * 3, AETOXGR=[2, 9, 9])  # fmt: skip
    book = ledger(DOMAIN=["AE"], N_READ=[3], N_ACCEPTED=[3])
    found = verdict("ingest", ingest(sdtm_ae=frame, ledger=book))
    assert found.rows == 2
    assert found.places == (
        {"USUBJID": "S", "AESEQ": 2, "ROW": 8, "COLUMN": "AETOXGR"},
        {"USUBJID": "S", "AESEQ": 3, "ROW": 9, "COLUMN": "AETOXGR"},
    )


def test_places_of_a_rule_between_tables_are_counted_in_full_and_named_five_times(crs):
    made, given = crs
    n = 7
    made["accounts"] = of(
        "accounts", STUDYID=["A"] * n, USUBJID=["S"] * n, EPISEQ=[*range(2, n + 2)],
        SYSTEM=["ASTCT2019"] * n, BASIS=["derived"] * n, ACCOUNT=["Grade 1: fever."] * n,
    )  # fmt: skip
    found = verdict("crs", made, given)
    assert found.rows == 7
    assert len(found.places) == 5
    assert found.places[0] == {
        "USUBJID": "S", "EPISEQ": 2, "SYSTEM": "ASTCT2019", "BASIS": "derived",
    }  # fmt: skip


def test_a_held_rule_has_its_sentence_and_no_place():
    (held,) = [v for v in check_tables("ingest", ingest(), {}) if v.name == "ledger_schema"]
    assert held.message.startswith("ledger has the columns, types, key and order")
    assert (held.rows, held.places) == (0, ())
