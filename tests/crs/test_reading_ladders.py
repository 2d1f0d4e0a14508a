import polars as pl
import pytest

from pipeline.crs.reading_ladders import Ladders
from tests.crs.conftest import study
from tests.crs.many import tables_of

LADDERS = ("fever", "hypotension", "vasopressor", "oxygen", "death")


@pytest.fixture
def ladders():
    made = Ladders(tables_of("plain", "bp_confirm", "hfnc_rule", "death_rule"), study(), LADDERS)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("part", "change", "who"),
    [
        # A setting that takes a subject's only finding away is noticed as well.
        ("vitals", ("bp_confirm", "two_within"), ["bp_confirm"]),
        ("oxygen", ("hfnc_rule", "device"), ["hfnc_rule"]),
        ("events", ("death_rule", "any_during"), ["death_rule"]),
        ("vasopressor", ("pressor_count", "ever"), []),
        # fio2 is not among the ladders looked at.
        ("oxygen", ("fio2_from_flow", "device_only"), []),
    ],
)
def test_subjects_in_whom_a_setting_makes_a_difference(ladders, part, change, who):
    assert ladders.differing(part, (change,))["USUBJID"].to_list() == who


def test_findings_of_a_unit_are_those_of_its_setting(ladders):
    change = ("hfnc_rule", "device")
    ladders.differing("oxygen", (change,))
    own = dict.fromkeys(("VITALS", "VASOPRESSOR", "OXYGEN", "EVENTS"), "")
    units = pl.DataFrame([
        {"UNIT": "a", "USUBJID": "hfnc_rule", **own},
        {"UNIT": "b", "USUBJID": "hfnc_rule", **own, "OXYGEN": "hfnc_rule=device"},
    ])  # fmt: skip
    findings = ladders.of_units(units)
    oxygen = findings.filter(pl.col("LADDER") == "oxygen").sort("USUBJID")
    assert oxygen.select("USUBJID", "LEVEL").rows() == [("a", 1), ("b", 2)]
    fever = findings.filter(pl.col("LADDER") == "fever")
    assert fever["USUBJID"].sort().to_list() == ["a", "b"]


def test_the_own_reading_stands_after_others_were_derived(ladders):
    before = ladders.made["ladder_vitals"]
    ladders.differing("vitals", (("bp_confirm", "two_within"),))
    again = ladders.differing("oxygen", (("hfnc_rule", "device"),))
    assert again["USUBJID"].to_list() == ["hfnc_rule"]
    assert ladders.made["ladder_vitals"] is before
    assert set(ladders.everything().filter(LADDER="hypotension")["USUBJID"]) == {"bp_confirm"}
