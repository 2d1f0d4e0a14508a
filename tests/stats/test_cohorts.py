import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.stats.cohorts import compare_cohorts
from tests.stats.by_hand import Hand, study
from tests.stats.conftest import mixed
from tests.stats.test_study import check_sets


def pooled(name, cohort, **changes):
    return study(name, cohort=cohort, **changes), mixed(name, cohort, 30).tables()


@pytest.fixture(scope="module")
def both():
    return [pooled("A1", "car_t"), pooled("A2", "car_t"), pooled("B1", "bispecific")]


@pytest.fixture(scope="module")
def made(both):
    return compare_cohorts(both)


def test_every_row_has_the_subjects_behind_it(made):
    check_sets(made["cohort_results"], made["cohort_sets"])


def test_a_cohort_pools_its_studies_and_names_them(made):
    treated = made["cohort_results"].filter(VARIABLE="treated", PRIMARY="Y").sort("COHORT")
    assert treated.select("STUDYID", "COHORT", "VALUE", "POPULATION").rows() == [
        ("ALL", "bispecific", 30, "treated subjects; studies B1"),
        ("ALL", "car_t", 60, "treated subjects; studies A1, A2"),
    ]


def test_differences_say_that_they_are_not_randomised_and_give_no_p_value(made):
    rows = made["cohort_results"].filter(RESULT="difference")
    assert rows["METHOD"].str.contains("non-randomised").all()
    assert not rows["STAT"].str.contains("(?i)^p$|p_value").any()
    primary = rows.filter(PRIMARY="Y", STATUS="ok")
    assert primary.filter(STAT="cif_difference")["TIME"].sort().to_list() == [7, 14, 28]
    assert primary.filter(STAT="rmtl_difference")["TIME"].to_list() == [28]
    assert set(primary.filter(VARIABLE="MAXGRADE")["LEVEL"]) == {">=1", ">=2", ">=3"}
    assert primary.filter(STAT="rmst_difference").height == 1
    assert (primary["LOW"] <= primary["VALUE"]).all()
    assert (primary["VALUE"] <= primary["HIGH"]).all()


def test_a_difference_is_the_first_cohort_minus_the_second(made):
    where = {"PRIMARY": "Y", "ESTIMAND": "E1", "LEVEL": "landmark", "TIME": 14.0}
    rows = made["cohort_results"].filter(**where)
    rows = rows.filter(pl.col("RESULT").is_in(["onset_cif", "difference"]))
    rows = rows.filter(pl.col("STAT") != "mean_episodes")
    value = dict(rows.select("COHORT", "VALUE").iter_rows())
    assert value["car_t - bispecific"] == pytest.approx(value["car_t"] - value["bispecific"])


def test_grades_by_product_and_crs_by_dose_are_there(made):
    rows = made["cohort_results"].filter(PRIMARY="Y")
    products = rows.filter(GROUPVAR="PRODUCT", LEVEL=">=1", COHORT="car_t")
    assert products.sort("GROUP").select("GROUP", "N").rows() == [("A", 30), ("B", 30)]
    doses = rows.filter(RESULT="by_dose", GROUPVAR="DOSESEQ", VARIABLE="CRS")
    doses = doses.filter(STAT="proportion")
    assert doses.sort("GROUP").select("COHORT", "GROUP", "N").rows() == [
        ("bispecific", str(k), 30) for k in (1, 2, 3)
    ]


def test_kinds_of_data_are_never_mixed_and_a_study_may_stay_out():
    one = pooled("A1", "car_t")
    made = compare_cohorts(
        [
            one,
            pooled("A2", "car_t", data_kind="simulated"),
            pooled("A3", "car_t", pool=False),
        ]
    )
    treated = made["cohort_results"].filter(VARIABLE="treated", PRIMARY="Y").sort("DATA_KIND")
    assert treated.select("DATA_KIND", "VALUE").rows() == [("simulated", 30), ("test", 30)]
    assert "A3" not in made["cohort_sets"]["STUDYID"].to_list()


def test_one_cohort_alone_says_that_the_other_is_missing():
    made = compare_cohorts([pooled("A1", "car_t")])["cohort_results"]
    missing = made.filter(COHORT="bispecific", PRIMARY="Y")
    assert set(missing["STATUS"]) == {"not_available"}
    assert missing["REASON"].str.contains("no pooled bispecific study").all()
    assert made.filter(RESULT="difference").is_empty()


def test_systems_are_never_pooled():
    hand = Hand("B1", "bispecific")
    for i in range(30):
        hand.subject(f"U{i:02}").episode(f"U{i:02}", 3, 5).grade(f"U{i:02}", 2, SYSTEM="LEE2014")
    lee = study("B1", cohort="bispecific", collected_scale="LEE2014", primary_system="LEE2014")
    made = compare_cohorts([pooled("A1", "car_t"), (lee, hand.tables())])["cohort_results"]
    assert made.filter(RESULT="difference").is_empty()
    named = made.filter(VARIABLE="treated").select("SYSTEM", "POPULATION").rows()
    assert ("LEE2014", "treated subjects; studies B1") in named
    assert not any("A1, B1" in population for _, population in named)


def test_recorded_grades_of_an_unnamed_scale_are_not_pooled():
    hand = Hand("A1").subject("U1").episode("U1", 3, 5)
    made = compare_cohorts([(study("A1", collected_scale="unknown"), hand.tables())])
    assert made["cohort_results"].filter(SYSTEM="ANY").is_empty()


def test_order_of_studies_changes_no_byte(both, made):
    again = compare_cohorts(both[::-1])
    for name, frame in made.items():
        assert_frame_equal(frame, again[name], check_exact=True)


def test_no_study_gives_no_row():
    made = compare_cohorts([])
    assert all(isinstance(f, pl.DataFrame) and f.is_empty() for f in made.values())
