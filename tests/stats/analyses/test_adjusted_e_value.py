import pytest

from pipeline.stats.analyses.adjusted import add_adjusted
from pipeline.stats.analyses.adjusted_e_value import add_e_values
from pipeline.stats.ard import NOBODY, Ard, Label, Row
from pipeline.stats.e_value import e_value, e_value_of_limits, tipping_point
from pipeline.stats.roster import Roster
from tests.stats.analyses.pairs import rows_of_pair, treated
from tests.stats.analyses.rows import one
from tests.stats.by_hand import Hand

LABEL = Label("ALL", "test", "car_t - bispecific", "ASTCT2019", "collected", "Y")


def e_values(**ratio):
    tables = Hand().subject("U1").tables()
    ard = Ard(Roster(tables["adsl"], tables["episodes"]))
    row = Row("adjusted", "TTCRS", "risk_ratio", "ratio", "m", "treated", NOBODY, **ratio)
    add_e_values(ard, LABEL, row)
    return ard.frames()[0]


def test_numbers_of_a_ratio():
    rows = e_values(VALUE=1.5, LOW=1.2, HIGH=1.9)
    assert one(rows, STAT="risk_ratio")["VALUE"] == 1.5
    assert one(rows, STAT="e_value")["VALUE"] == pytest.approx(e_value(1.5))
    assert one(rows, STAT="e_value_limit")["VALUE"] == pytest.approx(e_value(1.2))
    row = one(rows, STAT="tipping_ratio", LEVEL="prevalence 50% and 20%")
    assert row["VALUE"] == pytest.approx(tipping_point(1.5, 0.5, 0.2))
    assert rows["METHOD"].str.starts_with("non-randomised").sum() >= rows.height - 1
    assert row["LOW"] is None


def test_a_ratio_without_limits_has_no_e_value_of_its_limit():
    rows = e_values(VALUE=1.5, REASON="limits not estimable, because of something")
    assert one(rows, STAT="e_value")["STATUS"] == "ok"
    assert one(rows, STAT="e_value_limit")["REASON"] == (
        "not estimable, because the risk ratio has no limits"
    )


def test_a_large_ratio_is_beyond_such_a_confounder():
    row = one(e_values(VALUE=4.0, LOW=2.0, HIGH=8.0), LEVEL="prevalence 30% and 10%")
    assert row["REASON"] == (
        "not estimable, because no single yes-or-no confounder of these prevalences could explain "
        "it"
    )


def test_no_ratio_says_so_everywhere():
    rows = e_values()
    assert set(rows["STATUS"]) == {"not_estimable"}
    assert one(rows, STAT="e_value")["REASON"] == "not estimable, because there is no risk ratio"


def test_only_the_primary_weighting_has_them():
    rows = rows_of_pair(add_adjusted, treated("A", "car_t"), treated("B", "bispecific"))
    assert set(rows.filter(UNIT="ratio")["GROUP"]) == {"ATO"}
    ratio = one(rows, STAT="risk_ratio", TIME=14.0)
    assert one(rows, STAT="e_value_limit", TIME=14.0)["VALUE"] == pytest.approx(
        e_value_of_limits(ratio["LOW"], ratio["HIGH"])
    )
