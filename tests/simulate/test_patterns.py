import pytest

from pipeline.simulate.patterns import PATTERNS, Pattern

# low pressure, pressors, oxygen, organ -> ASTCT 2019, Lee 2014; typed from the two papers' tables
CASES = [
    (False, "none", "none", "none", 1, 1),  # fever alone
    (False, "none", "none", "enzymes 4", 1, 3),  # transaminases 4 are Lee 3, never ASTCT
    (False, "none", "none", "kidney 3", 1, 3),
    (False, "none", "none", "heart 4", 1, 4),  # organ 4 other than transaminases
    (True, "none", "none", "none", 2, 2),  # fluids
    (True, "bolus only", "none", "none", 2, 2),  # a bolus is no vasopressor need
    (True, "inotrope only", "none", "none", 2, 2),
    (False, "none", "cannula", "none", 2, 2),
    (False, "none", "cannula 5-6", "none", 2, 3),  # 5 L/min is FiO2 0.40
    (True, "norepinephrine", "none", "none", 3, 2),  # one low dose
    (True, "vasopressin alone", "none", "none", 3, 2),
    (True, "cross-over", "none", "none", 3, 2),  # never two at one time
    (True, "norepinephrine high", "none", "none", 3, 3),
    (True, "norepinephrine and vasopressin", "none", "none", 3, 3),  # vasopressin counts for Lee
    (True, "two pressors", "none", "none", 4, 3),
    (False, "none", "cannula high", "none", 3, 3),
    (False, "none", "venturi", "none", 3, 2),  # a mask with FiO2 below 0.40
    (False, "none", "high flow", "none", 3, 2),
    (False, "none", "non-invasive", "none", 4, 3),  # CPAP is ASTCT 4, Lee by FiO2
    (False, "none", "non-invasive low", "none", 4, 2),
    (False, "none", "ventilator", "none", 4, 4),
]


@pytest.mark.parametrize(("low", "pressors", "oxygen", "organ", "astct", "lee"), CASES)
def test_grades_of_a_form(low, pressors, oxygen, organ, astct, lee):
    form = Pattern(low, pressors, oxygen, organ, 1)
    assert (form.astct, form.lee) == (astct, lee)


def test_every_grade_from_1_to_4_has_forms_in_both_systems():
    assert {p.astct for p in PATTERNS} == {1, 2, 3, 4}
    assert {p.lee for p in PATTERNS} == {1, 2, 3, 4}
