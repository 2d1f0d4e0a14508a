import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.crs.crs import derive_crs
from pipeline.crs.readings import derive_readings, readings_sentence
from pipeline.stats.study import derive_study_stats
from tests.crs.conftest import Case, study
from tests.crs.many import febrile, tables_of

# Moved by vasopressin_alone_grade (3 to 2), spo2_only_counts (1 to 2), and by nothing.
NAMES = ("vasopressin_alone_grade", "spo2_only_counts", "plain")


def counts(readings, grade_min):
    rows = readings.filter(GRADE_MIN=grade_min).sort("READING")
    return dict(rows.select("SWITCHES", "EVENTS").iter_rows())


@pytest.fixture(scope="module")
def three():
    return derive_readings(tables_of(*NAMES), study())


def test_the_own_reading_is_the_first_and_the_only_default(three):
    own = three.filter(IS_DEFAULT="Y")
    assert own.select("READING", "GRADE_MIN", "SWITCHES", "N", "EVENTS").rows() == [
        (1, 2, "", 3, 1),
        (1, 3, "", 3, 1),
    ]
    assert own["VALUE"].to_list() == [1 / 3, 1 / 3]
    assert set(three["SYSTEM"]) == {"ASTCT2019"}


def test_each_switch_alone_and_those_that_move_a_share_together(three):
    assert counts(three, 3)["vasopressin_alone_grade=2"] == 0
    assert counts(three, 2)["spo2_only_counts=true"] == 2
    assert counts(three, 3)["hfnc_rule=device"] == 1
    together = [text for text in counts(three, 3) if "; " in text]
    assert together == ["vasopressin_alone_grade=2; spo2_only_counts=true"]
    assert (counts(three, 3)[together[0]], counts(three, 2)[together[0]]) == (0, 2)
    numbers = three.filter(GRADE_MIN=3)["READING"].sort().to_list()
    assert numbers == list(range(1, len(numbers) + 1))


def test_no_more_than_six_switches_are_combined():
    names = (
        "vasopressin_alone_grade", "pressor_set", "bolus_pressor_counts", "hfnc_rule",
        "spo2_only_counts", "bp_confirm", "masked_onset_allowed", "fever_carry_h",
    )  # fmt: skip
    made = counts(derive_readings(tables_of(*names), study()), 3)
    combined = [text.split("; ") for text in made if "; " in text]
    assert len(combined) == 2**6 - 1 - 6
    assert max(map(len, combined)) == 6
    switches = {change.split("=")[0] for changes in combined for change in changes}
    # Those that move grade >= 3 first; of those that move grade >= 2 the first two.
    assert switches == {
        "vasopressin_alone_grade", "pressor_set", "bolus_pressor_counts", "hfnc_rule",
        "masked_onset_allowed", "bp_confirm",
    }  # fmt: skip


def test_the_own_reading_is_what_the_study_set():
    own = study(switches={"vasopressin_alone_grade": 2})
    made = counts(derive_readings(tables_of(*NAMES), own), 3)
    assert (made[""], made["vasopressin_alone_grade=3"]) == (0, 1)
    assert "vasopressin_alone_grade=2" not in made


def test_the_own_share_is_the_one_in_the_statistics():
    early = Case().crs("2023-12-30T08:00", "2023-12-31T08:00").temp(38.5, "2023-12-30T08:00")
    early.pressor("NOREPINEPHRINE", 5, "2023-12-30T10:00", "2023-12-30T12:00")
    late = febrile().add("ds", DSDECOD="COMPLETED", DSCAT="DISPOSITION EVENT", DSSTDTC="2024-01-02")
    late.pressor("NOREPINEPHRINE", 5, "2024-01-03T10:00", "2024-01-03T12:00")
    own = study(primary_basis="derived")
    tables = tables_of(*NAMES, early=early, late=late)
    results = derive_study_stats(tables | derive_crs(tables, own), own)["results"]
    made = derive_readings(tables, own).filter(IS_DEFAULT="Y")
    for grade_min in (2, 3):
        want = results.filter(RESULT="grade_distribution", PRIMARY="Y", LEVEL=f">={grade_min}")
        got = made.filter(GRADE_MIN=grade_min)
        assert (
            got.select("N", "EVENTS", "VALUE").rows() == want.select("N", "EVENTS", "VALUE").rows()
        )
    assert made["N"].to_list() == [5, 5]


def test_order_of_input_rows_changes_nothing(three):
    tables = {name: frame.reverse() for name, frame in tables_of(*NAMES).items()}
    assert_frame_equal(derive_readings(tables, study()), three, check_exact=True)


def test_tables_may_be_parquet(three, tmp_path):
    paths = {}
    for name, frame in tables_of(*NAMES).items():
        paths[name] = tmp_path / f"{name}.parquet"
        frame.write_parquet(paths[name])
    assert_frame_equal(derive_readings(paths, study()), three, check_exact=True)


def without(domain):
    tables = tables_of("plain")
    return tables | {"ledger": tables["ledger"].filter(pl.col("DOMAIN") != domain)}


@pytest.mark.parametrize(
    ("tables", "changes"),
    [
        (without("PR"), {}),  # the system needs a domain that the study has not
        (tables_of("plain"), {"primary_system": "NONE"}),
        (tables_of(none=Case().temp(37.0)), {}),  # no CRS was recorded, so none was graded
    ],
)
def test_a_study_without_a_derived_grade_has_its_own_reading_and_no_share(tables, changes):
    made = derive_readings(tables, study(**changes))
    assert made.select("READING", "EVENTS", "VALUE").rows() == [(1, None, None)] * 2
    assert readings_sentence(made) == (
        "grade >= 3: not available, because no episode has a derived grade"
    )


def frame(*rows, n=200):
    """SWITCHES and EVENTS of each reading, of which the first is the study's own."""
    return pl.DataFrame([
        {
            "READING": i, "GRADE_MIN": 3, "SWITCHES": switches, "N": n, "EVENTS": events,
            "VALUE": events / n if n else None, "IS_DEFAULT": None if i else "Y",
        }
        for i, (switches, events) in enumerate(rows)
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            [("", 8), ("a=1", 6), ("b=x", 9), ("a=1; b=x", 12)],
            "4.0 %, 3.0 to 6.0 over 4 readings; a decides",
        ),
        ([("", 8), ("a=1", 7), ("b=x", 9)], "4.0 %, 3.5 to 4.5 over 3 readings; a and b decide"),
        # Two positions of one switch: the one that moves it more speaks for it.
        (
            [("", 8), ("a=1", 9), ("a=2", 5), ("b=x", 6)],
            "4.0 %, 2.5 to 4.5 over 4 readings; a decides",
        ),
        ([("", 8), ("a=1", 8)], "4.0 % over 2 readings; no switch moves it"),
        (
            [("", 8), ("a=1", 8), ("a=1; b=x", 9)],
            "4.0 %, 4.0 to 4.5 over 3 readings; no switch moves it alone",
        ),
    ],
)
def test_the_sentence(rows, sentence):
    assert readings_sentence(frame(*rows)) == f"grade >= 3: {sentence}"


def test_the_sentence_of_a_study_in_which_nobody_was_treated():
    made = frame(("", 0), n=0)
    assert readings_sentence(made) == "grade >= 3: not available, because nobody was treated"
