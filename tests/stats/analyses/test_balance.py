import pytest

from pipeline.stats.analyses.balance import add_balance
from pipeline.stats.balance import effective_size
from pipeline.stats.propensity import WEIGHTINGS
from tests.stats.analyses.pairs import adjustment, rows_of_pair, treated
from tests.stats.analyses.rows import one

HANDS = (treated("A", "car_t", 60, older=16), treated("B", "bispecific", 50))


@pytest.fixture(scope="module")
def rows():
    return rows_of_pair(add_balance, *HANDS)


def test_means_by_cohort_and_their_difference_before_and_after(rows):
    where = {"VARIABLE": "AGE", "GROUP": "unweighted"}
    first = one(rows, **where, COHORT="car_t")
    ages = [r["VALUE"] for r in HANDS[0].rows["covariates"] if r["COVARIATE"] == "AGE"]
    assert (first["STAT"], first["N"], first["EVENTS"]) == ("mean", 60, None)
    assert first["VALUE"] == pytest.approx(sum(ages) / 60)
    assert first["POPULATION"].endswith("studies A")
    before = one(rows, **where, STAT="smd")
    assert (before["COHORT"], before["N"]) == ("car_t - bispecific", 110)
    assert before["VALUE"] > 0.8
    after = one(rows, VARIABLE="AGE", GROUP="ATO", STAT="smd")
    assert after["VALUE"] == pytest.approx(0, abs=1e-9)
    weighted = rows.filter(VARIABLE="AGE", GROUP="ATO", STAT="mean")["VALUE"]
    assert weighted[0] == pytest.approx(weighted[1])


def test_every_level_of_a_category_is_a_proportion_of_known_subjects(rows):
    women = one(rows, VARIABLE="SEX", LEVEL="F", GROUP="unweighted", COHORT="car_t")
    assert (women["STAT"], women["UNIT"], women["N"], women["EVENTS"]) == (
        "proportion", "fraction", 60, 30,
    )  # fmt: skip
    assert women["VALUE"] == pytest.approx(0.5)
    assert set(rows.filter(VARIABLE="SEX", STAT="smd")["LEVEL"]) == {"F", "M"}


def test_a_weighting_that_is_refused_still_shows_its_balance(rows):
    assert set(rows.filter(STAT="smd")["GROUP"]) == {"unweighted", *WEIGHTINGS}
    assert one(rows, VARIABLE="AGE", GROUP="ATT", STAT="smd")["VALUE"] > 0.1


def test_effective_sizes_and_largest_weights(rows):
    adj, _ = adjustment(HANDS)
    weight = adj.weights["ATO"][adj.arm == 1]
    where = {"VARIABLE": "WEIGHTS", "GROUP": "ATO", "COHORT": "car_t"}
    size = one(rows, **where, STAT="effective_sample_size")["VALUE"]
    assert size == pytest.approx(effective_size(weight))
    assert one(rows, **where, STAT="effective_share")["VALUE"] == pytest.approx(size / 60)
    assert one(rows, **where, STAT="largest_weight")["VALUE"] == pytest.approx(
        weight.max() / weight.sum()
    )
    assert one(rows, **where | {"GROUP": "unweighted"}, STAT="effective_share")["VALUE"] == 1


def test_propensities_by_bin_add_up_to_the_cohort(rows):
    bins = rows.filter(VARIABLE="PROPENSITY", COHORT="bispecific").sort("LEVEL")
    assert bins["LEVEL"].to_list()[:2] == ["0.00-0.05", "0.05-0.10"]
    assert bins.height == 20
    assert bins["VALUE"].sum() == 50
    assert (bins["EVENTS"] == bins["VALUE"]).all()


def test_no_setting_gives_one_row_that_says_why():
    rows = rows_of_pair(add_balance, *HANDS, A={})
    assert rows.select("STATUS", "REASON", "N").rows() == [
        (
            "not_available",
            "no adjusted comparison, because study.yaml of A gives no indication and no line",
            110,
        )
    ]


def test_too_few_subjects_still_show_how_unlike_they_are():
    rows = rows_of_pair(add_balance, treated("A", "car_t", 20), treated("B", "bispecific", 50))
    assert set(rows["GROUP"]) == {"unweighted"}
    assert rows.filter(VARIABLE="PROPENSITY").is_empty()
    assert one(rows, VARIABLE="AGE", STAT="smd")["STATUS"] == "ok"


def test_what_differs_entirely_has_no_standardised_difference():
    hands = [treated("A", "car_t"), treated("B", "bispecific")]
    # A category with such levels is left out before; of a number it is seen here.
    for hand, value in zip(hands, (1.0, 2.0), strict=True):
        for i in range(40):
            hand.covariate(f"{hand.name}-{i:03}", "PRIOR_LINES", value)
    rows = rows_of_pair(add_balance, *hands)
    smd = one(rows, VARIABLE="PRIOR_LINES", STAT="smd")
    assert smd["STATUS"] == "not_estimable"
    assert smd["REASON"].endswith("it is constant within both cohorts and differs")


def test_every_standardised_difference_says_that_the_cohorts_are_not_randomised():
    rows = rows_of_pair(add_balance, treated("A", "car_t"), treated("B", "bispecific"))
    assert rows.filter(STAT="smd")["METHOD"].str.starts_with("non-randomised comparison").all()
