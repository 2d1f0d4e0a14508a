"""What study.yaml may say of a covariate, and what a wrong rule is answered with."""

import pytest
from pydantic import ValidationError

from pipeline.schemas.covariate_rules import Rule, read_rule
from tests.crs.conftest import study


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("DM.RACE", Rule("DM", "RACE")),
        (" DM.AGE >= 65 ", Rule("DM", "AGE", cut=65.0)),
        ("DM.ecogbl", Rule("DM", "ECOGBL")),  # of the study's own, or from SUPPDM
        ("VS.weight", Rule("VS", "WEIGHT")),
        ("LB.CRP>=50.5", Rule("LB", "CRP", cut=50.5)),
        ("MH: Gout", Rule("MH", terms=("GOUT",))),
        ("CM : rituximab |  blood  thinner", Rule("CM", terms=("RITUXIMAB", "BLOOD THINNER"))),
    ],
)
def test_a_rule_taken_apart(text, rule):
    assert read_rule(text) == rule


def test_a_test_of_the_study_is_known():
    own = {"lab_tests": [{"LBTESTCD": "MYTEST", "TEST": "Mine", "UNIT": "stones"}]}
    rules = {"covariates": {"mine": "LB.MYTEST"}, "risk_factors": ["mine"]}
    assert study(codelists=own, **rules).covariates == rules["covariates"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"covariates": {"x": "AGE"}}, r"covariates\.x: 'AGE' is no rule; write DM\.VARIABLE"),
        ({"covariates": {"x": "DM.RFSTDTC"}}, r"covariates\.x: .* a date, a key or a name is no"),
        ({"covariates": {"x": "DM.USUBJID"}}, r"covariates\.x: .* a date, a key or a name is no"),
        ({"covariates": {"x": "LB.FERITIN"}}, r"covariates\.x: .* did you mean 'FERRITIN'\?"),
        ({"covariates": {"x": "LB.CRP >= high"}}, r"covariates\.x: .*'high' is not a number"),
        ({"covariates": {"x": "MH: a || b"}}, r"covariates\.x: .* has an empty term"),
        ({"covariates": {"hlh": "MH: a"}}, r"covariates\.hlh: this name is taken"),
        ({"risk_factors": ["x"]}, r"risk_factors: 'x' is not one of covariates"),
    ],
)
def test_a_wrong_rule_is_named(changes, message):
    with pytest.raises(ValidationError, match=message):
        study(**changes)
